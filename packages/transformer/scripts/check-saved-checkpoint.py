"""Loads with transformers what save-checkpoint.ts saved and compares logits. Exit code 1 where one differs by more than 1e-4.

    node -C @swirl-ts/source packages/transformer/scripts/save-checkpoint.ts /tmp/saved
    /tmp/venv/bin/python packages/transformer/scripts/check-saved-checkpoint.py /tmp/saved
"""
import sys
from pathlib import Path
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

worst = 0.0
for folder in sorted(p for p in Path(sys.argv[1]).iterdir() if p.is_dir()):
    ours = load_file(folder / "ours.safetensors")
    model, info = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    problems = {k: v for k, v in info.items() if v}
    with torch.no_grad():
        logits = model.eval()(ours["ids"].long()[None]).logits[0]
    error = ((logits - ours["logits"]).abs().max() / logits.abs().max()).item()
    worst = max(worst, error, 1.0 if problems else 0.0)
    print(f"{folder.name}: relative error {error:.1e} {problems or ''}")
sys.exit(worst > 1e-4)
