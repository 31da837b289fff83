"""Makes fixtures/transformer/gguf by the Python package gguf (0.19.0), which defines what a GGUF file means.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install gguf==0.19.0 numpy safetensors tokenizers
    /tmp/venv/bin/python scripts/make-gguf-fixtures.py

blocks.gguf: for every tensor type T the tensors T (quantised, then random blocks) and T.values (what gguf dequantises).
<checkpoint>.gguf: the checkpoints of fixtures/transformer as llama.cpp's converter writes them, all of F32.
<family>.gguf: the same for those of fixtures/transformer/families (make-family-fixtures.py).
tokenizer-<kind>.gguf and .cases.json: small tokenizers as the converter writes them, with what the Rust library makes of texts
(of kind gemma and llama another one each time: the library trains them in no fixed order).
chat.gguf: a whole small model, with the tokenizer smollm.
<checkpoint>.<type>.gguf and .safetensors: the same quantised, and what gguf dequantises of it, under Hugging Face names.
"""
import json
import random as of_texts
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter, RopeScalingType, quants

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "transformer" / "gguf"
random = np.random.default_rng(7)
# Where the halves of a block lie: its scale and, where it has one, its minimum. What gguf cannot quantise is random alone.
HALVES = {
    Type.F16: [], Type.BF16: [], Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0],
    Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208],
}  # fmt: skip
NOT_QUANTISED = {Type.Q4_K, Type.Q5_K, Type.Q6_K}


def random_rows(kind, rows, length):
    size, bytes_of = quants.GGML_QUANT_SIZES[kind]
    blocks = random.integers(0, 256, (rows * length // size, bytes_of), dtype=np.uint8)
    for at in HALVES[kind]:
        # Any finite half: of every size, subnormal too, of either sign.
        bits = random.integers(0, 1 << 16, len(blocks), dtype=np.uint16)
        bits[(bits >> 10) & 31 == 31] ^= 1 << 14
        blocks[:, at : at + 2] = bits[:, None].view(np.uint8).reshape(-1, 2)
    return blocks.reshape(rows, -1)


def blocks():
    writer = GGUFWriter(OUT / "blocks.gguf", "none")
    plain = random.standard_normal((4, 256), dtype=np.float32)
    writer.add_tensor("F32", plain)
    writer.add_tensor("F32.values", plain)
    for kind in HALVES:
        rows = [] if kind in NOT_QUANTISED else [quants.quantize(plain[:2], kind).view(np.uint8).reshape(2, -1)]
        if kind == Type.F16:
            halves = (np.arange(512) * 61).astype(np.uint16)
            halves[(halves >> 10) & 31 == 31] ^= 1 << 14
            rows.append(halves.view(np.uint8).reshape(2, -1))
        elif kind == Type.BF16:
            rows.append(random_rows(kind, 2, 256).view(np.uint16).__and__(0xBFFF).view(np.uint8).reshape(2, -1))
        else:
            rows.append(random_rows(kind, 2, 256))
        data = np.concatenate(rows)
        values = quants.dequantize(data, kind)
        assert np.isfinite(values).all(), kind
        writer.add_tensor(kind.name, data.view(np.float16) if kind == Type.F16 else data, raw_dtype=kind)
        writer.add_tensor(f"{kind.name}.values", values.astype(np.float32))
    finish(writer)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def to_gguf_name(name, architecture):
    parts = {
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
        "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
        "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
    }  # fmt: skip
    if architecture.startswith("gemma"):
        parts |= {
            "post_attention_layernorm": "post_attention_norm", "pre_feedforward_layernorm": "ffn_norm",
            "post_feedforward_layernorm": "post_ffw_norm",
        }  # fmt: skip
    outside = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    stem, kind = name.rsplit(".", 1)
    if stem in outside:
        return f"{outside[stem]}.{kind}"
    _, _, layer, part = stem.split(".", 3)
    return f"blk.{layer}.{parts[part]}.{kind}"


def permuted(weight, heads):
    """As llama.cpp's converter interleaves the halves of each head."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(weight.shape)


def rope_factors(config, rope):
    """What llama.cpp's converter divides frequencies by, as transformers computes it for Llama 3."""
    pairs = np.arange(0, config["head_dim"], 2) / config["head_dim"]
    wavelengths = 2 * np.pi * rope["rope_theta"] ** pairs
    original, low, high = (rope[f"{key}"] for key in ("original_max_position_embeddings", "low_freq_factor", "high_freq_factor"))
    smooth = (original / wavelengths - low) / (high - low)
    between = 1 / ((1 - smooth) / rope["factor"] + smooth)
    return np.where(wavelengths < original / high, 1, np.where(wavelengths > original / low, rope["factor"], between)).astype(np.float32)


def add_family(writer, config, rope):
    """What the families add to the metadata."""
    writer.add_key_length(config["head_dim"])
    if config.get("sliding_window"):
        writer.add_sliding_window(config["sliding_window"])
        writer.add_sliding_window_pattern([kind == "sliding_attention" for kind in config["layer_types"]])
    for key, add in (("attn_logit_softcapping", writer.add_attn_logit_softcapping), ("final_logit_softcapping", writer.add_final_logit_softcapping)):
        if config.get(key):
            add(config[key])
    if rope["rope_type"] == "linear":
        writer.add_rope_scaling_type(RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(rope["factor"])
    if rope["rope_type"] == "llama3":
        writer.add_tensor("rope_freqs.weight", rope_factors(config, rope))


def checkpoint(name, kind=Type.F32):
    folder = OUT.parent / name
    name = folder.name
    config = json.loads((folder / "config.json").read_text())
    weights = {}
    for file in sorted(folder.glob("model*.safetensors")):
        weights |= load_file(file)
    stem = name if kind == Type.F32 else f"{name}.{kind.name}"
    architecture = config["model_type"].removesuffix("_text")
    writer = GGUFWriter(OUT / f"{stem}.gguf", architecture)
    rope = config["rope_parameters"]
    rope = rope.get("full_attention", rope)
    heads, shared = config["num_attention_heads"], config["num_key_value_heads"]
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(shared)
    writer.add_rope_freq_base(rope["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    writer.add_rope_dimension_count(config["head_dim"])
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    if folder.parent.name == "families":
        add_family(writer, config, rope)
    dequantised = {}
    for key, weight in weights.items():
        own = architecture == "llama" and ("q_proj" in key and heads or "k_proj" in key and shared)
        stored = permuted(weight, own) if own else weight
        if architecture.startswith("gemma") and key.endswith("norm.weight"):
            stored = stored + np.float32(1)
        if kind == Type.F32 or stored.ndim == 1 or stored.shape[-1] % 32:
            writer.add_tensor(to_gguf_name(key, architecture), stored)
            dequantised[key] = weight
        else:
            blocks = quants.quantize(stored, kind)
            writer.add_tensor(to_gguf_name(key, architecture), blocks, raw_dtype=kind)
            # Rows are quantised one by one, so that the order of rows does not matter.
            dequantised[key] = quants.dequantize(quants.quantize(weight, kind), kind)
    if kind != Type.F32:
        save_file(dequantised, OUT / f"{stem}.safetensors")
    finish(writer)


WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|DIGITS| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
whole_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)


def by_words(digits):
    return pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(WORDS.replace("DIGITS", digits)), "isolated"), whole_bytes])


PRE_TOKENIZERS = {
    "gpt-2": byte_level,
    "smollm": pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), byte_level]),
    "qwen2": by_words(r"\p{N}"),
    "llama-bpe": by_words(r"\p{N}{1,3}"),
}  # fmt: skip
CONTROL, USER_DEFINED, UNUSED, BYTE, UNKNOWN, NORMAL = 3, 4, 5, 6, 2, 1


