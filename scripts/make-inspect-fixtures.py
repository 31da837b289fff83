"""Writes packages/formats/fixtures/imports/inspect: logs of the real Inspect (PyPI inspect-ai), with its mock model and real tools.

    python -m venv venv && venv/bin/pip install inspect-ai
    venv/bin/python scripts/make-inspect-fixtures.py [folder]

Two models answer the same questions, so that their logs can be compared. Among the samples are parallel calls, a tool that fails,
a thought, an image, a message limit, an error, an agent that submits, several epochs and scorers. Ids and times are Inspect's own,
so a log that is made again is another one; nothing in the tests depends on them.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from inspect_ai import Task, eval, task
from inspect_ai.agent import react
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.log import read_eval_log, write_eval_log
from inspect_ai.model import (
    ChatMessageAssistant,
    ChatMessageUser,
    ContentImage,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    ModelOutput,
    ModelUsage,
    get_model,
)
from inspect_ai.model._model_output import ChatCompletionChoice
from inspect_ai.scorer import Score, accuracy, includes, match, scorer, Target, mean
from inspect_ai.solver import TaskState, generate, system_message, use_tools
from inspect_ai.tool import ToolCall, ToolError, tool

default = Path(__file__).resolve().parent.parent / "packages" / "formats" / "fixtures" / "imports" / "inspect"
folder = Path(os.environ.get("FIXTURES_FOLDER") or (sys.argv[1] if len(sys.argv) > 1 else default)).resolve()

# 1 x 1, white.
image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="


@tool
def calculator():
    async def execute(expression: str):
        """Evaluates an arithmetic expression.

        Args:
            expression: e.g. (2 + 3) * 4
        """
        if not set(expression) <= set("0123456789+-*/(). "):
            raise ToolError(f"cannot read {expression}")
        return str(eval_arithmetic(expression))

    return execute


def eval_arithmetic(expression: str) -> float:
    import ast
    import operator

    operators = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

    def value(node):
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.BinOp):
            return operators[type(node.op)](value(node.left), value(node.right))
        raise ToolError("cannot read it")

    return value(ast.parse(expression, mode="eval").body)


questions = {
    "apples": ("Mira has 12 apples and buys 5 more. How many apples has she?", "17"),
    "boxes": ("A box holds 6 eggs. How many eggs do 4 boxes and 3 single eggs make?", "27"),
    "trains": ("A train needs 2 hours for 180 km. How many km does it go in 3 hours?", "270"),
    "coins": ("Tom has 40 coins and gives away 15. How many are left?", "25"),
}
# A model: question -> its turns; a turn is (text, calls, thought).
right = {
    "apples": [("", ["12 + 5"], "Add them."), ("17", [], None)],
    "boxes": [("Two things at once.", ["6 * 4", "4 - 1"], None), ("", ["24 + 3"], None), ("27", [], None)],
    "trains": [("", ["180 / 2"], None), ("", ["90 * 3"], None), ("270", [], None)],
    "coins": [("", ["forty - 15"], None), ("", ["40 - 15"], None), ("25", [], None)],
}
wrong = {
    "apples": [("17", [], None)],
    "boxes": [("", ["6 * 4"], None), ("24", [], None)],
    "trains": [("", ["180 / 2"], None), ("", ["90 * 3"], None), ("270", [], None)],
    "coins": [("", ["40 + 15"], None), ("55", [], None)],
}


def turns_of(messages) -> int:
    return sum(1 for message in messages if message.role == "assistant")


def turn(name: str, place: int, text: str, expressions: list[str], thought: str | None, function="calculator"):
    calls = [
        ToolCall(id=f"call_{place}_{number}", function=function, arguments={"expression": expression})
        for number, expression in enumerate(expressions)
    ]
    content = text if thought is None else [ContentReasoning(reasoning=thought), ContentText(text=text)]
    message = ChatMessageAssistant(content=content, tool_calls=calls or None, model=name, source="generate")
    choice = ChatCompletionChoice(message=message, stop_reason="tool_calls" if calls else "stop")
    usage = ModelUsage(input_tokens=50 + 20 * place, output_tokens=8, total_tokens=58 + 20 * place)
    return ModelOutput(model=name, choices=[choice], usage=usage)


def mock(name: str, plan: dict):
    def answer(messages, tools, tool_choice, config):
        asked = next(message.text for message in messages if message.role == "user")
        key = next(key for key, (question, _) in questions.items() if question in asked)
        place = turns_of(messages)
        return turn(name, place, *plan[key][min(place, len(plan[key]) - 1)])

    return get_model(f"mockllm/{name}", custom_outputs=answer, memoize=False)


@scorer(metrics={"*": [mean()]})
def work():
    async def score(state: TaskState, target: Target):
        calls = sum(len(message.tool_calls or []) for message in state.messages if message.role == "assistant")
        return Score(value={"calls": calls, "short": len(state.output.completion) < 5})

    return score


samples = [Sample(id=key, input=question, target=target) for key, (question, target) in questions.items()]


@task
def arithmetic():
    return Task(
        dataset=MemoryDataset(samples, name="arithmetic"),
        solver=[system_message("Use the calculator."), use_tools(calculator()), generate()],
        scorer=[match(numeric=True), includes(), work()],
        epochs=2,
        config=GenerateConfig(temperature=0.5, max_tokens=200),
    )


@task
def trouble():
    """A limit, an error, an image, a question of several turns."""
    picture = [
        ChatMessageUser(content=[ContentText(text=questions["apples"][0]), ContentImage(image=image)]),
    ]
    talk = [
        ChatMessageUser(content=questions["coins"][0]),
        ChatMessageAssistant(content="25"),
        ChatMessageUser(content=questions["trains"][0]),
    ]
    return Task(
        dataset=MemoryDataset(
            [
                Sample(id="picture", input=picture, target="17"),
                Sample(id="talk", input=talk, target="270"),
                Sample(id="limit", input=questions["trains"][0], target="270"),
                Sample(id="broken", input=questions["boxes"][0], target="27"),
            ],
            name="trouble",
        ),
        solver=[use_tools(calculator()), generate()],
        scorer=match(numeric=True),
        message_limit=4,
    )


def troubled(name: str):
    def answer(messages, tools, tool_choice, config):
        asked = next(message.text for message in reversed(messages) if message.role == "user")
        if questions["boxes"][0] in asked:
            raise RuntimeError("the model's server went away")
        plan = {**right, "trains": [("", ["180 / 2"], None), ("", ["90 * 3"], None), ("270", [], None)]}
        if len([message for message in messages if message.role == "user"]) > 1:
            return turn(name, 0, "270", [], None)
        key = next(key for key, (question, _) in questions.items() if question in asked)
        place = turns_of(messages)
        return turn(name, place, *plan[key][min(place, len(plan[key]) - 1)])

    return get_model(f"mockllm/{name}", custom_outputs=answer, memoize=False)


@task
def agent():
    return Task(
        dataset=MemoryDataset(samples[:2], name="agent"),
        solver=react(prompt="You are a calculator.", tools=[calculator()]),
        scorer=includes(),
    )


def submitting(name: str):
    def answer(messages, tools, tool_choice, config):
        asked = next(message.text for message in messages if message.role == "user")
        key = next(key for key, (question, _) in questions.items() if question in asked)
        place = turns_of(messages)
        if place == 0:
            return turn(name, place, "", [right[key][0][1][0]], None)
        if place == 1:
            return turn(name, place, "I think that is all.", [], None)
        target = questions[key][1]
        output = turn(name, place, "Done.", [], None)
        output.choices[0].message.tool_calls = [ToolCall(id="call_submit", function="submit", arguments={"answer": target})]
        output.choices[0].stop_reason = "tool_calls"
        return output

    return get_model(f"mockllm/{name}", custom_outputs=answer, memoize=False)


def made(target: str, *, log_format="eval", **options) -> None:
    with tempfile.TemporaryDirectory() as place:
        [log] = eval(log_dir=place, log_format=log_format, display="none", **options)
        print(target, log.status, len(log.samples or []))
        where = log.location.removeprefix("file://")
        if any(sample.error for sample in log.samples):
            # What Python says of an error names folders of this machine.
            log = read_eval_log(where)
            for sample in log.samples:
                for error in [sample.error, *[event for event in sample.events if event.event == "model"]]:
                    if getattr(error, "traceback", None):
                        error.traceback = error.traceback_ansi = ""
                sample.events = [event for event in sample.events if event.event != "error"]
            write_eval_log(log, where)
        shutil.copyfile(where, folder / target)


def main() -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if "FIXTURES_FOLDER" not in os.environ:
        # Logs say where the task's file lies and which revision that is: a copy in a folder of its own says neither.
        with tempfile.TemporaryDirectory() as place:
            copy = shutil.copy(__file__, place)
            subprocess.run(
                [sys.executable, Path(copy).name],
                cwd=place,
                env={**os.environ, "FIXTURES_FOLDER": str(folder), "INSPECT_LOG_LEVEL": "error"},
                check=True,
            )
        return
    made("arithmetic-right.eval", tasks=arithmetic(), model=mock("right", right))
    made("arithmetic-wrong.eval", tasks=arithmetic(), model=mock("wrong", wrong))
    made("arithmetic-part.json", tasks=arithmetic(), model=mock("right", right), log_format="json", limit=2, epochs=1)
    made("trouble.eval", tasks=trouble(), model=troubled("right"), fail_on_error=False)
    made("agent.eval", tasks=agent(), model=submitting("right"))


if __name__ == "__main__":
    main()
