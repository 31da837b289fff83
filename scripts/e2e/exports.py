"""Loads what `npm run e2e -- exports` exported, by the code of those who read it: exports.py <readers|trainers> <folder> <model> <prm>."""

import glob
import json
import os
import sys

part, folder, model, prm = sys.argv[1:5]


def path(name):
    return os.path.join(folder, name)


def lines(name):
    with open(path(name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def ok(what):
    print("ok " + what, flush=True)


def same(what, found, expected):
    if found != expected:
        raise SystemExit(f"{what}: {found!r}, and not {expected!r}")
    ok(f"{what}: {found}")


def readers():
    import datasets
    import pyarrow.parquet
    from huggingface_hub import DatasetCard

    cache = path("cache")
    for run in ("tags", "native"):
        for format in ("trl-grpo", "trl-sft", "trl-dpo", "trl-prm", "openrlhf", "openai-chat", "verl", "skyrl"):
            name = f"{run}-{format}.jsonl"
            if not os.path.exists(path(name)):
                continue
            found = datasets.load_dataset("json", data_files=path(name), split="train", cache_dir=cache)
            same(f"datasets reads the rows of {name}", len(found), len(lines(name)))
        for format in ("verl", "skyrl"):
            name = f"{run}-{format}.parquet"
            rows = lines(f"{run}-{format}.jsonl")
            table = pyarrow.parquet.read_table(path(name)).to_pylist()
            same(f"pyarrow reads the rows of {name}", len(table), len(rows))
            for row, line in zip(table, rows):
                assert row["extra_info"]["row_id"] == line["extra_info"]["row_id"], (row, line)
                texts = [message["content"] for message in row["prompt"]]
                assert texts == [message["content"] for message in line["prompt"]], (row, line)
            found = datasets.load_dataset("parquet", data_files=path(name), split="train", cache_dir=cache)
            same(f"datasets reads the rows of {name}", len(found), len(rows))
        found = datasets.load_dataset(path(f"{run}-hf"), "bench-sandbox-calc", cache_dir=cache)
        same(f"datasets reads the splits of {run}-hf by its card", list(found), ["test"])
        row = found["test"][0]
        same(f"{run}-hf has a verdict for each step of its first row", all(step["verdict"] for step in row["steps"]), True)
        same(f"huggingface_hub reads the card of {run}-hf", DatasetCard.load(path(f"{run}-hf/README.md")).data.license, "mit")

    for row in lines("native-openai-chat.jsonl"):
        openai_chat(row)
    ok("chat lines have what OpenAI's fine-tuning wants: roles, contents, answered calls, an assistant's turn last")
    inspect_logs()
    lm_eval()
    harbor()


def openai_chat(row):
    """The checks of OpenAI's own recipe for data preparation, and that every call is answered."""
    open_calls = set()
    for message in row["messages"]:
        assert set(message) <= {"role", "content", "name", "tool_calls", "tool_call_id", "weight"}, message
        assert message["role"] in ("system", "user", "assistant", "tool"), message
        assert isinstance(message["content"], str) or message.get("tool_calls"), message
        for call in message.get("tool_calls", []):
            json.loads(call["function"]["arguments"])
            open_calls.add(call["id"])
        if message["role"] == "tool":
            open_calls.remove(message["tool_call_id"])
    assert row["messages"][-1]["role"] == "assistant" and not open_calls, row


def inspect_logs():
    from inspect_ai.analysis import samples_df
    from inspect_ai.log import list_eval_logs, read_eval_log, read_eval_log_sample_summaries, read_eval_log_samples

    for name, count in (("tags-inspect", 60), ("native-inspect", 3), ("eval-inspect", 10)):
        (info,) = list_eval_logs(path(name))
        log = read_eval_log(info)
        same(f"inspect_ai.log.read_eval_log reads the samples of {name}", (log.status, len(log.samples)), ("success", count))
        same(f"{name} as a stream", sum(1 for _ in read_eval_log_samples(info)), count)
        same(f"{name} as the viewer's list", len(read_eval_log_sample_summaries(info)), count)
        same(f"{name} as a data frame of samples", len(samples_df(path(name))), count)
        calls = [call for sample in log.samples for message in sample.messages for call in (getattr(message, "tool_calls", None) or [])]
        same(f"{name} has structured calls", len(calls) > 0 and all(isinstance(call.arguments, dict) for call in calls), True)
        score = log.results.scores[0]
        mean = sum(sample.scores[score.name].as_float() for sample in log.samples) / count
        same(f"{name}: the mean of its header is that of its samples", abs(mean - score.metrics["mean"].value) < 1e-9, True)


def lm_eval():
    import datasets
    from lm_eval.utils import get_file_datetime, get_file_task_name, make_table

    for name, count in (("tags-lm-eval", 60), ("eval-lm-eval", 10)):
        (samples,) = glob.glob(path(f"{name}/*/samples_*.jsonl"))
        (results,) = glob.glob(path(f"{name}/*/results_*.json"))
        task = get_file_task_name(os.path.basename(samples))
        with open(results, encoding="utf-8") as file:
            found = json.load(file)
        same(f"lm_eval tells task and time of {name} by the file's name", task in found["results"] and get_file_datetime(os.path.basename(samples)) in results, True)
        same(f"lm_eval's own table shows {name}", task in make_table(found), True)
        rows = datasets.load_dataset("json", data_files=samples, split="train", cache_dir=path("cache"))
        same(f"datasets reads the samples of {name}, as the harness's cards do", len(rows), count)
        metric = rows[0]["metrics"][0]
        mean = sum(row[metric] for row in rows) / count
        same(f"{name}: the mean in its results is that of its samples", abs(found["results"][task][f"{metric},none"] - mean) < 1e-9, True)


def harbor():
    from harbor.models.trajectories.trajectory import Trajectory
    from harbor.utils.trajectory_validator import TrajectoryValidator

    for name, count in (("tags-atif", 60), ("native-atif", 3)):
        files = [each for each in glob.glob(path(f"{name}/*.json")) if not each.endswith("export.json")]
        for file in files:
            validator = TrajectoryValidator()
            assert validator.validate(file), (file, validator.get_errors())
        same(f"Harbor's validator accepts the documents of {name}", len(files), count)
        with open(files[0], encoding="utf-8") as file:
            trajectory = Trajectory.model_validate_json(file.read())
        assert any(step.tool_calls for step in trajectory.steps) or len(trajectory.steps) > 1


def trainers():
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    trl(tokenizer)
    for check in (verl, openrlhf, skyrl):
        try:
            check(tokenizer)
        except ImportError as error:
            print(f"not here {check.__name__}: {error}", flush=True)
    trl_prm(tokenizer)


def trl(tokenizer):
    import datasets
    from trl import DPOConfig, DPOTrainer, GRPOConfig, GRPOTrainer, SFTConfig, SFTTrainer

    common = dict(use_cpu=True, bf16=False, report_to="none", save_strategy="no", per_device_train_batch_size=4, max_steps=1, disable_tqdm=True, output_dir=path("trained"))

    def read(name):
        return datasets.load_dataset("json", data_files=path(name), split="train", cache_dir=path("cache"))

    rows = read("tags-trl-sft.jsonl")
    sft = SFTTrainer(model, args=SFTConfig(max_length=320, **common), train_dataset=rows, processing_class=tokenizer)
    same("SFTTrainer keeps every row of trl-sft", len(sft.train_dataset), len(rows))
    first = sft.train_dataset[0]
    learnt = tokenizer.decode([token for token in first["labels"] if token != -100]).replace(" ", "")
    same("SFTTrainer learns the action, and nothing before it", learnt, (rows[0]["completion"][0]["content"] + "<end>").replace(" ", ""))
    sft.train()
    ok("SFTTrainer trains a step on trl-sft")

    native = read("native-trl-sft.jsonl")
    prepared = SFTTrainer(model, args=SFTConfig(max_length=320, **common), train_dataset=native, processing_class=tokenizer)
    same("SFTTrainer keeps every row with structured calls", len(prepared.train_dataset), len(native))

    pairs = read("tags-trl-dpo.jsonl")
    dpo = DPOTrainer(model, args=DPOConfig(max_length=320, **common), train_dataset=pairs, processing_class=tokenizer)
    same("DPOTrainer keeps every pair of trl-dpo", len(dpo.train_dataset), len(pairs))
    dpo.train()
    ok("DPOTrainer trains a step on trl-dpo")

    seen = []

    def reward(completions, row_id, trajectory_id, step_index, **_):
        seen.extend(zip(row_id, trajectory_id, step_index))
        return [None if index == 0 else float(len(text[0]["content"]) % 2) for index, text in enumerate(completions)]

    states = read("tags-trl-grpo.jsonl")
    settings = GRPOConfig(num_generations=4, max_completion_length=8, beta=0.0, loss_type="dr_grpo", scale_rewards="none", **common)
    GRPOTrainer(model, reward_funcs=reward, args=settings, train_dataset=states, processing_class=tokenizer).train()
    same("GRPOTrainer hands the row ids to the reward function", bool(seen) and all(row == f"{of}/{step}" for row, of, step in seen), True)


def trl_prm(tokenizer):
    """By itself at the end: another version of TRL takes the place of the first."""
    for name in [each for each in sys.modules if each == "trl" or each.startswith("trl.")]:
        del sys.modules[name]
    sys.path.insert(0, prm)
    from trl.experimental.prm import PRMTrainer

    for row in lines("tags-trl-prm.jsonl"):
        tokens = PRMTrainer.tokenize_row(row, tokenizer, "\n", None, None, False, False)
        labels = [label for label in tokens["labels"] if label != -100]
        assert labels == [int(label) for label in row["labels"]], (row, labels)
    ok("PRMTrainer.tokenize_row (TRL 1.10) labels the end of every step of trl-prm as the judge did")


def verl(tokenizer):
    from omegaconf import OmegaConf
    from verl.utils.dataset.rl_dataset import RLHFDataset

    for name in ("tags-verl.parquet", "tags-verl.jsonl", "native-verl.parquet"):
        config = OmegaConf.create({"max_prompt_length": 320, "cache_dir": path("verl"), "filter_overlong_prompts_workers": 1})
        found = RLHFDataset(path(name), tokenizer, config)
        same(f"verl's RLHFDataset keeps every row of {name}", len(found), len(lines(name.replace(".parquet", ".jsonl"))))
        row = found[0]
        same(f"verl hands on the row id and a ground truth ({name})", (row["extra_info"]["row_id"].endswith("/0"), isinstance(row["reward_model"]["ground_truth"], str)), (True, True))


def openrlhf(tokenizer):
    from types import SimpleNamespace

    import datasets
    from openrlhf.datasets.prompts_dataset import PromptDataset

    rows = datasets.load_dataset("json", data_files=path("tags-openrlhf.jsonl"), split="train", cache_dir=path("cache"))
    data = SimpleNamespace(input_key="input", label_key="label", apply_chat_template=True)
    found = PromptDataset(rows, tokenizer, SimpleNamespace(args=SimpleNamespace(data=data), is_rank_0=lambda: False))
    source, prompt, label, _ = found[0]
    same("OpenRLHF's PromptDataset reads every row", len(found), len(rows))
    same("OpenRLHF sends the row id as the label", (source, label == rows[0]["row_id"], prompt.endswith("<model>")), ("bench-sandbox/calc", True, True))


def skyrl(tokenizer):
    from skyrl.train.dataset.dataset import PromptDataset

    for name in ("tags-skyrl.parquet", "tags-skyrl.jsonl"):
        found = PromptDataset(path(name), tokenizer, 320, num_workers=1)
        same(f"SkyRL's PromptDataset keeps every row of {name}", len(found), len(lines("tags-skyrl.jsonl")))
        _, environment, extras, _ = found[0]
        same(f"SkyRL hands on environment and row id ({name})", (environment, extras["extra_info"]["row_id"].endswith("/0")), ("swirl_step", True))


readers() if part == "readers" else trainers()
