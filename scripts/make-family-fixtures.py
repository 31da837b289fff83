"""Makes fixtures/transformer/families: tiny random checkpoints of every family with what PyTorch computes from them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.13.0 transformers accelerate
    /tmp/venv/bin/python scripts/make-family-fixtures.py

Each folder has a checkpoint in Hugging Face layout, config.4.json (its config in the form of transformers 4) and
expected.safetensors: input ids, logits, log-probabilities, weighted cross-entropy, its gradients, and 100 tokens
decoded greedily. Windows are short, so that they matter.
"""
import json, shutil, sys
from pathlib import Path
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from transformers import (Gemma2Config, Gemma2ForCausalLM, Gemma3ForCausalLM, Gemma3TextConfig, LlamaConfig, LlamaForCausalLM,
                          Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "transformer" / "families"
LENGTH, ROWS, PROMPT, GREEDY = 19, 2, 5, 100
SHAPE = dict(vocab_size=64, hidden_size=16, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
             intermediate_size=24, max_position_embeddings=128, rms_norm_eps=1e-5, bos_token_id=0, eos_token_id=1, pad_token_id=2,
             initializer_range=0.4, attn_implementation="eager")
LLAMA3 = dict(rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=128)


def old_form(config, **fields):
    """The same config as transformers 4 wrote it."""
    old = {k: v for k, v in config.items() if k not in ("rope_parameters", "dtype")}
    return {**old, "torch_dtype": "float32", **fields}


def randomise(model, seed):
    """Norms and biases away from where they begin, so that none goes unnoticed."""
    generator = torch.Generator().manual_seed(seed + 100)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn(parameter.shape, generator=generator) * (0.3 if "bias" in name else 0.15))
        if model.config.model_type.startswith("gemma"):
            # Otherwise the scaled and tied embedding drowns the layers, and every token repeats itself.
            model.model.embed_tokens.weight.mul_(0.1)
            model.model.norm.weight.add_(9)


def greedy(model, prompt):
    ids, margin = list(prompt), float("inf")
    with torch.no_grad():
        for _ in range(GREEDY):
            best = torch.topk(model(torch.tensor([ids])).logits[0, -1], 2)
            margin = min(margin, (best.values[0] - best.values[1]).item())
            ids.append(best.indices[0].item())
    return ids[len(prompt):], margin


def make(name, model_class, config, old, first_seed):
    folder = OUT / name
    for seed in range(first_seed, first_seed + 50):
        torch.manual_seed(seed)
        model = model_class(config).eval()
        randomise(model, seed)
        ids = torch.randint(3, config.vocab_size, (ROWS, LENGTH))
        tokens, margin = greedy(model, ids[0, :PROMPT].tolist())
        if margin > 2e-3 and len(set(tokens)) > 10:
            break
    else:
        raise SystemExit(f"{name}: no seed decodes without near-ties")
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    written = json.loads((folder / "config.json").read_text())
    (folder / "config.4.json").write_text(json.dumps(old_form(written, **old), indent=2, sort_keys=True) + "\n")
    model = model_class.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    weights = torch.randn(ROWS, LENGTH)
    weights[:, 0] = 0
    weights[torch.rand(ROWS, LENGTH) < 0.3] = 0
    logits = model(ids).logits
    logs = F.log_softmax(logits[:, :-1], -1).gather(2, ids[:, 1:, None])[..., 0]
    loss = -(weights[:, 1:] * logs).sum() / 7
    loss.backward()
    expected = {"ids": ids.float(), "weights": weights, "logits": logits.detach(), "loss": loss.detach()[None],
                "log_probabilities": logs.detach(), "greedy": torch.tensor(tokens).float()}
    for n, p in model.named_parameters():
        expected[f"gradient.{n}"] = p.grad.clone()
    save_file({k: v.contiguous() for k, v in expected.items()}, folder / "expected.safetensors")
    print(name, "seed", seed, "margin", round(margin, 4), "distinct", len(set(tokens)))


make("llama-biases", LlamaForCausalLM, LlamaConfig(**SHAPE, tie_word_embeddings=True, attention_bias=True, mlp_bias=True, rope_parameters=LLAMA3),
     dict(rope_theta=10000.0, rope_scaling={k: v for k, v in LLAMA3.items() if k != "rope_theta"}), 100)
make("llama-linear", LlamaForCausalLM, LlamaConfig(**SHAPE, tie_word_embeddings=False, rope_parameters=dict(rope_type="linear", rope_theta=20000.0, factor=4.0)),
     dict(rope_theta=20000.0, rope_scaling=dict(type="linear", factor=4.0)), 200)
make("qwen2", Qwen2ForCausalLM, Qwen2Config(**SHAPE, tie_word_embeddings=True, use_sliding_window=False, sliding_window=6, rope_parameters=dict(rope_type="default", rope_theta=1e6)),
     dict(rope_theta=1e6), 300)
make("qwen2-window", Qwen2ForCausalLM, Qwen2Config(**SHAPE, tie_word_embeddings=False, use_sliding_window=True, sliding_window=6, max_window_layers=1, rope_parameters=dict(rope_type="default", rope_theta=1e6)),
     dict(rope_theta=1e6), 400)
make("qwen3", Qwen3ForCausalLM, Qwen3Config(**SHAPE, tie_word_embeddings=True, rope_parameters=dict(rope_type="default", rope_theta=1e6)),
     dict(rope_theta=1e6), 500)
make("gemma2", Gemma2ForCausalLM, Gemma2Config(**SHAPE, query_pre_attn_scalar=5, sliding_window=5, attn_logit_softcapping=3.0, final_logit_softcapping=8.0,
     rope_parameters=dict(rope_type="default", rope_theta=10000.0)), dict(rope_theta=10000.0), 600)
make("gemma3", Gemma3ForCausalLM, Gemma3TextConfig(**{**SHAPE, "num_hidden_layers": 3}, query_pre_attn_scalar=8, sliding_window=5, final_logit_softcapping=12.0,
     sliding_window_pattern=3, rope_parameters=dict(full_attention=dict(rope_type="linear", rope_theta=1e6, factor=4.0), sliding_attention=dict(rope_type="default", rope_theta=1e4))),
     dict(rope_theta=1e6, rope_local_base_freq=1e4, rope_scaling=dict(rope_type="linear", factor=4.0)), 700)
print(sys.version, torch.__version__, sum(f.stat().st_size for f in OUT.rglob("*") if f.is_file()), "bytes")
