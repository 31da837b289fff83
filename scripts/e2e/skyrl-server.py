"""SkyRL's Tinker server on loopback, with two patches from outside and no edit of its sources.

    python skyrl-server.py <base model> <port> <folder> [<backend config as JSON>]

Below Python 3.12 pydantic asks for typing_extensions' TypedDict, and the engine is started by this interpreter in place of
`uv run`. Database and checkpoints lie in the folder, so a server that is started there again knows what it had saved.
"""

import json
import os
import sys
import typing

import typing_extensions

if sys.version_info < (3, 12):
    typing.TypedDict = typing_extensions.TypedDict

ENGINE = "SWIRL_SKYRL_ENGINE"

if os.environ.get(ENGINE):
    from skyrl.tinker.engine import main

    main()
    sys.exit()

import uvicorn  # noqa: E402
from skyrl.tinker import api  # noqa: E402
from skyrl.tinker.config import EngineConfig, config_to_argv  # noqa: E402

base_model, port, folder = sys.argv[1:4]
backend_config = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
api._build_uv_run_cmd_engine = lambda _parent, config: [sys.executable, __file__, *config_to_argv(config)]
api.app.state.engine_config = EngineConfig(
    base_model=base_model,
    backend="jax",
    backend_config=backend_config,
    checkpoints_base=f"{folder}/checkpoints",
    database_url=f"sqlite:///{folder}/tinker.db",
    session_timeout_sec=int(os.environ.get("SWIRL_SKYRL_SESSION_SECONDS", "300")),
    session_cleanup_interval_sec=5,
)
os.environ[ENGINE] = "1"
uvicorn.run(api.app, host="127.0.0.1", port=int(port), log_level="warning")