def texts():
    cases = json.loads((OUT.parent / "tokenizers" / "byte-level.cases.json").read_text())
    found = [case["text"] for case in cases]
    of_texts.seed(11)
    pieces = ["<|im_start|>", "<|im_end|>", "<tool>", " ", "   ", "\n\n", "1234567", "é", "e\u0301", "😀", "the", " Hello", "▁"]
    return found + ["".join(of_texts.choice(pieces + found) for _ in range(4)) for _ in range(30)]


def small_model(writer, vocabulary_size):
    """Random weights of one layer, of Q8_0."""
    width, inner = 32, 64
    writer.add_block_count(1)
    writer.add_context_length(128)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(8)
    shapes = {
        "token_embd": (vocabulary_size, width), "blk.0.attn_q": (width, width), "blk.0.attn_k": (16, width),
        "blk.0.attn_v": (16, width), "blk.0.attn_output": (width, width), "blk.0.ffn_gate": (inner, width),
        "blk.0.ffn_up": (inner, width), "blk.0.ffn_down": (width, inner),
    }  # fmt: skip
    for name, shape in shapes.items():
        weight = 0.3 * random.standard_normal(shape, dtype=np.float32)
        writer.add_tensor(f"{name}.weight", quants.quantize(weight, Type.Q8_0), raw_dtype=Type.Q8_0)
    for name in ("blk.0.attn_norm", "blk.0.ffn_norm", "output_norm"):
        writer.add_tensor(f"{name}.weight", np.ones(width, dtype=np.float32))


