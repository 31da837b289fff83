"""One evaluation with Inspect and its in-process mock model: each sample calls a tool, reads its result and answers.

Arguments: how many samples, a folder for the log. Prints one JSON line: processor seconds of the evaluation, imports aside.
The mock's outputs say their usage, since counting tokens would download a tokenizer.
"""

import json
import resource
import sys

from inspect_ai import Task, eval
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput, ModelUsage, get_model
from inspect_ai.scorer import match
from inspect_ai.solver import generate, use_tools
from inspect_ai.tool import tool

count, folder = int(sys.argv[1]), sys.argv[2]
usage = ModelUsage(input_tokens=100, output_tokens=10, total_tokens=110)


@tool
def echo():
    async def execute(text: str) -> str:
        """Says it again.

        Args:
            text: What to say.
        """
        return text

    return execute


def outputs(messages, tools, tool_choice, config):
    if len(messages) == 1:
        output = ModelOutput.for_tool_call("mockllm/model", "echo", {"text": "a"})
    else:
        output = ModelOutput.from_content("mockllm/model", "a")
    output.usage = usage
    return output


def used():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


samples = [Sample(id=number, input=f"question {number}", target="a") for number in range(count)]
task = Task(dataset=MemoryDataset(samples), solver=[use_tools(echo()), generate()], scorer=match())
model = get_model("mockllm/model", custom_outputs=outputs)
before = used()
[log] = eval(task, model=model, log_dir=folder, display="none", max_connections=16, max_samples=16)
seconds = used() - before
if log.status != "success":
    sys.exit(log.error.message if log.error else log.status)
right = log.results.scores[0].metrics["accuracy"].value
assert right == 1 and log.results.completed_samples == count
steps = {len([message for message in sample.messages if message.role == "assistant"]) for sample in log.samples}
assert steps == {2}
print(json.dumps({"seconds": seconds, "samples": count}))
