"""Renders the templates of fixtures/transformer/templates/cases.json as transformers does, and writes what comes out beside each.

Run with transformers and jinja2 installed: python scripts/make-template-fixtures.py
"""
import json
import sys

from transformers.utils.chat_template_utils import _compile_jinja_template

file = "fixtures/transformer/templates/cases.json"
cases = json.load(open(file, encoding="utf-8"))
for case in cases["cases"]:
    rendered = _compile_jinja_template(case["template"]).render(add_generation_prompt=False, **cases["variables"])
    case["rendered"] = rendered
json.dump(cases, open(file, "w", encoding="utf-8"), ensure_ascii=False, indent=1)
print(f"{len(cases['cases'])} templates", file=sys.stderr)
