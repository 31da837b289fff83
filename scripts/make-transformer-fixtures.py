"""Makes fixtures/transformer: tiny random Llama checkpoints with what PyTorch computes from them.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch==2.13.0 transformers accelerate
    /tmp/venv/bin/python scripts/make-transformer-fixtures.py

Each folder has a checkpoint in Hugging Face layout and expected.safetensors: input ids, logits, weighted cross-entropy,
its gradients, and the weights after one AdamW step. tokenizers/ has tokenizer.json files with the ids the Rust library gives.
"""
import json, shutil, sys
from pathlib import Path
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM

OUT = Path(__file__).resolve().parent.parent / "fixtures" / "transformer"
LENGTH, ROWS = 19, 3
ADAM = dict(lr=1e-2, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)


def shape(**changes):
    base = dict(vocab_size=61, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
                intermediate_size=48, max_position_embeddings=64, rms_norm_eps=1e-5, tie_word_embeddings=True,
                bos_token_id=0, eos_token_id=1, initializer_range=0.15, attn_implementation="eager")
    return LlamaConfig(**{**base, **changes})


def make(name, config, seed, dtype=torch.float32, shard="1GB"):
    folder = OUT / name
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(seed)
    model = LlamaForCausalLM(config).to(dtype)
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            if "norm" in parameter_name:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    model.save_pretrained(folder, max_shard_size=shard)
    model = LlamaForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    ids = torch.randint(0, config.vocab_size, (ROWS, LENGTH))
    weights = torch.randn(ROWS, LENGTH)
    weights[:, 0] = 0
    weights[torch.rand(ROWS, LENGTH) < 0.3] = 0
    logits = model(ids).logits
    log_probabilities = F.log_softmax(logits[:, :-1], -1).gather(2, ids[:, 1:, None])[..., 0]
    loss = -(weights[:, 1:] * log_probabilities).sum() / 7
    loss.backward()
    expected = {"ids": ids.float(), "weights": weights, "logits": logits.detach(), "loss": loss.detach()[None],
                "log_probabilities": log_probabilities.detach()}
    for n, p in model.named_parameters():
        expected[f"gradient.{n}"] = p.grad.clone()
    named = list(model.named_parameters())
    torch.nn.utils.clip_grad_norm_([p for _, p in named], 0.5)
    decay, plain = [p for _, p in named if p.ndim > 1], [p for _, p in named if p.ndim == 1]
    torch.optim.AdamW([{"params": decay}, {"params": plain, "weight_decay": 0.0}], **ADAM).step()
    for n, p in named:
        expected[f"adam.{n}"] = p.detach().clone()
    save_file({k: v.contiguous() for k, v in expected.items()}, folder / "expected.safetensors")


def tokenizers():
    from tokenizers import Tokenizer, Regex, models, pre_tokenizers, decoders, trainers
    folder = OUT / "tokenizers"
    folder.mkdir(parents=True, exist_ok=True)
    texts = ["Maya has 12 apples and buys 3 bags of 45 each.", "<|im_start|>user\nWhat is 7 * 8?<|im_end|>\n", "naïve café — 東京 🙂", "  two  spaces\tand tab\n"]
    specials = ["<|im_start|>", "<|im_end|>"]
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.train_from_iterator(texts * 3, trainers.BpeTrainer(vocab_size=330, special_tokens=specials, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    words = "<unk> <|end|> Maya has buys bags of".split() + [" has", " buys", " bags", " of", " each", ".", "apples", " apples"]
    words += [str(d) for d in range(10)] + [f" {d}" for d in range(10)] + [" ", "\n"]
    level = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="<unk>"))
    level.add_special_tokens(["<|end|>"])
    level.pre_tokenizer = pre_tokenizers.Split(Regex(r" ?[A-Za-z]+| ?[0-9]|[^A-Za-z0-9]"), "isolated")
    level.decoder = decoders.Fuse()
    for name, tokenizer, samples in [("bpe", bpe, texts), ("word-level", level, ["Maya has 1 2 apples", "Maya has 12 apples.\n 3 4", "has 407 bags of 5<|end|>"])]:
        tokenizer.save(str(folder / f"{name}.json"))
        cases = [{"text": t, "ids": tokenizer.encode(t).ids, "decoded": tokenizer.decode(tokenizer.encode(t).ids, skip_special_tokens=False)} for t in samples]
        (folder / f"{name}.cases.json").write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")


make("tied-grouped", shape(), 1)
make("untied-full", shape(vocab_size=50, tie_word_embeddings=False, num_key_value_heads=4, rope_theta=50000.0), 2)
make("sharded-odd", shape(hidden_size=20, num_attention_heads=5, num_key_value_heads=1, head_dim=6, intermediate_size=30), 3, shard="8KB")
make("bfloat16", shape(num_key_value_heads=1, num_hidden_layers=1), 4, dtype=torch.bfloat16)
make("float16", shape(num_hidden_layers=1), 5, dtype=torch.float16)
tokenizers()
print(sys.version, torch.__version__, sum(f.stat().st_size for f in OUT.rglob("*") if f.is_file()), "bytes")
