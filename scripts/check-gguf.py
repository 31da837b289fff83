"""Holds a real GGUF file against transformers, which opens the same file in f32: token ids of hostile texts, and with
--weights, in f32 and in bf16, the log-probabilities of `swirl logprobs` and the best token at every place of a
conversation. Exit code 1 where ids differ or log-probabilities are more than .05 nats apart in the mean.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install torch transformers accelerate gguf==0.19.0
    /tmp/venv/bin/python scripts/check-gguf.py MODEL.gguf [--weights]

What transformers leaves out of a GGUF file's tokenizer is put back as the model's own tokenizer.json has it: digits one
by one (smollm), NFC (qwen2). Needs `swirl backend install` for --weights.
"""
import json, os, random, subprocess, sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "2")
os.environ["TOKENIZERS_PARALLELISM"] = "false"
from gguf import GGUFReader
from tokenizers import normalizers, pre_tokenizers
from transformers import AutoTokenizer

file = Path(sys.argv[1]).resolve()
root = Path(__file__).resolve().parent.parent
pre = GGUFReader(file).fields["tokenizer.ggml.pre"].contents()
tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
if pre == "smollm":
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), tokenizer.backend_tokenizer.pre_tokenizer]
    )
if pre == "qwen2":
    tokenizer.backend_tokenizer.normalizer = normalizers.NFC()

random.seed(5)
PIECES = [
    "a", "the ", "Hello", " ", "  ", "\n", "\n\n", "\t", "\r\n", "1", "23", "4567", "½", "²", "٣٤", "Ⅷ", "中文", "é", "e\u0301",
    "ß", "İ", "ﬁ", "ａ", "😀", "👩‍👩‍👧", "\u00a0", "\u2028", "\u3000", "\u200b", "’", "'s", "'T", "'LL", "-", "—", "_", "$", "<",
    "</s>", "<|im_start|>", "<|im_end|>", "<tool_call>", "<|endoftext|>", "Z", "\u0085", "\x1c", "\ufeff", "ก", "ั", "नि", "한국",
    "\x7f", "..", "ª", "𝟘", "don't", "=>", "{}", "def f(x):\n    return x", "https://a.b/c?d=e", "▁", "Ġ", "[PAD151933]", "\x00",
]  # fmt: skip
texts = ["".join(random.choice(PIECES) for _ in range(random.randint(1, 14))) for _ in range(10_000)]
expected = [tokenizer.encode(text, add_special_tokens=False) for text in texts]
with_weights = "--weights" in sys.argv
conversation = [
    {"role": "user", "content": "Maya has 12 apples and buys 3 bags of 45 each. How many has she now?"},
    {"role": "assistant", "content": "She buys 3 * 45 = 135 apples, so she has 12 + 135 = 147 apples."},
    {"role": "user", "content": "And what is the capital of France?"},
    {"role": "assistant", "content": "The capital of France is Paris."},
]
prompt = tokenizer.apply_chat_template(conversation, tokenize=False)
node = [os.environ.get("NODE", "node"), "--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]


def run(*parts, **question):
    ran = subprocess.run(
        [*node, *map(str, parts)], input=json.dumps(question), capture_output=True, text=True, cwd=root
    )
    if ran.returncode != 0:
        sys.exit(ran.stderr)
    return json.loads(ran.stdout[ran.stdout.index("{") :])


ours = run(root / "scripts/check-gguf.ts", file=str(file), texts=texts, conversation=conversation)
wrong = [text for text, ids, own in zip(texts, expected, ours["ids"]) if ids != own]
print(f"token ids: {len(texts) - len(wrong)} of {len(texts)} texts equal", *map(repr, wrong[:5]))
ids = tokenizer.encode(prompt, add_special_tokens=False)
print(f"chat template: {'equal' if ours['prompt'] == prompt else 'DIFFERS'}, {len(ids)} tokens")
fails = len(wrong) > 0 or ours["prompt"] != prompt
if with_weights:
    own = {}
    for precision in ("f32", "bf16"):
        scored = root / "packages/cli/bin/swirl.mjs", "logprobs", f"local:{file}", "--ids", ",".join(map(str, ids))
        tokens = run(*scored, "--precision", precision, "--backend", "native", "--json")["tokens"]
        best = run(root / "scripts/check-gguf.ts", file=str(file), ids=ids, precision=precision)["best"]
        own[precision] = [token["logprob"] for token in tokens[1:]], best
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(2)
    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32).eval()
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    logs = torch.log_softmax(logits, -1)
    chosen = logs[:-1].gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
    first = logs.argmax(-1)
    for precision, (log_probabilities, best) in own.items():
        difference = (chosen - torch.tensor(log_probabilities)).abs()
        others = [place for place, token in enumerate(best) if token != first[place]]
        lost = [f"{logs[place, first[place]] - logs[place, best[place]]:.3f}" for place in others]
        print(f"{precision}: best token equal at {len(ids) - len(others)} of {len(ids)} places", end="")
        print(f" (the others behind the best by {', '.join(lost)} nats)" if lost else "")
        print(f"{precision}: log-probabilities differ by {difference.mean():.2e} nats in the mean, {difference.max():.2e} at most")
        fails = fails or difference.mean() > 0.05
sys.exit(1 if fails else 0)
