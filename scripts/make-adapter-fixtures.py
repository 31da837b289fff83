"""Makes fixtures/transformer/adapters: LoRA adapters as peft writes them, with what PyTorch computes through them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch transformers peft
    /tmp/venv/bin/python scripts/make-adapter-fixtures.py

The bases are the tiny checkpoints of make-transformer-fixtures.py. Each folder has adapter_config.json and
adapter_model.safetensors by peft, and expected.safetensors: ids, weights, logits, loss, the gradients of A and B, A and B
after one AdamW step, and the logits with the base in bf16.
"""
import shutil
from pathlib import Path
import torch
import torch.nn.functional as F
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "transformer"
ADAM = dict(lr=1e-2, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def base(name, dtype=torch.float32):
    return AutoModelForCausalLM.from_pretrained(OUT / name, dtype=dtype, attn_implementation="eager").eval()


def make(name, of, seed, **settings):
    folder = OUT / "adapters" / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(seed)
    model = get_peft_model(base(of), LoraConfig(task_type="CAUSAL_LM", **settings))
    for n, p in model.named_parameters():
        if "lora_B" in n:  # zero by default, which would leave A without a gradient
            p.data = torch.randn_like(p) * 0.2
    model.peft_config["default"].base_model_name_or_path = of
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    model.eval()
    vocabulary = model.config.vocab_size
    ids, weights = torch.randint(0, vocabulary, (3, 19)), torch.randn(3, 19)
    weights[:, 0] = 0
    logits = model(ids).logits
    picked = F.log_softmax(logits[:, :-1], -1).gather(2, ids[:, 1:, None])[..., 0]
    loss = -(weights[:, 1:] * picked).sum() / 7
    loss.backward()
    short = lambda n: n.replace("base_model.model.", "", 1).replace(".default", "")
    trained = [(short(n), p) for n, p in model.named_parameters() if p.requires_grad]
    expected = {"ids": ids.float(), "weights": weights, "logits": logits.detach(), "loss": loss.detach()[None]}
    expected |= {f"gradient.{n}": p.grad.clone() for n, p in trained}
    half = PeftModel.from_pretrained(base(of, torch.bfloat16), folder, autocast_adapter_dtype=True).eval()
    with torch.no_grad():
        expected["logits_bf16"] = half(ids).logits.float()
    torch.nn.utils.clip_grad_norm_([p for _, p in trained], 0.5)
    torch.optim.AdamW([p for _, p in trained], **ADAM).step()
    expected |= {f"adam.{n}": p.detach().clone() for n, p in trained}
    save_file({k: v.contiguous() for k, v in expected.items()}, folder / "expected.safetensors")


make("all-kinds", "tied-grouped", 1, r=4, lora_alpha=8, lora_dropout=0.0, target_modules=ALL)
make("two-kinds", "untied-full", 2, r=2, lora_alpha=3, lora_dropout=0.05, target_modules=["q_proj", "down_proj"])
make("rank-stabilised", "sharded-odd", 3, r=4, lora_alpha=8, target_modules=ALL, use_rslora=True, layers_to_transform=[1])
