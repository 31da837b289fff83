"""Trains with TRL what `swirl train --engine ray` submits: step rows in, a judge over HTTP, checkpoints out.

It reads settings.json and rows.jsonl of its own folder, and works in the training's folder, which client and cluster share:
metrics.jsonl (a record a step), checkpoints/<n>/ (what transformers and `local:` open, with the trainer's state beside), and
job/ (what it needs to go on). Killed at any moment and started again, it goes on from the newest checkpoint. Exact token ids
are taken where the rows have them; nothing is tokenised twice.

TRL 1.16. Normalisation: TRL's dr_grpo divides by N * max_completion_length, and its advantages compare with the mean of all
samples of a state. Ours divides by N alone and compares with the others; rewards and beta are scaled so that the gradients are
the same.
"""

import json
import math
import os
import random
import sys
import time
from pathlib import Path

from swirl_folder import Folder, Judge, fail

WANTED_TRL = "1.16"
METRICS = {
    "loss": "loss",
    "grad_norm": "gradientNorm",
    "learning_rate": "learningRate",
    "rewards/swirl_judge/mean": "judgedReward",
    "kl": "klPerToken",
    "entropy": "entropy",
    "completions/mean_length": "meanLength",
    "completions/clipped_ratio": "cutOffRate",
    "no_verdict": "unscoredRate",
    "mean_token_accuracy": "tokenAccuracy",
    "rewards/accuracies": "preferenceAccuracy",
    "rewards/margins": "preferenceMargin",
}


def read_rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


# Rows -----------------------------------------------------------------------------------------------------------------


