"""SkyRL's Tinker server on loopback, with two patches from outside and no edit of its sources.

    python skyrl_server.py <base model> <port> <folder> [<backend config as JSON>]

Below Python 3.12 pydantic asks for typing_extensions' TypedDict, and the engine is started by this interpreter in place of
`uv run`. Database and checkpoints lie in the folder, so a server that is started there again knows what it had saved.
"""

import json
import os
import sys
import typing


def refuse(message):
    sys.exit(f"skyrl_server.py: {message}")


if sys.version_info < (3, 11):
    refuse(f"SkyRL needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

try:
    import typing_extensions
    import uvicorn  # noqa: F401

    if sys.version_info < (3, 12):
        typing.TypedDict = typing_extensions.TypedDict
    import skyrl  # noqa: F401
except ModuleNotFoundError as error:
    refuse(f"{sys.executable} has no {error.name}: {sys.executable} -m pip install 'skyrl[tinker,jax]==0.3.0' 'torch==2.13.0'")

ENGINE = "SWIRL_SKYRL_ENGINE"

if os.environ.get(ENGINE):
    from skyrl.tinker.engine import main

    main()
    sys.exit()

from skyrl.tinker import api  # noqa: E402
from skyrl.tinker.config import EngineConfig, config_to_argv  # noqa: E402

if len(sys.argv) not in (4, 5):
    refuse("say the base model, a port, a folder and, as JSON, what the backend is told: tiny 8000 skyrl-data '{\"max_lora_adapters\": 3}'")
base_model, port, folder = sys.argv[1:4]
try:
    backend_config = json.loads(sys.argv[4]) if len(sys.argv) > 4 else {}
except ValueError as error:
    refuse(f"what the backend is told is no JSON: {error}: {sys.argv[4]}")
if not port.isdigit():
    refuse(f"{port} is no port.")
if base_model.startswith((".", "/", "~")) and not os.path.isfile(os.path.join(base_model, "config.json")):
    refuse(f"{base_model} is no model folder: it has no config.json.")
# Orbax saves under absolute paths alone.
folder = os.path.abspath(folder)
os.makedirs(folder, exist_ok=True)
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