def tokenizer(kind, built, types, add):
    write_tokenizer(OUT / f"tokenizer-{kind}.gguf", kind, built, types, add)
    if kind == "smollm":
        write_tokenizer(OUT / "chat.gguf", kind, built, types, add, small_model)
    cases = []
    for text in texts():
        ids = built.encode(text, add_special_tokens=False).ids
        cases.append({"text": text, "ids": ids, "decoded": built.decode(ids, skip_special_tokens=False)})
    (OUT / f"tokenizer-{kind}.cases.json").write_text(json.dumps(cases) + "\n")


def write_tokenizer(file, kind, built, types, add, more=lambda writer, size: None):
    vocabulary = sorted(built.get_vocab().items(), key=lambda pair: pair[1])
    assert [index for _, index in vocabulary] == list(range(len(vocabulary)))
    tokens = [token for token, _ in vocabulary] + [f"[PAD{len(vocabulary) + i}]" for i in range(3)]
    writer = GGUFWriter(file, "gemma2" if kind == "gemma" else "llama")
    writer.add_token_list(tokens)
    writer.add_token_types([types(token, index) for index, token in enumerate(tokens[:-3])] + [UNUSED] * 3)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}")
    add(writer, vocabulary)
    more(writer, len(tokens))
    finish(writer)


def byte_level_tokenizers():
    for kind, split in PRE_TOKENIZERS.items():
        built = Tokenizer(models.BPE(ignore_merges=kind == "llama-bpe"))
        built.normalizer = normalizers.NFC() if kind == "qwen2" else None
        built.pre_tokenizer = split
        built.decoder = decoders.ByteLevel()
        built.train_from_iterator(
            texts(), trainers.BpeTrainer(vocab_size=400, special_tokens=["<|im_start|>", "<|im_end|>"],
                                         initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
        )  # fmt: skip
        built.add_tokens([AddedToken("<tool>", normalized=False)])

        def add(writer, vocabulary, built=built, kind=kind):
            writer.add_tokenizer_model("gpt2")
            writer.add_tokenizer_pre(kind)
            writer.add_token_merges([" ".join(pair) for pair in json.loads(built.to_str())["model"]["merges"]])
            writer.add_bos_token_id(0)
            writer.add_eos_token_id(1)

        special = {"<|im_start|>": CONTROL, "<|im_end|>": CONTROL, "<tool>": USER_DEFINED}
        tokenizer(kind, built, lambda token, _: special.get(token, NORMAL), add)


def sentencepiece_tokenizers():
    byte_tokens = [f"<0x{byte:02X}>" for byte in range(256)]
    for kind in ("gemma", "llama"):
        specials = ["<unk>", "<s>", "<|im_end|>", "<|im_start|>", *byte_tokens]
        built = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
        ends = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
        if kind == "gemma":
            built.normalizer = normalizers.Replace(" ", "▁")
            built.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
        else:
            built.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
            ends.append(decoders.Strip(content=" ", left=1))
        built.decoder = decoders.Sequence(ends)
        trainer = trainers.BpeTrainer(vocab_size=600, special_tokens=specials, show_progress=False, limit_alphabet=40)
        # Words apart, so that no token is a sentence.
        built.train_from_iterator((word for text in texts() for word in text.split()), trainer)
        trained = json.loads(built.to_str())
        trained["added_tokens"] = [token for token in trained["added_tokens"] if token["content"] not in byte_tokens]
        built = Tokenizer.from_str(json.dumps(trained))

        def add(writer, vocabulary, kind=kind):
            writer.add_tokenizer_model("llama")
            writer.add_tokenizer_pre("default")
            writer.add_token_scores([-float(index) for _, index in vocabulary] + [-1000.0] * 3)
            writer.add_unk_token_id(0)
            writer.add_bos_token_id(1)
            writer.add_eos_token_id(2)
            if kind == "gemma":
                writer.add_context_length(64)

        known = {"<unk>": UNKNOWN, "<s>": CONTROL, "<|im_end|>": CONTROL, "<|im_start|>": CONTROL}
        tokenizer(kind, built, lambda token, _: known.get(token, BYTE if token in byte_tokens else NORMAL), add)


OUT.mkdir(parents=True, exist_ok=True)
blocks()
for name in ("tied-grouped", "untied-full", "sharded-odd"):
    checkpoint(name)
checkpoint("tied-grouped", Type.Q8_0)
for name in ("qwen2", "qwen3", "gemma2", "gemma3", "llama-biases", "llama-linear"):
    checkpoint(f"families/{name}")
byte_level_tokenizers()
sentencepiece_tokenizers()
