"""Holds a real GGUF file against transformers, which opens the same file: token ids of hostile texts, and with --weights
log-probabilities and the best token at every place of a conversation, in f32.

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
question = {"file": str(file), "texts": texts, "conversation": conversation, "weights": with_weights}
node = [os.environ.get("NODE", "node"), "--conditions=@swirl-ts/source", "--disable-warning=ExperimentalWarning"]
ran = subprocess.run(
    [*node, str(root / "scripts/check-gguf.ts")], input=json.dumps(question), capture_output=True, text=True, cwd=root
)
if ran.returncode != 0:
    sys.exit(ran.stderr)
ours = json.loads(ran.stdout.splitlines()[-1])
wrong = [text for text, ids, own in zip(texts, expected, ours["ids"]) if ids != own]
print(f"token ids: {len(texts) - len(wrong)} of {len(texts)} texts equal", *map(repr, wrong[:5]))
ids = tokenizer.encode(prompt, add_special_tokens=False)
print(f"chat template: {'equal' if ours['prompt'] == prompt else 'DIFFERS'}, {len(ids)} tokens")
if with_weights:
    import torch
    from transformers import AutoModelForCausalLM

    torch.set_num_threads(2)
    model = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32).eval()
    with torch.no_grad():
        logits = model(torch.tensor([ids])).logits[0]
    chosen = torch.log_softmax(logits[:-1], -1).gather(1, torch.tensor(ids[1:])[:, None])[:, 0]
    own = torch.tensor(ours["logProbabilities"])
    same = sum(a == b for a, b in zip(logits.argmax(-1).tolist(), ours["best"]))
    difference = (chosen - own).abs()
    print(f"best token: equal at {same} of {len(ids)} places")
    print(f"log-probabilities: differ by {difference.mean():.2e} in the mean, {difference.max():.2e} at most")
