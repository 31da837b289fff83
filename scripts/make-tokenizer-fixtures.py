"""Small tokenizers of the kinds that people train, with what the Rust library makes of texts that break programs:
fixtures/transformer/tokenizers/<kind>.json and <kind>.cases.json.

Run with the package tokenizers installed: python scripts/make-tokenizer-fixtures.py
"""
import json
import random

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

random.seed(3)
parts = [
    "a", "b", "the ", "Hello", " ", "  ", "\n", "\t", "1", "23", "½", "²", "①", "٣٤", "Ⅷ", "一", "中文", "é", "e\u0301",
    "ß", "İ", "ﬁ", "ａ", "😀", "👩‍👩‍👧", "\u00a0", "\u2028", "\u3000", "\u200b", "’", "'s", "'T", "-", "—", "_", "$", "<",
    "</s>", "<s>", "<|im_end|>", "Z", "\u0085", "\x1c", "\ufeff", "ก", "ั", "नि", "한국", "\x7f", "..", "\r\n", "ª", "𝟘",
    "don't",
]  # fmt: skip
training = ["".join(random.choice(parts) for _ in range(random.randint(1, 12))) for _ in range(400)]
texts = training[:60]
byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
bytes_alone = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
qwen = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def sequence(*parts):
    return pre_tokenizers.Sequence(list(parts))


kinds = {
    "single-digits": (None, sequence(pre_tokenizers.Digits(individual_digits=True), byte_level)),
    "runs-of-digits": (None, sequence(pre_tokenizers.Digits(individual_digits=False), byte_level)),
    "byte-level": (None, byte_level),
    "split-by-pattern": (
        normalizers.NFC(),
        sequence(pre_tokenizers.Split(Regex(qwen), "isolated"), bytes_alone),
    ),
    "whitespace": (None, sequence(pre_tokenizers.Whitespace(), bytes_alone)),
    "whitespace-split": (None, sequence(pre_tokenizers.WhitespaceSplit(), bytes_alone)),
    "stripped": (normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.Strip()]), byte_level),
}


def write(name, tokenizer):
    cases = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        cases.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False)})
    for what, value in ((name, json.loads(tokenizer.to_str())), (f"{name}.cases", cases)):
        with open(f"fixtures/transformer/tokenizers/{what}.json", "w", encoding="utf-8") as file:
            json.dump(value, file)
            file.write("\n")


for name, (normalizer, pre_tokenizer) in kinds.items():
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<s>", "</s>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(vocab_size=380, special_tokens=special, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(training, trainer)
    write(name, tokenizer)

# As Llama 2 and Gemma have it: blanks as ▁, and bytes for what is not in the vocabulary.
tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
tokenizer.decoder = decoders.Sequence(
    [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
)
single_bytes = [f"<0x{byte:02X}>" for byte in range(256)]
special = ["<unk>", "<s>", "</s>", *single_bytes]
trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=special, limit_alphabet=40, show_progress=False)
tokenizer.train_from_iterator(training, trainer)
parsed = json.loads(tokenizer.to_str())
parsed["added_tokens"] = [token for token in parsed["added_tokens"] if token["content"] not in single_bytes]
write("byte-fallback", Tokenizer.from_str(json.dumps(parsed)))
