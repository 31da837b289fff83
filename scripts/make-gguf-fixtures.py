"""Makes fixtures/transformer/gguf by the Python package gguf (0.19.0), which defines what a GGUF file means.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install gguf==0.19.0 numpy
    /tmp/venv/bin/python scripts/make-gguf-fixtures.py

blocks.gguf: for every tensor type T the tensors T (quantised, then random blocks) and T.values (what gguf dequantises).
"""
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter, quants

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


OUT.mkdir(parents=True, exist_ok=True)
blocks()
