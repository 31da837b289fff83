"""Loads with transformers what save-checkpoint.ts saved and compares logits, and token ids and template where there is a
tokenizer. Exit code 1 where logits differ by more than 1e-4, or ids at all.

    node -C @swirl-ts/source packages/transformer/scripts/save-checkpoint.ts /tmp/saved
    /tmp/venv/bin/python packages/transformer/scripts/check-saved-checkpoint.py /tmp/saved
"""
import json
import sys
from pathlib import Path
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

worst = 0.0
for folder in sorted(p for p in Path(sys.argv[1]).iterdir() if p.is_dir()):
    ours = load_file(folder / "ours.safetensors")
    model, info = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    problems = {k: v for k, v in info.items() if v}
    with torch.no_grad():
        logits = model.eval()(ours["ids"].long()[None]).logits[0]
    error = ((logits - ours["logits"]).abs().max() / logits.abs().max()).item()
    if (folder / "ours.json").exists():
        text = json.loads((folder / "ours.json").read_text())
        tokenizer = AutoTokenizer.from_pretrained(folder)
        wrong = [c["text"] for c in text["cases"] if tokenizer.encode(c["text"], add_special_tokens=False) != c["ids"]]
        if wrong or tokenizer.apply_chat_template(text["conversation"], tokenize=False) != text["prompt"]:
            problems["tokenizer"] = wrong
    worst = max(worst, error, 1.0 if problems else 0.0)
    print(f"{folder.name}: relative error {error:.1e} {problems or ''}")
sys.exit(worst > 1e-4)
