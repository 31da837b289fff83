"""What the Rust library makes of hostile texts with every part that a tokenizer.json can have:
fixtures/transformer/tokenization/<kind>.json, of pieces, normalised texts, decoded tokens and ids.

Run with the packages tokenizers and transformers installed: python scripts/make-tokenization-fixtures.py [texts] [folder]
"""
import base64
import json
import random
import struct
import sys
import tempfile
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 24
OUT = Path(sys.argv[2] if len(sys.argv) > 2 else "fixtures/transformer/tokenization")
random.seed(5)
letters = list(
    "abABzé½¾①②³٣٤०१ⅷ〇一世界 \t\n\r\x0b\x0c\u00a0\u2003\u2028\u200b\u200d\u200e\ufeff\u0085'sStTlLdmveK\u212aſǅ_-.,!?$€+=/<>&\"\\#"
    "😀👍🏽👩e\u0301\u0301ßİıΣσςﬁ０１𝟙𝔸\u0600\ue000\x1c\x00\x01\u3000\u180e\u32ff\u2e43\u061d\u166d\u0897\u1cf2\u08e2한글\u1100\u1161שלוםمرحبا\ufffdก\u0e31नि\u2581▁。、～ーカひ"
)
words = [
    "don't", "I'LL", "'ſ", "'S", "12345", "½", "x²", "\r\n\r\n", "  ", "   a", "the", "THE", "ab", "世界", "12 345", "a1b2", "'re", "'RE",
    " ½", "①", "👩‍👩‍👧", "ΟΔΟΣ", "        ", "\n\n\n", "...", "?!?", "--", "x" * 40, "1" * 9, "e\u0301\u0301\u0301", "▁▁", "do not", " n't",
]  # fmt: skip


def text():
    return "".join(random.choice(words if random.random() < 0.3 else letters) for _ in range(random.randint(1, 14)))


texts = [" ", "  ", "a", " a", "a ", "▁", "ΑΣ", "\n", *(text() for _ in range(COUNT))]


def spec(part):
    """The part as tokenizer.json has it."""
    return json.loads(part.__getstate__())


def attempt(compute):
    """What the library cannot do is no case."""
    try:
        return compute()
    except BaseException:
        return None


