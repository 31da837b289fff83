"""What transformers computes where the config.json of a family's checkpoint says something else, says it twice, or leaves it out:
fixtures/transformer/config-variants.json, with the logits of the last of 19 ids, or null where it refuses the folder.

Run with torch and transformers installed, after make-family-fixtures.py: python scripts/make-config-fixtures.py
"""
import json
import os
import shutil
import tempfile
from pathlib import Path

os.environ["TRANSFORMERS_VERBOSITY"] = "critical"
import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "transformer"
LLAMA, LINEAR, QWEN2, QWEN3, GEMMA2, GEMMA3 = ALL = ["llama-biases", "llama-linear", "qwen2", "qwen3", "gemma2", "gemma3"]
FLAT = [LINEAR, QWEN2, GEMMA2]
GONE = "(left out)"
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
PLAIN = {"rope_type": "default", "rope_theta": 1e6}
TIMES4 = {"rope_type": "linear", "factor": 4.0}
V4 = {"rope_parameters": GONE}

variants = [
    (ALL, {}),
    *((ALL, {field: name}) for field in ("hidden_act", "hidden_activation") for name in ("gelu", "gelu_pytorch_tanh", "relu", "silu", None, GONE)),
    (ALL, {**V4, "rope_theta": 50000.0}),
    (ALL, {**V4, "rope_theta": 50000}),
    (ALL, V4),
    (ALL, {"rope_scaling": None}),
    (ALL, {**V4, "rope_theta": 500.0, "rope_scaling": {"type": "linear", "factor": 4.0}}),
    (ALL, {**V4, "rope_theta": 500.0, "rope_scaling": TIMES4}),
    (ALL, {**V4, "rope_theta": 500.0, "rope_scaling": {}}),
    (ALL, {**V4, "rope_theta": 500.0, "rope_scaling": {"rope_type": "default"}}),
    (FLAT, {"rope_parameters": PLAIN, "rope_theta": 500.0}),
    (FLAT, {"rope_parameters": PLAIN, "rope_scaling": TIMES4}),
    (FLAT, {"rope_parameters": PLAIN, "rope_theta": 300.0, "rope_scaling": TIMES4}),
    (FLAT, {**V4, "rope_theta": 300.0, "rope_scaling": {**TIMES4, "rope_theta": 77.0}}),
    (FLAT, {"rope_parameters": {**LLAMA3, "rope_theta": 1e4}}),
    (FLAT, {"rope_parameters": {**LLAMA3, "rope_theta": 1e4, "original_max_position_embeddings": 16}}),
    (FLAT, {"rope_parameters": {**LLAMA3, "rope_theta": 1e4}, "original_max_position_embeddings": 16}),
    (FLAT, {"rope_parameters": {**LLAMA3, "rope_theta": 1e4, "original_max_position_embeddings": 16}, "original_max_position_embeddings": 32}),
    *((FLAT, {"rope_parameters": {"rope_type": kind, "rope_theta": 1e4, "factor": 4.0}}) for kind in ("yarn", "dynamic", "unheard")),
    (ALL, {"partial_rotary_factor": 0.5}),
    ([GEMMA3], {"rope_parameters": {"full_attention": {**TIMES4, "rope_theta": 1e5}}}),
    ([GEMMA3], {"rope_parameters": {"full_attention": None, "sliding_attention": None}}),
    ([GEMMA3], {"rope_parameters": {**TIMES4, "rope_theta": 1e5}}),
    ([GEMMA3], {**V4, "rope_theta": 1e5, "rope_local_base_freq": 500.0}),
    ([GEMMA3], {"layer_types": GONE, "sliding_window_pattern": 2}),
    ([GEMMA3], {"layer_types": GONE, "_sliding_window_pattern": 2}),
    ([GEMMA2], {"layer_types": GONE, "sliding_window_pattern": 2}),
    (ALL, {"num_key_value_heads": GONE}),
    (ALL, {"head_dim": GONE}),
    (ALL, {"rms_norm_eps": GONE}),
    ([QWEN2, QWEN3], {"layer_types": GONE, "sliding_window": 4, "use_sliding_window": True, "max_window_layers": 1}),
    ([QWEN2, QWEN3], {"layer_types": GONE, "sliding_window": 4, "use_sliding_window": False, "max_window_layers": 0}),
    ([QWEN2, QWEN3], {"layer_types": GONE, "sliding_window": None, "use_sliding_window": True, "max_window_layers": 0}),
    ([QWEN2, QWEN3], {"layer_types": ["full_attention", "sliding_attention"], "sliding_window": 4}),
    ([QWEN2, QWEN3], {"layer_types": ["full_attention", "sliding_attention"], "sliding_window": 4, "use_sliding_window": True}),
    ([LINEAR], {"sliding_window": 4, "use_sliding_window": True}),
    ([LINEAR, QWEN2], {"layer_types": ["full_attention", "sliding_attention"], "sliding_window": 4}),
    (ALL, {"attention_multiplier": 0.5, "embedding_multiplier": 12.0, "residual_multiplier": 0.2, "logits_scaling": 8.0}),
    (ALL, {"attn_logit_softcapping": None, "final_logit_softcapping": None}),
    (ALL, {"attn_logit_softcapping": 2.0, "final_logit_softcapping": 3.0}),
    (ALL, {"query_pre_attn_scalar": 3}),
    ([LINEAR, QWEN2], {"mlp_bias": False, "attention_bias": False, "pretraining_tp": 2}),
    (ALL, {"use_bidirectional_attention": True}),
    (ALL, {"is_causal": False}),
    (ALL, {"dtype": "bfloat16"}),
    (ALL, {"dtype": GONE, "torch_dtype": "float16"}),
    (ALL, {"quantization_config": {"quant_method": "unheard"}}),
    ([LINEAR], {"per_layer_config": {"1": {"head_dim": 8}}}),
    (ALL, {"norm_type": "layernorm", "layer_norm_eps": 0.1, "clip_qkv": 1.0, "no_rope_layers": [0, 1], "qk_layernorm": True, "logit_scale": 0.5}),
    (ALL, {"architectures": ["UnheardForCausalLM"]}),
]  # fmt: skip


def computed(family, change):
    with tempfile.TemporaryDirectory() as folder:
        config = json.loads((FIXTURES / "families" / family / "config.json").read_text())
        for field, value in change.items():
            config.pop(field, None)
            if value != GONE:
                config[field] = value
        shutil.copy(FIXTURES / "families" / family / "model.safetensors", folder)
        Path(folder, "config.json").write_text(json.dumps(config))
        ids = load_file(FIXTURES / "families" / family / "expected.safetensors")["ids"][:1].long()
        try:
            model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
            with torch.no_grad():
                return [float(f"{value:.6g}") for value in model(ids).logits[0, -1].tolist()]
        except Exception:
            return None


cases = [{"family": family, "change": change, "logits": computed(family, change)} for families, change in variants for family in families]
with open(FIXTURES / "config-variants.json", "w", encoding="utf-8") as file:
    file.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
print(len(cases), "variants,", sum(case["logits"] is None for case in cases), "refused")
