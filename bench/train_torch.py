"""Benchmark W in plain torch and peft, packed as ours: a trajectory's states once, its actions as leaves behind them.

Reads a Work (train-work.ts) as JSON from standard input and prints a Side. Attention is registered with transformers, so
the model is its LlamaForCausalLM; a row of the batch is a token, whichever sequence it belongs to.
"""
import json
import os
import resource
import sys
import time

import torch
import torch.nn.functional as F
from peft import LoraConfig, get_peft_model
from transformers import AttentionInterface, LlamaConfig, LlamaForCausalLM

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
torch.manual_seed(1)
work = json.load(sys.stdin)
shape, lengths, samples, length = work["shape"], work["lengths"], work["samples"], work["actionTokens"]
longest, states = max(lengths), len(lengths)
dtype = torch.bfloat16 if work["precision"] == "bf16" else torch.float32


class Packed:
    """What attention does at the moment: mode, and keys and values by layer."""

    mode = "trunk"
    trunks = {}
    tails = {}
    filled = 0


def product(q, k, v, mask=None, causal=False):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal, enable_gqa=True)


def whole(q, k, v):
    """A trajectory's trunk, then for each state its actions; all of one state in one product."""
    outputs = [product(q[:, :, :longest], k[:, :, :longest], v[:, :, :longest], causal=True)]
    at = longest
    for context in lengths:
        rows = slice(at, at + samples * length)
        at += samples * length

        def leaves(x):
            return x[0, :, rows].reshape(x.shape[1], samples, length, -1).transpose(0, 1)

        def behind(x):
            return torch.cat([x[:, :, :context].expand(samples, -1, -1, -1), leaves(x)], 2)

        mask = torch.ones(length, context + length, dtype=torch.bool).tril(context)
        out = product(leaves(q), behind(k), behind(v), mask=mask)
        outputs.append(out.transpose(0, 1).reshape(1, q.shape[1], samples * length, -1))
    return torch.cat(outputs, 2)