def with_tokens(rows, tokenizer, contextSize):
    """Ids of state and action: those on record, else the chat template's. What leaves no room is left out and counted."""
    taken, left_out = [], 0
    for row in rows:
        if row.get("prompt_token_ids") is None:
            tools = json.loads(row["tools"]) or None
            text = tokenizer.apply_chat_template(json.loads(row["messages"]), tools=tools, add_generation_prompt=True, tokenize=False)
            row["prompt_token_ids"] = tokenizer(text, add_special_tokens=False)["input_ids"]
            row["token_ids"] = [*tokenizer(row["action"], add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
        if len(row["prompt_token_ids"]) < contextSize:
            taken.append(row)
        else:
            left_out += 1
    if left_out:
        print(f"swirl: {left_out} of {len(rows)} states leave no room for an action in {contextSize} tokens; they are left out", flush=True)
    if not taken:
        fail(f"Every one of the {len(rows)} states is longer than the policy's context of {contextSize} tokens.")
    return taken


def distinct_states(rows, weighting):
    """The distinct states with their share of draws: of every trajectory the same, or of every state."""
    lengths = {}
    for row in rows:
        lengths[row["trajectory_id"]] = lengths.get(row["trajectory_id"], 0) + 1
    states = {}
    for row in rows:
        key = tuple(row["prompt_token_ids"])
        first, weight = states.get(key, (row, 0.0))
        states[key] = (first, weight + 1 / lengths[row["trajectory_id"]])
    return [row for row, _ in states.values()], [1.0 if weighting == "state" else weight for _, weight in states.values()]


# Trainers -------------------------------------------------------------------------------------------------------------


def begin(settings):
    try:
        import torch
        import transformers
        import trl
    except ImportError as error:
        fail(
            f"The interpreter {sys.executable} has no {error.name}. Name one that has TRL {WANTED_TRL} by SWIRL_RAY_PYTHON "
            "(pip install 'trl>=1.16,<1.17' peft)."
        )
    print(f"swirl: {sys.executable}, trl {trl.__version__}, transformers {transformers.__version__}, torch {torch.__version__}", flush=True)
    if not trl.__version__.startswith(WANTED_TRL):
        fail(f"TRL {trl.__version__} at {sys.executable} is another than {WANTED_TRL}, which this was tried with.")
    if not Path(settings["policy"]).exists():
        fail(f"The cluster does not see the policy {settings['policy']}. Client and cluster have to share that folder.")
    torch.manual_seed(settings["seed"])
    transformers.set_seed(settings["seed"])
    precision = torch.bfloat16 if settings["precision"] == "bf16" else torch.float32
    tokenizer = transformers.AutoTokenizer.from_pretrained(settings["policy"])
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = transformers.AutoModelForCausalLM.from_pretrained(settings["policy"], dtype=precision)
    return model, tokenizer


def adapter(settings):
    """LoRA as `swirl train --lora` means it; None trains all weights."""
    if not settings["lora"]:
        return None
    from peft import LoraConfig

    names = {"gate": "gate_proj", "up": "up_proj", "down": "down_proj", **{each: f"{each}_proj" for each in "qkvo"}}
    targets = [names[each] for each in settings["loraTargets"]]
    return LoraConfig(
        r=settings["lora"], lora_alpha=settings["loraAlpha"], target_modules=targets, lora_dropout=0.0, task_type="CAUSAL_LM"
    )


def shared_arguments(settings, folder, batch):
    """`batch`: rows an optimiser step."""
    import torch

    micro = together(batch, settings["rowsAtOnce"])
    cuda = torch.cuda.is_available()
    return dict(
        output_dir=str(folder.checkpoints / ".writing"),
        per_device_train_batch_size=micro,
        gradient_accumulation_steps=batch // micro,
        max_steps=settings["iterations"],
        learning_rate=settings["learningRate"],
        adam_beta1=settings["beta1"],
        adam_beta2=settings["beta2"],
        adam_epsilon=settings["epsilon"],
        weight_decay=settings["weightDecay"],
        max_grad_norm=settings["clipNorm"],
        save_strategy="steps",
        save_steps=settings["checkpointEvery"],
        logging_steps=1,
        logging_nan_inf_filter=False,
        seed=settings["seed"],
        use_cpu=not cuda,
        bf16=cuda and settings["precision"] == "bf16",
        report_to="none",
        disable_tqdm=True,
        dataloader_num_workers=0,
    )


def ours(trainer_class, settings):
    """A linear warm-up that begins above 0, then a constant rate; rows in the order in which they were drawn."""
    from torch.optim.lr_scheduler import LambdaLR
    from torch.utils.data import SequentialSampler

    class Ours(trainer_class):
        def create_scheduler(self, num_training_steps, optimizer=None):
            if self.lr_scheduler is None:
                warmup = max(1, settings["warmup"])
                self.lr_scheduler = LambdaLR(optimizer or self.optimizer, lambda done: min(1.0, (done + 1) / warmup))
            return self.lr_scheduler

        def _get_train_sampler(self, dataset=None):
            if hasattr(self, "num_generations"):  # Its own sampler repeats each row, in order.
                return super()._get_train_sampler(dataset)
            return SequentialSampler(dataset if dataset is not None else self.train_dataset)

    return Ours


def together(rows, most):
    """How many of a batch's rows are computed at once: the batch stays what it is, whatever memory allows."""
    return max(each for each in range(1, min(most, rows) + 1) if rows % each == 0)


def sft(settings, folder, rows, model, tokenizer, _judge):
    """Cross-entropy on the recorded actions; a step takes about as many rows as `trajectories` trajectories have."""
    from datasets import Dataset
    from trl import SFTConfig, SFTTrainer

    by_trajectory = {}
    for row in rows:
        by_trajectory.setdefault(row["trajectory_id"], []).append(row)
    mean = len(rows) / len(by_trajectory)
    batch = max(1, round(settings["trajectories"] * mean))
    source = random.Random(settings["seed"])
    drawn = []
    while len(drawn) < batch * settings["iterations"]:
        order = list(by_trajectory)
        source.shuffle(order)
        drawn += [row for each in order for row in by_trajectory[each]]
    dataset = Dataset.from_list(
        [
            {
                "input_ids": row["prompt_token_ids"] + row["token_ids"],
                "labels": [-100] * len(row["prompt_token_ids"]) + row["token_ids"],
            }
            for row in drawn[: batch * settings["iterations"]]
        ]
    )
    arguments = SFTConfig(
        **shared_arguments(settings, folder, batch), max_length=None, dataset_kwargs={"skip_prepare_dataset": True}
    )
    return ours(SFTTrainer, settings)(
        model=model, args=arguments, train_dataset=dataset, processing_class=tokenizer, peft_config=adapter(settings)
    )


def reward_function(judge, rows, tokenizer, ends):
    """Judged are ids that were sampled: the end of the turn taken off, and nothing else."""
    by_id = {row["row_id"]: row for row in rows}

    def swirl_judge(prompts, completion_ids, log_metric=None, **_):
        rewards = judge.ask([action_at(by_id[row], ids, tokenizer, ends) for row, ids in zip(prompts, completion_ids)])
        if log_metric is not None:
            log_metric("no_verdict", sum(reward is None for reward in rewards) / len(rewards))
        return rewards

    return swirl_judge


def action_at(row, ids, tokenizer, ends):
    whole = len(ids) > 0 and ids[-1] in ends
    text = tokenizer.decode(ids[:-1] if whole else ids, skip_special_tokens=False)
    return {"row_id": row["row_id"], "completion": text, "truncated": not whole}


def end_ids(model, tokenizer):
    ends = model.generation_config.eos_token_id
    ends = ends if isinstance(ends, list) else [] if ends is None else [ends]
    return {*ends, tokenizer.eos_token_id} - {None}


def drawn_states(settings, rows):
    states, weights = distinct_states(rows, settings["weighting"])
    source = random.Random(settings["seed"])
    return [source.choices(states, weights)[0] for _ in range(settings["iterations"] * settings["states"])]


def grpo(settings, folder, rows, model, tokenizer, judge):
    """Fresh actions at recorded states, each against the others of its state."""
    from datasets import Dataset
    from trl import GRPOConfig, GRPOTrainer

    by_id = {row["row_id"]: row for row in rows}

    class AtRecordedStates(GRPOTrainer):
        """A prompt is the name of a state; its ids are those on record."""

        def _tokenize_prompts(self, prompts):
            return [by_id[prompt]["prompt_token_ids"] for prompt in prompts], None, {}

    samples, length = settings["samples"], settings["maxTokens"]
    drawn = drawn_states(settings, rows)
    exact = settings["normalise"] == "none"
    arguments = GRPOConfig(
        **shared_arguments(settings, folder, settings["states"] * samples),
        num_generations=samples,
        max_completion_length=length,
        temperature=1.0,
        top_p=1.0,
        top_k=0,
        loss_type="dr_grpo",
        scale_rewards="none" if exact else "group",
        reward_weights=[length * (samples / (samples - 1) if exact else 1.0)],
        beta=settings["beta"] * length,
        num_iterations=1,
        shuffle_dataset=False,
        mask_truncated_completions=False,
        remove_unused_columns=False,
    )
    return ours(AtRecordedStates, settings)(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list([{"prompt": row["row_id"]} for row in drawn]),
        processing_class=tokenizer,
        peft_config=adapter(settings),
        reward_funcs=reward_function(judge, rows, tokenizer, end_ids(model, tokenizer)),
    )


def sampled_pairs(settings, folder, rows, model, tokenizer, judge):
    """At each drawn state an action that the judge prefers, and one that it likes less; kept, so that none is sampled twice."""
    import torch

    path = folder.job / "pairs"
    if path.exists():
        return read_rows(path)
    ends, pairs = end_ids(model, tokenizer), []
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device)
    states = {row["row_id"]: row for row in drawn_states(settings, rows)}
    for row in states.values():
        prompt = torch.tensor([row["prompt_token_ids"]], device=device).repeat(settings["samples"], 1)
        with torch.no_grad():
            made = model.generate(
                input_ids=prompt, attention_mask=torch.ones_like(prompt), do_sample=True, temperature=1.0, top_p=1.0, top_k=0,
                max_new_tokens=settings["maxTokens"], eos_token_id=sorted(ends), pad_token_id=tokenizer.pad_token_id,
            )  # fmt: skip
        actions = [cut_at_end(ids, ends) for ids in made[:, prompt.shape[1] :].tolist()]
        rewards = judge.ask([action_at(row, ids, tokenizer, ends) for ids in actions])
        scored = sorted(((reward, ids) for reward, ids in zip(rewards, actions) if reward is not None), key=lambda each: each[0])
        if scored and scored[0][0] < scored[-1][0]:
            pairs.append({"prompt_ids": row["prompt_token_ids"], "chosen_ids": scored[-1][1], "rejected_ids": scored[0][1]})
    print(f"swirl: {len(pairs)} pairs from {len(states)} states", flush=True)
    if not pairs:
        fail("At none of the states does the judge prefer one fresh action to another, so there is nothing to learn.")
    temporary = folder.job / ".pairs"
    temporary.write_text("".join(json.dumps(pair) + "\n" for pair in pairs), encoding="utf-8")
    os.replace(temporary, path)
    return pairs


def cut_at_end(ids, ends):
    for index, each in enumerate(ids):
        if each in ends:
            return ids[: index + 1]
    return ids


def dpo(settings, folder, rows, model, tokenizer, judge):
    """DPO on pairs of fresh actions of the starting policy."""
    from datasets import Dataset
    from trl import DPOConfig, DPOTrainer

    class OnIds(DPOTrainer):
        def _prepare_dataset(self, dataset, *_, **__):
            return dataset

    pairs = sampled_pairs(settings, folder, rows, model, tokenizer, judge)
    batch = settings["states"]
    source = random.Random(settings["seed"])
    drawn = [source.choice(pairs) for _ in range(batch * settings["iterations"])]
    arguments = DPOConfig(**shared_arguments(settings, folder, batch), beta=settings["beta"], max_length=None)
    return ours(OnIds, settings)(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list(drawn),
        processing_class=tokenizer,
        peft_config=adapter(settings),
    )


TRAINERS = {"sft": sft, "swirl": grpo, "step-dpo": dpo}


def recorder(folder, judge):
    from transformers import TrainerCallback

    class Recorder(TrainerCallback):
        started = time.monotonic()

        def on_log(self, args, state, control, logs=None, **_):
            if not logs or "loss" not in logs:
                return
            values = {ours: finite(logs[theirs]) for theirs, ours in METRICS.items() if theirs in logs}
            if "frac_reward_zero_std" in logs:
                values["groupsWithVariance"] = 1 - logs["frac_reward_zero_std"]
            now = time.monotonic()
            values["seconds"], self.started = now - self.started, now
            if judge:
                values["judgeSeconds"], judge.seconds = judge.seconds, 0.0
            folder.add_metric(state.global_step, values)

        def on_save(self, args, state, control, **_):
            folder.add_checkpoint(Path(args.output_dir) / f"checkpoint-{state.global_step}", state.global_step)

    return Recorder()


def finite(value):
    return value if isinstance(value, (int, float)) and math.isfinite(value) else None


def main():
    here = Path(__file__).resolve().parent
    sys.path.insert(0, str(here))
    settings = json.loads((here / "settings.json").read_text(encoding="utf-8"))
    folder = Folder(settings)
    folder.claim()
    done = folder.steps()
    newest = done[-1] if done else 0
    if newest >= settings["iterations"]:
        print(f"swirl: step {newest} is there already", flush=True)
        return
    model, tokenizer = begin(settings)
    folder.begin_at(newest)
    if newest:
        print(f"swirl: going on from step {newest}", flush=True)
    rows = with_tokens(read_rows(here / "rows.jsonl"), tokenizer, model.config.max_position_embeddings)
    judge = Judge(folder, settings) if (folder.job / "judge-address").exists() else None
    trainer = TRAINERS[settings["algorithm"]](settings, folder, rows, model, tokenizer, judge)
    from transformers import PrinterCallback

    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(recorder(folder, judge))
    try:
        trainer.train(resume_from_checkpoint=str(folder.checkpoints / str(newest)) if newest else None)
    except OSError as error:
        if error.errno == 28:
            fail(f"The disk of {folder.path} is full. Make room there and give the same command again: it goes on from the newest checkpoint.")
        raise


if __name__ == "__main__":
    main()