def write(kind, groups):
    OUT.mkdir(parents=True, exist_ok=True)
    with open(OUT / f"{kind}.json", "w", encoding="utf-8") as file:
        json.dump(groups, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")
    print(kind, len(groups), "groups")


PATTERNS = {
    "llama3": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "cl100k": r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s",
    "o200k": r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "deepseek": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    "triplets": r"\d{1,3}(?=(?:\d{3})*\b)",
    "runs": r"\d+",
    "words": r"\w+|[^\w\s]+",
    "no-words": r"\W+",
    "words in brackets": r"[\w.]+|[^\W\d]",
    "borders": r"\b\w",
    "not-blanks": r"\S+",
    "atomic": r"(?>\p{L}+)|\p{N}++",
    "possessive": r"\p{L}*+\d?+",
    "behind": r"(?<=\p{L})\p{N}|(?<!\p{L})\p{P}",
    "posix": r"[[:alpha:]]+|[[:digit:]]+|[[:space:]]+|[[:punct:]]+",
    "no-case": r"(?i)ab|(?i:LL)|the|(?i:[k-s])",
    "lazy": r"(?m:.)+?",
    "lines": r"^ab|\d$",
    "ends": r"\Aab|\d\z|\s\Z",
    "codes": r"\x{4e16}|\u754c|\x41",
    "properties": r"\p{Lu}|\p{Script=Han}|\p{Nd}|\p{^L}",
    "han": r"\p{Han}+|[一-龥]+",
    "classes": r"[^\d]+|\d",
    "intersection": r"[\p{L}&&[^a-z]]+",
    "hex": r"\h|\R",
    "counted": r"a{,2}b|\p{N}{2,}",
    "names": r"\p{Alphabetic}+|\p{Letter}+|\p{Punctuation}",
    "separators": r"\p{Z}+|\p{Sc}|\p{Sm}",
    "empty": r"a*",
    "any": r".",
}  # fmt: skip
BEHAVIOURS = ["isolated", "removed", "merged_with_previous", "merged_with_next", "contiguous"]
P = pre_tokenizers
pre = {}
for name, pattern in PATTERNS.items():
    made = attempt(lambda: P.Split(Regex(pattern), "isolated"))
    if made:
        pre[f"Split {name}"] = made
for behaviour in BEHAVIOURS:
    for inverted in (False, True):
        how = f"{behaviour}{' inverted' if inverted else ''}"
        pre[f"Split digits {how}"] = P.Split(Regex(r"\d"), behaviour, invert=inverted)
        pre[f"Split blanks {how}"] = P.Split(Regex(r"\s+"), behaviour, invert=inverted)
        pre[f"Split a blank {how}"] = P.Split(" ", behaviour, invert=inverted)
    pre[f"Split nothing {behaviour}"] = P.Split(Regex("a*"), behaviour)
    pre[f"Punctuation {behaviour}"] = P.Punctuation(behaviour)
for scheme in ("always", "first", "never"):
    for splits in (True, False):
        pre[f"Metaspace {scheme} {splits}"] = P.Metaspace(prepend_scheme=scheme, split=splits)
pre["Metaspace other"] = P.Metaspace(replacement="_")
for blank in (True, False):
    for pattern in (True, False):
        pre[f"ByteLevel {blank} {pattern}"] = P.ByteLevel(add_prefix_space=blank, use_regex=pattern)
pre |= {
    "Digits one by one": P.Digits(True),
    "Digits in runs": P.Digits(False),
    "BertPreTokenizer": P.BertPreTokenizer(),
    "Whitespace": P.Whitespace(),
    "WhitespaceSplit": P.WhitespaceSplit(),
    "CharDelimiterSplit": P.CharDelimiterSplit("a"),
    "FixedLength": P.FixedLength(3),
    "Sequence": P.Sequence([P.Digits(True), P.Punctuation("contiguous"), P.ByteLevel(add_prefix_space=True)]),
    "Sequence of marks": P.Sequence([P.Metaspace(prepend_scheme="first"), P.Split(Regex(r"\d"), "merged_with_next")]),
    "Sequence of sequences": P.Sequence([P.WhitespaceSplit(), P.Sequence([P.BertPreTokenizer(), P.FixedLength(2)])]),
}  # fmt: skip
write(
    "pre-tokenizers",
    [
        {"name": name, "part": spec(part), "cases": [[t, [p for p, _ in part.pre_tokenize_str(t)]] for t in texts if attempt(lambda: part.pre_tokenize_str(t)) is not None]}
        for name, part in pre.items()
    ],
)


def charsmap(table):
    """A double array over bytes, as SentencePiece writes it, of a small table."""
    root = {}
    values = b""
    for key, value in table.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node[None] = len(values)
        values += value.encode() + b"\0"
    units = [0] * (1 << 14)
    used = {0}

    def place(node, at):
        labels = [0 if byte is None else byte for byte in node]
        base = 1
        while base in bases or any((base ^ label) in used for label in labels):
            base += 1
        bases.add(base)
        units[at] |= ((base ^ at) << 10) | ((None in node) << 8)
        for label in labels:
            used.add(base ^ label)
        for byte, child in node.items():
            if byte is None:
                units[base] = (1 << 31) | child
            else:
                units[base ^ byte] = byte
        for byte, child in node.items():
            if byte is not None:
                place(child, base ^ byte)

    bases = {0}
    place(root, 0)
    return struct.pack("<I", 4 * len(units[: max(used) + 256])) + struct.pack(f"<{max(used) + 256}I", *units[: max(used) + 256]) + values


N = normalizers
table = {"ﬁ": "fi", "\u00a0": " ", "e\u0301": "é", "①": "1", "ſ": "s", "½": "1/2", "\r": "", "👍": "+1", "▁": "_", "Σ": "σ"}
norm = {
    "NFC": N.NFC(), "NFD": N.NFD(), "NFKC": N.NFKC(), "NFKD": N.NFKD(), "Lowercase": N.Lowercase(), "Nmt": N.Nmt(),
    "Strip": N.Strip(), "Strip left": N.Strip(left=True, right=False), "Strip right": N.Strip(left=False, right=True),
    "StripAccents": N.StripAccents(), "StripAccents decomposed": N.Sequence([N.NFD(), N.StripAccents()]),
    "Prepend": N.Prepend("▁"), "Prepend stripped": N.Sequence([N.Strip(), N.Prepend("▁")]),
    "Replace text": N.Replace(" ", "▁"), "Replace pattern": N.Replace(Regex(r" {2,}|\d"), "$&"), "Replace nothing": N.Replace(Regex("x*"), "-"),
    "Replace away": N.Replace("a", ""), "ByteLevel": N.ByteLevel(),
    "BertNormalizer": N.BertNormalizer(), "BertNormalizer cased": N.BertNormalizer(lowercase=False),
    "BertNormalizer accents": N.BertNormalizer(lowercase=False, strip_accents=True), "BertNormalizer dirty": N.BertNormalizer(clean_text=False, handle_chinese_chars=False, strip_accents=False),
    "Precompiled": N.Precompiled(charsmap(table)), "Sequence": N.Sequence([N.Nmt(), N.NFKC(), N.Replace(Regex(r"\s+"), " "), N.Lowercase()]),
}  # fmt: skip
write(
    "normalizers",
    [{"name": name, "part": spec(part), "cases": [[t, part.normalize_str(t)] for t in texts]} for name, part in norm.items()],
)

D = decoders
single = [f"<0x{byte:02X}>" for byte in "é😀\ufeff".encode()] + ["<0xFF>", "<0xe9>", "<0x4g>"]
tokens = ["Hello", "▁the", "▁", "▁▁", "_x", "##ing", "##", "a</w>", "</w>", "Ġa", "Ġ", "Ã©", "Ł", "â", "Ļ", " n't", " .", "do", " not", "|", "<pad>", "<pad>", "", " ", "  ", "é", "</s>", "ð", "Ĩ", *single]
lists = [[], *([token] for token in tokens), *([random.choice(tokens) for _ in range(random.randint(2, 9))] for _ in range(COUNT))]
lists += [[f"<0x{byte:02X}>" for byte in "\ufeffé".encode()] + ["a"], ["ï", "»", "¿", "a"]]
dec = {
    "ByteLevel": D.ByteLevel(), "ByteFallback": D.ByteFallback(), "Fuse": D.Fuse(), "Replace": D.Replace("▁", " "), "Replace pattern": D.Replace(Regex("[aeo]"), ""),
    "Strip": D.Strip("▁", 1, 0), "Strip both": D.Strip(" ", 1, 1), "WordPiece": D.WordPiece(), "WordPiece dirty": D.WordPiece(cleanup=False), "BPEDecoder": D.BPEDecoder(), "CTC": D.CTC(),
    **{f"Metaspace {scheme}": D.Metaspace(prepend_scheme=scheme) for scheme in ("always", "first", "never")},
    "Sequence": D.Sequence([D.Replace("▁", " "), D.ByteFallback(), D.Fuse(), D.Strip(" ", 1, 0)]),
}  # fmt: skip
write(
    "decoders",
    [
        {"name": name, "part": spec(part), "cases": [[each, done] for each in lists if (done := attempt(lambda: part.decode(each))) is not None]}
        for name, part in dec.items()
    ],
)


def trained(**options):
    """A small vocabulary of pairs, learnt from the texts."""
    end = {"end_of_word_suffix": options["end_of_word_suffix"]} if options.get("end_of_word_suffix") else {}
    prefix = {"continuing_subword_prefix": options["continuing_subword_prefix"]} if options.get("continuing_subword_prefix") else {}
    byte_names = [f"<0x{byte:02X}>" for byte in range(256)] if options.get("byte_fallback") else []
    learnt = Tokenizer(models.BPE(unk_token="<unk>"))
    learnt.pre_tokenizer = P.WhitespaceSplit()
    learnt.train_from_iterator(
        [*texts, *words] * 3,
        trainers.BpeTrainer(vocab_size=170 + len(byte_names), limit_alphabet=60, special_tokens=["<unk>", "<s>", *byte_names], show_progress=False, **end, **prefix),
    )
    model = json.loads(learnt.to_str())["model"]
    return model["vocab"], [tuple(pair) for pair in model["merges"]]


def bpe(unk="<unk>", **options):
    vocab, merges = trained(**options)
    return Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token=unk, **options))


