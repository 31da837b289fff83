"""Writes a folder that transformers.js loads, from a folder with a BERT-like encoder in safetensors.

    python bert_to_onnx.py MODEL_FOLDER OUTPUT_FOLDER      (needs: pip install onnx safetensors numpy)

The graph is written node by node after the BERT paper (Devlin et al. 2019, section 3; post-norm encoder, erf GELU),
so neither torch nor a model hub is needed. Inputs: input_ids, attention_mask, token_type_ids, int64 [batch, length];
output: last_hidden_state, float32 [batch, length, hidden]. Weights are copied as they are, in float32.
"""
import json
import math
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file


class Graph:
    def __init__(self, weights):
        self.weights = weights
        self.nodes = []
        self.initializers = {}

    def weight(self, name, transpose=False):
        key = f"{name}.T" if transpose else name
        if key not in self.initializers:
            array = self.weights[name].astype(np.float32)
            self.initializers[key] = numpy_helper.from_array(np.ascontiguousarray(array.T if transpose else array), key)
        return key

    def constant(self, name, value, dtype):
        if name not in self.initializers:
            self.initializers[name] = numpy_helper.from_array(np.array(value, dtype=dtype), name)
        return name

    def node(self, kind, inputs, **attributes):
        output = f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def linear(self, x, name):
        return self.node("Add", [self.node("MatMul", [x, self.weight(f"{name}.weight", True)]), self.weight(f"{name}.bias")])

    def norm(self, x, name, epsilon):
        inputs = [x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.node("LayerNormalization", inputs, axis=-1, epsilon=epsilon)


def build(weights, config):
    if config["hidden_act"] != "gelu" or config.get("position_embedding_type", "absolute") != "absolute":
        sys.exit("Only BERT encoders with erf GELU and absolute positions are written.")
    hidden, heads, epsilon = config["hidden_size"], config["num_attention_heads"], config["layer_norm_eps"]
    size = hidden // heads
    g = Graph(weights)

    # Positions 0 .. length - 1, from the shape of the input.
    shape = g.node("Shape", ["input_ids"], start=1, end=2)
    length = g.node("Squeeze", [shape])
    zero = g.constant("zero", 0, np.int64)
    positions = g.node("Range", [zero, length, g.constant("one", 1, np.int64)])
    words = g.node("Gather", [g.weight("embeddings.word_embeddings.weight"), "input_ids"])
    types = g.node("Gather", [g.weight("embeddings.token_type_embeddings.weight"), "token_type_ids"])
    places = g.node("Gather", [g.weight("embeddings.position_embeddings.weight"), positions])
    x = g.norm(g.node("Add", [g.node("Add", [words, types]), places]), "embeddings.LayerNorm", epsilon)

    # 0 where a token counts, a very small number where it is padding: [batch, 1, 1, length].
    mask = g.node("Unsqueeze", [g.node("Cast", ["attention_mask"], to=TensorProto.FLOAT), g.constant("axes", [1, 2], np.int64)])
    inverse = g.node("Sub", [g.constant("float_one", 1, np.float32), mask])
    mask = g.node("Mul", [inverse, g.constant("lowest", np.finfo(np.float32).min / 2, np.float32)])

    split_shape = g.constant("split_shape", [0, 0, heads, size], np.int64)
    joined_shape = g.constant("joined_shape", [0, 0, hidden], np.int64)
    scale = g.constant("scale", 1 / math.sqrt(size), np.float32)

    def head(x, name, permutation):
        return g.node("Transpose", [g.node("Reshape", [g.linear(x, name), split_shape])], perm=permutation)

    for layer in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{layer}"
        query = head(x, f"{at}.attention.self.query", [0, 2, 1, 3])
        key = head(x, f"{at}.attention.self.key", [0, 2, 3, 1])
        value = head(x, f"{at}.attention.self.value", [0, 2, 1, 3])
        scores = g.node("Add", [g.node("Mul", [g.node("MatMul", [query, key]), scale]), mask])
        mixed = g.node("MatMul", [g.node("Softmax", [scores], axis=-1), value])
        mixed = g.node("Reshape", [g.node("Transpose", [mixed], perm=[0, 2, 1, 3]), joined_shape])
        x = g.norm(g.node("Add", [g.linear(mixed, f"{at}.attention.output.dense"), x]), f"{at}.attention.output.LayerNorm", epsilon)
        wide = g.node("Gelu", [g.linear(x, f"{at}.intermediate.dense")], approximate="none")
        x = g.norm(g.node("Add", [g.linear(wide, f"{at}.output.dense"), x]), f"{at}.output.LayerNorm", epsilon)
    g.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"], name="output"))

    def ids(name):
        return helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])

    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", hidden])
    inputs = [ids("input_ids"), ids("attention_mask"), ids("token_type_ids")]
    graph = helper.make_graph(g.nodes, "encoder", inputs, [output], list(g.initializers.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    config = json.loads((source / "config.json").read_text())
    weights = {name.removeprefix("bert."): array for name, array in load_file(source / "model.safetensors").items()}
    (target / "onnx").mkdir(parents=True, exist_ok=True)
    onnx.save(build(weights, config), target / "onnx" / "model.onnx")
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "sentence_bert_config.json"):
        if (source / name).exists():
            shutil.copy(source / name, target / name)


main()
