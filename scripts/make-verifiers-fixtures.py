"""Writes packages/formats/fixtures/imports/verifiers/traces.jsonl: traces of the real verifiers (PyPI verifiers) by its own vf-eval.

    python -m venv venv && venv/bin/pip install verifiers uv
    venv/bin/python scripts/make-verifiers-fixtures.py [folder]

The taskset has a tool and rewards; the model is a server on loopback that says the same turns whenever it is asked. Ids and times are
verifiers' own, so traces that are made again are others; nothing in the tests depends on them.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

default = Path(__file__).resolve().parent.parent / "packages" / "formats" / "fixtures" / "imports" / "verifiers"
folder = Path(sys.argv[1] if len(sys.argv) > 1 else default).resolve()

TASKSET = '''
import verifiers.v1 as vf

QUESTIONS = [
    ("Mira has 12 apples and buys 5 more. How many apples has she?", "17"),
    ("A box holds 6 eggs. How many eggs do 4 boxes and 3 single eggs make?", "27"),
    ("Tom has 40 coins and gives away 15. How many are left?", "25"),
]


class SumsData(vf.TaskData):
    answer: str = ""


class SumsToolset(vf.Toolset[vf.ToolsetConfig]):
    @vf.tool
    def calculator(self, expression: str) -> str:
        """Evaluates an arithmetic expression."""
        if not set(expression) <= set("0123456789+-*/(). "):
            return f"error: cannot read {expression}"
        return str(eval(expression))


class SumsTaskConfig(vf.TaskConfig):
    tools: vf.ToolsetConfig = vf.ToolsetConfig()


class SumsTask(vf.Task[SumsData, vf.State, SumsTaskConfig]):
    @classmethod
    def toolsets(cls, config: SumsTaskConfig) -> list[vf.Toolset]:
        return [SumsToolset(config.tools)]

    @vf.reward(weight=1.0)
    async def right(self, trace: vf.Trace) -> float:
        return float(trace.last_reply == self.data.answer)

    @vf.reward(weight=0.1)
    async def brief(self, trace: vf.Trace) -> float:
        return float(len(trace.last_reply) < 5)

    @vf.metric
    async def turns(self, trace: vf.Trace) -> float:
        return float(trace.num_turns)


class SumsConfig(vf.TasksetConfig):
    task: SumsTaskConfig = SumsTaskConfig()


class SumsTaskset(vf.Taskset[SumsTask, SumsConfig]):
    def load(self) -> list[SumsTask]:
        return [
            SumsTask(SumsData(idx=index, prompt=question, answer=answer), self.config.task)
            for index, (question, answer) in enumerate(QUESTIONS)
        ]


if __name__ == "__main__":
    SumsToolset.run()
'''

# Question -> its turns: text and the expressions that are calculated. The last one is wrong.
PLANS = {
    "apples": [("", ["12 + 5"]), ("17", [])],
    "eggs": [("Two things at once.", ["6 * 4", "4 - 1"]), ("", ["24 + 3"]), ("27", [])],
    "coins": [("", ["forty - 15"]), ("", ["40 + 15"]), ("55", [])],
}


class Model(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.reply({"object": "list", "data": [{"id": "mock", "object": "model"}]})

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        messages = request["messages"]
        asked = json.dumps(messages)
        plan = next(plan for word, plan in PLANS.items() if word in asked)
        place = sum(1 for message in messages if message["role"] == "assistant")
        text, expressions = plan[min(place, len(plan) - 1)]
        tool = request["tools"][0]["function"]["name"] if request.get("tools") else "calculator"
        calls = [
            {
                "id": f"call_{place}_{number}",
                "type": "function",
                "function": {"name": tool, "arguments": json.dumps({"expression": expression})},
            }
            for number, expression in enumerate(expressions)
        ]
        message = {"role": "assistant", "content": text or None, **({"tool_calls": calls} if calls else {})}
        if place == 0:
            message["reasoning_content"] = "Think first."
        usage = {"prompt_tokens": 40 + 20 * place, "completion_tokens": 6, "total_tokens": 46 + 20 * place}
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
        if request.get("stream"):
            delta = {**message, "tool_calls": [{"index": index, **call} for index, call in enumerate(calls)]}
            parts = [
                {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]},
                {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}], "usage": usage},
            ]
            common = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "mock"}
            body = "".join(f"data: {json.dumps({**common, **part})}\n\n" for part in parts) + "data: [DONE]\n\n"
            return self.reply(body.encode(), "text/event-stream")
        self.reply({"id": "c", "object": "chat.completion", "created": 0, "model": "mock", "choices": [choice], "usage": usage})

    def reply(self, body, kind="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as place:
        package = Path(place) / "sums"
        package.mkdir()
        (package / "taskset.py").write_text(TASKSET)
        (package / "__init__.py").write_text("from sums.taskset import SumsTaskset\n\n__all__ = ['SumsTaskset']\n")
        scripts = Path(sys.executable).parent
        environment = {
            **os.environ,
            "PATH": f"{scripts}:{os.environ['PATH']}",
            "PYTHONPATH": place,
            "NO_KEY": "none",
        }
        command = [
            str(scripts / "vf-eval"),
            *["sums", "--model", "mock", "--num-rollouts", "2", "--no-push", "--no-rich", "--sampling.temperature", "0.7"],
            *["--client.base-url", f"http://127.0.0.1:{server.server_port}/v1", "--client.api-key-var", "NO_KEY"],
            *["--env.agent.harness.id", "null", "--env.agent.runtime.type", "subprocess", "--output-dir", str(Path(place) / "out")],
        ]
        done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
        found = list(Path(place).glob("out/*/traces.jsonl"))
        if done.returncode != 0 or not found:
            sys.exit(f"vf-eval failed: {done.stdout[-4000:]}{done.stderr[-4000:]}")
        # Paths of this machine are no part of a fixture.
        text = found[0].read_text().replace(place, "/work").replace(str(Path.home()), "/home/user")
        text = text.replace(f"127.0.0.1:{server.server_port}", "127.0.0.1:80")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "traces.jsonl").write_text(text)
        print(len(text.splitlines()), "episodes in", folder, file=sys.stderr)


if __name__ == "__main__":
    main()