def unigram(**options):
    alphabet = sorted(set("".join(texts)))[:70]
    pieces = [("<unk>", 0.0), ("<s>", 0.0), *((f"<0x{byte:02X}>", 0.0) for byte in range(256))]
    pieces += [(letter, -3 - index / 20) for index, letter in enumerate(alphabet)]
    pieces += [(word, -2.5 * len(word) ** 0.5) for word in dict.fromkeys(words) if word not in alphabet]
    return Tokenizer(models.Unigram(pieces, 0, **options))


def word_piece():
    vocab = ["[UNK]", *sorted(set("".join(texts)))[:80], "the", "##he", "##e", "ab", "##b", "##1", "1", "##2", "##345", "##世", "##界"]
    return Tokenizer(models.WordPiece({token: index for index, token in enumerate(dict.fromkeys(vocab))}, unk_token="[UNK]", max_input_chars_per_word=12))


def word_level(**options):
    return Tokenizer(models.WordLevel({token: index for index, token in enumerate(["<unk>", "<s>", "the", "ab", "12345", "世界"])}, unk_token="<unk>", **options))


def with_parts(tokenizer, **parts):
    for name, part in parts.items():
        setattr(tokenizer, name, part)
    return tokenizer


blanks = P.WhitespaceSplit()
llama = {"normalizer": N.Sequence([N.Prepend("▁"), N.Replace(" ", "▁")])}
whole = {
    "BPE": with_parts(bpe(), pre_tokenizer=blanks),
    "BPE fused": with_parts(bpe(fuse_unk=True), pre_tokenizer=blanks),
    "BPE without unknown": with_parts(bpe(None), pre_tokenizer=blanks),
    "BPE whole words": with_parts(bpe(ignore_merges=True), pre_tokenizer=blanks),
    "BPE prefix": with_parts(bpe(continuing_subword_prefix="##"), pre_tokenizer=blanks),
    "BPE suffix": with_parts(bpe(end_of_word_suffix="</w>"), pre_tokenizer=blanks, decoder=D.BPEDecoder()),
    "BPE bytes": with_parts(bpe(byte_fallback=True, fuse_unk=True), **llama, decoder=dec["Sequence"]),
    "BPE bytes first": with_parts(bpe(byte_fallback=True), pre_tokenizer=P.Metaspace(prepend_scheme="first", split=False), decoder=dec["Sequence"]),
    "BPE text": with_parts(bpe(fuse_unk=True)),
    "Unigram": with_parts(unigram(), pre_tokenizer=P.Metaspace(), decoder=D.Metaspace()),
    "Unigram bytes": with_parts(unigram(byte_fallback=True), pre_tokenizer=P.Metaspace(prepend_scheme="never"), decoder=D.Sequence([D.ByteFallback(), D.Metaspace(prepend_scheme="never")])),
    "Unigram text": unigram(),
    "WordPiece": with_parts(word_piece(), normalizer=N.BertNormalizer(), pre_tokenizer=P.BertPreTokenizer(), decoder=D.WordPiece()),
    "WordLevel": with_parts(word_level(), pre_tokenizer=P.Whitespace()),
}  # fmt: skip
marks = ["<s>", "</s>", "<|im_end|>", " x ", "Mask", "ab", "[MASK]", "e\u0301"]
for name, options in {
    "plain": {},
    "left": {"lstrip": True},
    "right": {"rstrip": True},
    "both": {"lstrip": True, "rstrip": True},
    "words": {"single_word": True},
    "words, both": {"single_word": True, "lstrip": True, "rstrip": True},
    "normalised": {"normalized": True},
    "normalised, both": {"normalized": True, "lstrip": True, "rstrip": True},
}.items():
    for special in (True, False):
        tokenizer = with_parts(bpe(fuse_unk=True), normalizer=N.Sequence([N.NFKC(), N.Lowercase(), N.Replace(" ", "▁")]), decoder=D.Fuse())
        added = [AddedToken(mark, special=special, **{"normalized": False, **options}) for mark in marks]
        (tokenizer.add_special_tokens if special else tokenizer.add_tokens)(added)
        tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[(mark, tokenizer.token_to_id(mark)) for mark in ("<s>", "</s>")])
        tokenizer.enable_truncation(3)
        tokenizer.enable_padding(length=12)
        whole[f"added tokens, {name}{', special' if special else ''}"] = tokenizer
