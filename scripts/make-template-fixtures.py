"""Renders the templates in fixtures/transformer/templates as transformers does, and writes what comes out beside each.

cases.json and expressions.json have templates and the variables that all of them are given; a template that Jinja2 refuses gets
the name of its error. conversations.json has conversations, each of which is rendered by every .jinja file beside it. fixtures/transformer/tool-templates is the same for conversations with calls.

Run with transformers and jinja2 installed: python scripts/make-template-fixtures.py
"""
import json
import sys
from pathlib import Path

from transformers.utils.chat_template_utils import _compile_jinja_template, _normalize_chat_messages, render_jinja_template

folder = Path("fixtures/transformer/templates")


def outcome(render):
    try:
        return {"rendered": render()}
    except Exception as error:
        return {"refused": type(error).__name__}


def write(file, content):
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{file.name}: {len(content['cases'])} cases", file=sys.stderr)


for name in ("cases.json", "expressions.json"):
    file = folder / name
    content = json.loads(file.read_text(encoding="utf-8"))
    content["cases"] = [
        {
            "template": case["template"],
            **outcome(lambda: _compile_jinja_template(case["template"]).render(add_generation_prompt=False, **content["variables"])),
        }
        for case in content["cases"]
    ]
    write(file, content)

file = folder / "conversations.json"
content = json.loads(file.read_text(encoding="utf-8"))
content["cases"] = []
for template in sorted(folder.glob("*.jinja")):
    for name, conversation in content["conversations"].items():

        def render():
            rendered, _ = render_jinja_template(
                [_normalize_chat_messages(conversation["messages"])],
                tools=content["tools"] if conversation.get("tools") else None,
                chat_template=template.read_text(encoding="utf-8"),
                add_generation_prompt=conversation.get("addGenerationPrompt", False),
                **content["variables"],
                **conversation.get("variables", {}),
            )
            return rendered[0]

        content["cases"].append({"template": template.name, "conversation": name, **outcome(render)})
write(file, content)

# Conversations with calls, up to every turn of the model: what our own turns have to come to, tools offered.
folder = Path("fixtures/transformer/tool-templates")
file = folder / "turns.json"
content = json.loads(file.read_text(encoding="utf-8"))
content["cases"] = []


def in_text(message, opens, closes):
    """A turn as the model writes it, for templates that write no calls."""
    calls = [
        '%s\n{"name": "%s", "arguments": %s}\n%s'
        % (opens, call["function"]["name"], json.dumps(call["function"]["arguments"], ensure_ascii=False, separators=(",", ":")), closes)
        for call in message.get("tool_calls", [])
    ]
    said = [message["content"]] if message["content"] else []
    return {**message, "content": "\n".join(said + calls)}


for template in sorted(folder.glob("*.jinja")):
    for name, messages in content["conversations"].items():
        for count in [at for at, message in enumerate(messages) if message["role"] == "assistant"]:

            def render():
                given = messages[:count]
                if template.name == "told.jinja":
                    given = [in_text(each, "<tool_call>", "</tool_call>") for each in given]
                if template.name == "of-system.jinja":
                    tools = json.dumps(content["tools"], ensure_ascii=False, separators=(",", ":"))
                    given = [in_text(each, "<|tool_call|>", "<|/tool_call|>") for each in given]
                    given = [{"role": "system", "content": "", "tools": tools}, *given]
                rendered, _ = render_jinja_template(
                    [given],
                    tools=content["tools"],
                    chat_template=template.read_text(encoding="utf-8"),
                    add_generation_prompt=True,
                    xml_tools=content["tools"],
                    **content["variables"],
                )
                return rendered[0]

            content["cases"].append({"template": template.name, "conversation": name, "turns": count, **outcome(render)})
write(file, content)
