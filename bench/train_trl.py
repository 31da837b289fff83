"""Benchmark W with TRL's GRPOTrainer: every state a prompt of its own, as it is used. Reads a Work, prints a Side.

Prompts are words `t17 t4 …` of a tokenizer whose words are the ids, so TRL sees exactly the tokens of the work.
"""
import json
import logging
import os
import resource
import sys
import tempfile
import time

import torch
from datasets import Dataset
from peft import LoraConfig
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
logging.disable(logging.WARNING)
work = json.load(sys.stdin)
shape, lengths, samples, length = work["shape"], work["lengths"], work["samples"], work["actionTokens"]
half = work["precision"] == "bf16"

words = Tokenizer(models.WordLevel({f"t{i}": i for i in range(shape["vocabularySize"])}, unk_token="t0"))
words.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, pad_token="t0", eos_token="t1", padding_side="left")
config = LlamaConfig(
    vocab_size=shape["vocabularySize"], hidden_size=shape["hiddenSize"], num_hidden_layers=shape["layers"],
    num_attention_heads=shape["heads"], num_key_value_heads=shape["keyValueHeads"], head_dim=shape["headSize"],
    intermediate_size=shape["innerSize"], max_position_embeddings=4096, tie_word_embeddings=True, rope_theta=1e5,
    bos_token_id=2, eos_token_id=1, pad_token_id=0,
)  # fmt: skip
torch.set_default_dtype(torch.bfloat16 if half else torch.float32)
model = LlamaForCausalLM(config)
torch.set_default_dtype(torch.float32)
prompts = [" ".join(f"t{i}" for i in ids[:n]) for ids in work["trajectories"] for n in lengths]
marks = {}


def reward(completion_ids, **_):
    marks["sampled"] = time.perf_counter()
    return [float(ids[0] % 2) for ids in completion_ids]


with tempfile.TemporaryDirectory() as folder:
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=reward,
        train_dataset=Dataset.from_dict({"prompt": prompts}),
        processing_class=tokenizer,
        peft_config=LoraConfig(
            r=work["rank"], lora_alpha=work["alpha"],
            target_modules=[f"{name}_proj" for name in ("q", "k", "v", "o", "gate", "up", "down")],
        ),
        args=GRPOConfig(
            output_dir=folder, use_cpu=True, bf16=half, per_device_train_batch_size=8,
            gradient_accumulation_steps=len(prompts) * samples // 8, num_generations=samples, beta=work["beta"],
            loss_type="dr_grpo", scale_rewards="none", max_completion_length=length, max_steps=1, learning_rate=1e-4,
            generation_kwargs={"min_new_tokens": length}, gradient_checkpointing=False, report_to="none",
            save_strategy="no", logging_strategy="no", disable_tqdm=True, shuffle_dataset=False,
        ),
    )  # fmt: skip
    started = time.perf_counter()
    trainer.train()
    ended = time.perf_counter()

count, longest = len(prompts) * samples, max(lengths)
trained = count * (longest + length)
print(json.dumps({
    "seconds": {"sample": marks["sampled"] - started, "reference": 0, "update": ended - marks["sampled"], "all": ended - started},
    "tokens": {"prefilled": count * longest, "decoded": count * (length - 1), "reference": trained, "trained": trained},
    "logitRows": {"sampled": count * length, "reference": count * length, "trained": count * length},
    "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "note": "the reference is counted in update",
}))  # fmt: skip