spoken = [*texts, *("".join(random.choice([*marks, *marks, "ＡＢ", "MASK", " ", "\t ", "a", "_", *texts]) for _ in range(random.randint(2, 7))) for _ in range(COUNT))]


def ids_of(tokenizer, said, special):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer.encode(said, add_special_tokens=special).ids


groups = []
for name, tokenizer in whole.items():
    part = json.loads(tokenizer.to_str())
    cases = []
    for said in spoken if "added" in name else texts:
        ids = attempt(lambda: ids_of(tokenizer, said, False))
        if ids is None:
            continue
        cases.append([said, ids, ids_of(tokenizer, said, True), tokenizer.decode(ids, skip_special_tokens=False), tokenizer.decode(ids, skip_special_tokens=True)])
    groups.append({"name": name, "part": part, "cases": cases})
write("whole", groups)

# Folders, as transformers opens them: what tokenizer_config.json and special_tokens_map.json say counts, too.
folders = []
for name, kind, config, mapped in [
    ("cleaned up words", "WordLevel", {"clean_up_tokenization_spaces": True}, None),
    ("cleaned up pieces", "WordPiece", {"clean_up_tokenization_spaces": True}, None),
    ("pairs are never cleaned up", "BPE text", {"clean_up_tokenization_spaces": True}, None),
    ("pairs are cleaned up", "BPE text", {"clean_up_tokenization_spaces": True, "clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output": True}, None),
    ("a token that is special by its use", "added tokens, plain", {"eos_token": "<|im_end|>", "pad_token": "[MASK]"}, None),
    ("tokens of the config alone", "BPE text", {"eos_token": "</s>", "extra_special_tokens": ["<|im_end|>", "<call>"]}, None),
    ("tokens of its decoder", "BPE text", {"added_tokens_decoder": {"900": {"content": "<call>", "lstrip": True, "rstrip": False, "normalized": False, "single_word": False, "special": False}}}, None),
    ("a config that says how to begin and end, which is not read", "BPE text", {"bos_token": "<s>", "eos_token": "</s>", "add_bos_token": True, "add_eos_token": True}, None),
    ("a config that says not to begin, which is not read", "added tokens, plain, special", {"bos_token": "<s>", "add_bos_token": False}, None),
    ("a config that says to begin, without a token", "BPE text", {"add_bos_token": True}, None),
    ("tokens of the map", "BPE text", {}, {"eos_token": "</s>", "pad_token": {"content": "<|im_end|>", "lstrip": False, "rstrip": True, "normalized": False, "single_word": False}}),
]:  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        files = {"tokenizer.json": json.loads(whole[kind].to_str()), "tokenizer_config.json": {"tokenizer_class": "PreTrainedTokenizerFast", **config}}
        if mapped:
            files["special_tokens_map.json"] = mapped
        for file, value in files.items():
            (Path(folder) / file).write_text(json.dumps(value))
        tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        tokenizer.backend_tokenizer.no_truncation()
        tokenizer.backend_tokenizer.no_padding()
        cases = []
        for said in [*spoken[:COUNT], "a . b !", "it 's do not , n't", "a</s> <call> b<|im_end|> c [MASK]"]:
            ids = tokenizer(said, add_special_tokens=False)["input_ids"]
            cases.append([said, ids, tokenizer.decode(ids, skip_special_tokens=False), tokenizer.decode(ids, skip_special_tokens=True), tokenizer(said)["input_ids"]])
        folders.append({"name": name, "files": files, "cases": cases})
write("folders", folders)

# Every character, by the classes that the library reads from tables of its own.
everything = "".join(chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF)


def ranges(codes):
    found = []
    for code in codes:
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return found


def lost(kept):
    kept = set(kept)
    return ranges(ord(character) for character in everything if character not in kept)


write(
    "characters",
    [
        {"name": "punctuation", "ranges": lost("".join(piece for piece, _ in P.Punctuation("removed").pre_tokenize_str(everything)))},
        {"name": "marks", "ranges": lost(N.StripAccents().normalize_str(everything))},
        {"name": "nonspacing marks and controls", "ranges": ranges(ord(c) for c in everything if c == "\0" or N.BertNormalizer(lowercase=True, handle_chinese_chars=False).normalize_str(c) == "")},
    ],
)