def step(q, k, v, layer):
    """One token of every row: all rows of a trajectory look at its trunk in one product, then at their own tokens."""
    rows, heads, groups, size = q.shape[2], q.shape[1], k.shape[1], q.shape[3]
    if layer not in Packed.tails:
        Packed.tails[layer] = [torch.zeros(rows, groups, length, size, dtype=k.dtype) for _ in "kv"]
    keys, values = Packed.tails[layer]
    keys[:, :, Packed.filled], values[:, :, Packed.filled] = k[0].transpose(0, 1), v[0].transpose(0, 1)
    seen = Packed.filled + 1
    queries = (q[0].transpose(0, 1) * size**-0.5).reshape(rows, groups, heads // groups, size)
    own = queries @ keys[:, :, :seen].transpose(2, 3)
    outputs = []
    for number, (trunk_keys, trunk_values) in enumerate(Packed.trunks[layer]):
        here = slice(number * states * samples, (number + 1) * states * samples)
        by_group = queries[here].transpose(0, 1).reshape(groups, -1, size)
        scores = (by_group @ trunk_keys[0].transpose(1, 2)).reshape(groups, -1, heads // groups, longest)
        scores = scores.masked_fill(Packed.hidden[None, :, None], float("-inf"))
        joint = torch.cat([scores.transpose(0, 1), own[here]], -1).float().softmax(-1).to(q.dtype)
        to_trunk = joint[..., :longest].transpose(0, 1).reshape(groups, -1, longest) @ trunk_values[0]
        to_own = joint[..., longest:] @ values[here, :, :seen]
        outputs.append(to_trunk.reshape(groups, -1, heads // groups, size).transpose(0, 1) + to_own)
    return torch.cat(outputs).reshape(rows, heads, size).transpose(0, 1)[None]


def attend(module, q, k, v, attention_mask, **_):
    layer = module.layer_idx
    if Packed.mode == "trunk":
        Packed.trunks.setdefault(layer, []).append((k, v))
        out = product(q, k, v, causal=True)
    elif Packed.mode == "step":
        out = step(q, k, v, layer)
    else:
        out = whole(q, k, v)
    return out.transpose(1, 2).contiguous(), None


AttentionInterface.register("packed", attend)
config = LlamaConfig(
    vocab_size=shape["vocabularySize"], hidden_size=shape["hiddenSize"], num_hidden_layers=shape["layers"],
    num_attention_heads=shape["heads"], num_key_value_heads=shape["keyValueHeads"], head_dim=shape["headSize"],
    intermediate_size=shape["innerSize"], max_position_embeddings=4096, tie_word_embeddings=True, rope_theta=1e5,
    attn_implementation="packed",
)  # fmt: skip
torch.set_default_dtype(dtype)
base = LlamaForCausalLM(config)
torch.set_default_dtype(torch.float32)
targets = [f"{name}_proj" for name in ("q", "k", "v", "o", "gate", "up", "down")]
model = get_peft_model(base, LoraConfig(r=work["rank"], lora_alpha=work["alpha"], target_modules=targets))
inner, head = model.base_model.model.model, model.base_model.model.lm_head
optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-4, weight_decay=0.0)


def hidden(ids, positions):
    return inner(input_ids=ids[None], position_ids=positions[None], use_cache=False).last_hidden_state[0]


def log_probabilities(states_of_rows, targets):
    """In chunks, so that the logits of all rows never exist at once."""
    parts = zip(states_of_rows.split(384), targets.split(384))
    return torch.cat([-F.cross_entropy(head(rows).float(), ids, reduction="none") for rows, ids in parts])


trajectories = [torch.tensor(ids) for ids in work["trajectories"]]
started = time.perf_counter()
with torch.no_grad():
    last = [hidden(ids, torch.arange(longest))[[n - 1 for n in lengths]] for ids in trajectories]
    logits = head(torch.cat(last)).float().repeat_interleave(samples, 0)
    Packed.mode = "step"
    depth = torch.tensor(lengths).repeat_interleave(samples)
    Packed.hidden = torch.arange(longest)[None] >= depth[:, None]
    tokens, logs = [], []
    for t in range(length):
        chosen = logits.log_softmax(-1)
        ids = chosen.exp().multinomial(1)[:, 0]
        tokens.append(ids)
        logs.append(chosen.gather(1, ids[:, None])[:, 0])
        if t == length - 1:
            break
        Packed.filled = t
        logits = head(hidden(ids, (depth + t).repeat(len(trajectories)))).float()
tokens, logs = torch.stack(tokens, 1), torch.stack(logs, 1)
Packed.trunks, Packed.tails, Packed.mode = {}, {}, "whole"
sampled = time.perf_counter()

per = states * samples
order = []
positions = [torch.arange(longest)]
sources = []
for number, context in enumerate(lengths):
    for action in range(samples):
        first = longest + (number * samples + action) * length
        positions.append(context + torch.arange(length))
        sources.append(torch.cat([torch.tensor([context - 1]), torch.arange(first, first + length - 1)]))
positions, sources = torch.cat(positions), torch.cat(sources)


def packed(number):
    actions = tokens[number * per : (number + 1) * per].reshape(-1)
    return torch.cat([trajectories[number], actions]), actions


initial = []
with torch.no_grad(), model.disable_adapter():
    for number in range(len(trajectories)):
        ids, actions = packed(number)
        initial.append(log_probabilities(hidden(ids, positions)[sources], actions))
referenced = time.perf_counter()

for number in range(len(trajectories)):
    ids, actions = packed(number)
    rows = hidden(ids, positions)[sources]
    leaf = rows.detach().requires_grad_()
    difference = logs[number * per : (number + 1) * per] - initial[number].reshape(per, length)
    suffix = difference.flip(1).cumsum(1).flip(1)
    advantage = (torch.arange(per) % 2 - 0.5)[:, None]
    coefficients = (advantage - work["beta"] * suffix).reshape(-1) / (per * len(trajectories))
    for part, ids, weight in zip(leaf.split(384), actions.split(384), coefficients.split(384)):
        (-(log_probabilities(part, ids) * weight).sum()).backward()
    rows.backward(leaf.grad)
torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
optimiser.step()
ended = time.perf_counter()

count = per * len(trajectories)
trained = len(trajectories) * (longest + per * length)
print(json.dumps({
    "seconds": {"sample": sampled - started, "reference": referenced - sampled, "update": ended - referenced, "all": ended - started},
    "tokens": {"prefilled": len(trajectories) * longest, "decoded": count * (length - 1), "reference": trained, "trained": trained},
    "logitRows": {"sampled": len(trajectories) * states + count * (length - 1), "reference": count * length, "trained": count * length},
    "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))  # fmt: skip
