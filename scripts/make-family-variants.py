"""Adds to fixtures/transformer/families what else PyTorch computes from the checkpoints of make-family-fixtures.py.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch transformers accelerate
    /tmp/venv/bin/python scripts/make-family-variants.py

expected-bf16.safetensors: the logits in bf16. And fixtures/transformer/gemma3-with-images: a tiny Gemma 3 that sees images,
too, as transformers saves one, with the logits of a text.
"""
import shutil
from pathlib import Path
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, Gemma3Config, Gemma3ForConditionalGeneration

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "transformer"
families = sorted(folder for folder in (OUT / "families").iterdir() if folder.is_dir())
for folder in families:
    ids = load_file(folder / "expected.safetensors")["ids"].long()
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="eager").eval()
    with torch.no_grad():
        save_file({"logits": model(ids).logits.float().contiguous()}, folder / "expected-bf16.safetensors")

torch.manual_seed(7)
folder = OUT / "gemma3-with-images"
text = dict(vocab_size=64, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
            intermediate_size=24, max_position_embeddings=128, sliding_window=6, initializer_range=0.4,
            layer_types=["sliding_attention", "full_attention"], query_pre_attn_scalar=8)
vision = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=2, image_size=8, patch_size=4)
config = Gemma3Config(text_config=text, vision_config=vision, mm_tokens_per_image=4, image_token_index=63, boi_token_index=61,
                      eoi_token_index=62, eos_token_id=[1, 5])
model = Gemma3ForConditionalGeneration(config).eval()
shutil.rmtree(folder, ignore_errors=True)
model.save_pretrained(folder)
(folder / "generation_config.json").unlink(missing_ok=True)
ids = torch.randint(6, 60, (1, 19), generator=torch.Generator().manual_seed(3))
with torch.no_grad():
    logits = model(input_ids=ids, token_type_ids=torch.zeros_like(ids)).logits
save_file({"ids": ids.float(), "logits": logits.float().contiguous()}, folder / "expected.safetensors")
