"""Writes packages/formats/fixtures/imports/atif: trajectories that Harbor's own models (PyPI harbor) have made and checked.

    python -m venv venv && venv/bin/pip install --no-deps harbor pydantic pydantic-core typing-extensions annotated-types typing-inspection
    venv/bin/python scripts/make-atif-fixtures.py [folder]
"""

import json
import sys
from pathlib import Path

from harbor.models.trajectories import (
    Agent,
    ContentPart,
    FinalMetrics,
    ImageSource,
    Metrics,
    Observation,
    ObservationResult,
    Step,
    SubagentTrajectoryRef,
    ToolCall,
    Trajectory,
)

default = Path(__file__).resolve().parent.parent / "packages" / "formats" / "fixtures" / "imports" / "atif"
folder = Path(sys.argv[1] if len(sys.argv) > 1 else default)

calculator = {
    "type": "function",
    "function": {
        "name": "calculator",
        "description": "Evaluates an arithmetic expression.",
        "parameters": {
            "type": "object",
            "properties": {"expression": {"type": "string"}},
            "required": ["expression"],
        },
    },
}
agent = Agent(name="swe-lite", version="1.2.0", model_name="openai/mock", tool_definitions=[calculator])


def call(id: str, expression: str) -> ToolCall:
    return ToolCall(tool_call_id=id, function_name="calculator", arguments={"expression": expression})


def result(id: str | None, content: str, **more) -> ObservationResult:
    return ObservationResult(source_call_id=id, content=content, **more)


boxes = Trajectory(
    session_id="run-1",
    trajectory_id="boxes",
    agent=agent,
    steps=[
        Step(step_id=1, source="system", message="Use the calculator."),
        Step(step_id=2, source="user", message="A box holds 6 eggs. How many eggs do 4 boxes and 3 single eggs make?"),
        Step(
            step_id=3,
            source="agent",
            message="Two things at once.",
            reasoning_content="Multiply, then add.",
            tool_calls=[call("c1", "6 * 4"), call("c2", "4 - 1")],
            observation=Observation(results=[result("c1", "24"), result("c2", "3")]),
            metrics=Metrics(prompt_tokens=50, completion_tokens=9),
        ),
        Step(
            step_id=4,
            source="agent",
            message="",
            tool_calls=[call("c3", "24 + 3")],
            observation=Observation(results=[result("c3", "27")]),
            metrics=Metrics(prompt_tokens=80, completion_tokens=7),
        ),
        Step(step_id=5, source="agent", message="27", metrics=Metrics(prompt_tokens=95, completion_tokens=2)),
    ],
    final_metrics=FinalMetrics(
        total_prompt_tokens=225, total_completion_tokens=18, total_cost_usd=0.001, total_steps=5
    ),
)

helper = Trajectory(
    trajectory_id="helper",
    agent=Agent(name="helper", version="1.2.0", model_name="openai/mock-small"),
    steps=[
        Step(step_id=1, source="user", message="What is 90 * 3?"),
        Step(
            step_id=2,
            source="agent",
            message="",
            tool_calls=[call("h1", "90 * 3")],
            observation=Observation(results=[result("h1", "270")]),
        ),
        Step(step_id=3, source="agent", message="270"),
    ],
)
trains = Trajectory(
    session_id="run-2",
    trajectory_id="trains",
    agent=agent,
    steps=[
        Step(
            step_id=1,
            source="user",
            message=[
                ContentPart(type="text", text="A train needs 2 hours for 180 km. How many km does it go in 3 hours?"),
                ContentPart(type="image", source=ImageSource(media_type="image/png", path="train.png")),
            ],
        ),
        Step(
            step_id=2,
            source="agent",
            message="",
            tool_calls=[call("c1", "180 / 2")],
            observation=Observation(results=[result("c1", "90")]),
        ),
        Step(
            step_id=3,
            source="agent",
            message="I ask a helper.",
            observation=Observation(
                results=[result(None, "The helper says 270.", subagent_trajectory_ref=[SubagentTrajectoryRef(trajectory_id="helper")])]
            ),
        ),
        Step(step_id=4, source="agent", message="270"),
    ],
    subagent_trajectories=[helper],
)

folder.mkdir(parents=True, exist_ok=True)
(folder / "trajectory.json").write_text(json.dumps(boxes.to_json_dict(), indent=1) + "\n")
lines = [json.dumps(each.to_json_dict()) for each in (boxes, trains)]
(folder / "trajectories.jsonl").write_text("\n".join(lines) + "\n")
print(len(lines), "trajectories in", folder, file=sys.stderr)
