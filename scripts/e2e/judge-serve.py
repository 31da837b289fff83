"""The judge service asked by the code of TRL, OpenRLHF and verl themselves. Called by judge-serve.mjs, in an environment with them.

    python judge-serve.py <folder of swirl_judge.py> <url> <policy folder> <rows.json> <odd url> <odd row>

`odd` is a service whose judge gives no verdict where the action says so. Prints one JSON document.
"""

import asyncio
import json
import math
import os
import sys
import types

here, url, policy, rows_file, odd_url, odd_row = sys.argv[1:]
sys.path.insert(0, here)
os.environ["SWIRL_JUDGE_URL"] = url
import swirl_judge

with open(rows_file, encoding="utf-8") as file:
    rows = json.load(file)
none = "<answer>unscored-0</answer>"
good = "<answer>good-0</answer>"


def say(text):
    print(text, file=sys.stderr, flush=True)


def trl():
    """Three steps of GRPOTrainer on the embedded policy, at real states; then rewards of which one is None."""
    import torch
    from datasets import Dataset
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from trl import GRPOConfig, GRPOTrainer

    os.environ["SWIRL_JUDGE_URL"] = url
    tokenizer = AutoTokenizer.from_pretrained(policy)
    model = AutoModelForCausalLM.from_pretrained(policy, dtype=torch.float32)
    before = {name: value.detach().clone() for name, value in model.named_parameters()}
    seen = []

    def reward(**given):
        rewards = swirl_judge.make_trl_reward(eos_token_ids=tokenizer.eos_token_id)(**given)
        seen.append(rewards)
        return rewards

    settings = GRPOConfig(
        output_dir=os.path.join(here, "trl"),
        use_cpu=True,
        bf16=False,
        report_to="none",
        save_strategy="no",
        logging_steps=1,
        max_steps=3,
        per_device_train_batch_size=16,
        num_generations=8,
        max_completion_length=40,
        learning_rate=1e-3,
        beta=0.0,
        loss_type="dr_grpo",
        scale_rewards="none",
        seed=7,
        disable_tqdm=True,
    )
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=reward,
        args=settings,
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
    )
    trainer.train()
    moved = sum(not torch.equal(before[name], value) for name, value in model.named_parameters())
    log = [entry for entry in trainer.state.log_history if "reward" in entry]

    # One sample without a verdict: TRL leaves it out, and the others have the mean of their own.
    os.environ["SWIRL_JUDGE_URL"] = odd_url
    given = iter([[good, none, "<answer>bad-0</answer>", good]])
    trainer.num_generations = 4
    trainer.reward_funcs = [lambda prompts, **_: swirl_judge.trl_reward(completions=next(given), row_id=[odd_row] * 4)]
    inputs = [{"prompt": "p", "row_id": odd_row}] * 4
    rewards = trainer._calculate_rewards(inputs, ["p"] * 4, [""] * 4, [[1]] * 4)[:, 0].tolist()
    return {
        "steps": trainer.state.global_step,
        "asked": sum(len(each) for each in seen),
        "rewards": sorted({value for each in seen for value in each if value is not None}),
        "meanRewards": [entry["reward"] for entry in log],
        "weightsMoved": moved,
        "withoutVerdict": [None if math.isnan(value) else value for value in rewards],
    }


def openrlhf():
    """SingleTurnAgentExecutor, by address and by file, up to the experience that is trained on."""
    import importlib.util

    # The package's own __init__ imports DeepSpeed, which this does not need.
    spec = importlib.util.find_spec("openrlhf")
    root = list(spec.submodule_search_locations)[0]
    for name in ("openrlhf", "openrlhf.utils"):
        package = types.ModuleType(name)
        package.__path__ = [os.path.join(root, *name.split(".")[1:])]
        sys.modules[name] = package
    from openrlhf.utils.agent import SingleTurnAgentExecutor
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(policy)

    class Engine:
        def __init__(self, text):
            self.text = text

        async def generate(self, prompt_token_ids, params, multi_modal_data=None):
            ids = tokenizer(text=self.text, add_special_tokens=False)["input_ids"] + [tokenizer.eos_token_id]
            output = types.SimpleNamespace(token_ids=ids, logprobs=None, finish_reason="stop")
            return types.SimpleNamespace(outputs=[output])

    def asked(endpoint, text, row):
        params = types.SimpleNamespace(max_tokens=32, logprobs=None)
        prompt = tokenizer.apply_chat_template(rows[0]["prompt"], tokenize=False, add_generation_prompt=True)
        executor = SingleTurnAgentExecutor(endpoint)
        output = asyncio.run(executor.execute(prompt, row, params, 320, tokenizer, Engine(text)))
        return {key: output[key] for key in ("reward", "scores", "extra_logs")}

    row = rows[0]
    os.environ["SWIRL_JUDGE_URL"] = url
    by_address = asked(f"{url}/openrlhf", row["good"], row["row_id"])
    by_file = asked(os.path.join(here, "swirl_judge.py"), row["good"], row["row_id"])
    bad = asked(f"{url}/openrlhf", "<answer> 5 </answer>", row["row_id"])
    # The embedded policy's tokenizer has no words for what the odd judge reads, so it is asked as the executor asks.
    executor = SingleTurnAgentExecutor(f"{odd_url}/openrlhf")
    [without] = asyncio.run(executor._fetch_rewards_via_http([f"p{none}"], ["p"], [odd_row]))
    scores = without["scores"]
    # The filter of samples_generator.py: what is not within the range is dropped, and another prompt taken.
    dropped = not 0.0 < sum(scores) / len(scores) < 1.0
    return {
        "byAddress": by_address,
        "byFile": by_file,
        "bad": bad,
        "withoutVerdict": {"rewards": without["rewards"], "isNan": math.isnan(scores[0]), "isDropped": dropped},
    }


def verl():
    """The plain reward manager with the custom function, and the manager and advantage that leave samples out."""
    import numpy as np
    import torch
    from omegaconf import OmegaConf
    from transformers import AutoTokenizer

    from verl import DataProto
    from verl.trainer.ppo import core_algos
    from verl.trainer.ppo.reward import load_reward_manager

    tokenizer = AutoTokenizer.from_pretrained(policy)
    file = os.path.join(here, "swirl_judge.py")

    def config(**reward):
        return OmegaConf.create({"algorithm": {"adv_estimator": "swirl"}, "reward": {"reward_manager": {"source": "register", "name": "naive", "module": {"path": file, "name": None}}, "custom_reward_function": {"path": None}, **reward}})

    def sample(text, row):
        ids = tokenizer(text=text, add_special_tokens=False)["input_ids"]
        responses = torch.tensor([ids + [tokenizer.pad_token_id] * 2])
        mask = torch.tensor([[1] * 3 + [1] * len(ids) + [0] * 2])
        tensors = {"responses": responses, "prompts": torch.ones((1, 3), dtype=torch.long), "attention_mask": mask}
        columns = {"data_source": ["calc"], "reward_model": [{"ground_truth": ""}], "extra_info": [{"row_id": row}]}
        return DataProto.from_dict(tensors, {key: np.array(value, dtype=object) for key, value in columns.items()})

    os.environ["SWIRL_JUDGE_URL"] = url
    row = rows[0]
    plain = load_reward_manager(config(custom_reward_function={"path": file, "name": "compute_score"}), tokenizer)
    scored = plain.loop.run_until_complete(plain.run_single(sample(row["good"], row["row_id"])))
    own = {"source": "importlib", "name": "SwirlRewardManager", "module": {"path": file, "name": None}}
    manager = load_reward_manager(config(reward_manager=own), tokenizer)
    of_manager = manager.loop.run_until_complete(manager.run_single(sample(row["good"], row["row_id"])))

    os.environ["SWIRL_JUDGE_URL"] = odd_url
    scores = asyncio.run(_scores(manager, [good, none, "<answer>bad-0</answer>", good]))
    rewards = torch.tensor([[0.0, score] for score in scores])
    mask = torch.ones_like(rewards)
    estimator = core_algos.get_adv_estimator_fn("swirl")
    left, _ = estimator(token_level_rewards=rewards, response_mask=mask, index=np.array(["s"] * 4, dtype=object))
    grpo, _ = core_algos.compute_grpo_outcome_advantage(rewards.clone(), mask, np.array(["s"] * 4, dtype=object))
    return {
        "plain": scored,
        "manager": of_manager,
        "advantages": left[:, 1].tolist(),
        "grpoOfVerlIsNan": bool(torch.isnan(grpo).all()),
    }


async def _scores(manager, texts):
    extra = {"row_id": odd_row}
    return [(await manager.compute_score(data_source="", solution_str=text, ground_truth="", extra_info=extra))["score"] for text in texts]


document = {}
for name, check in {"openrlhf": openrlhf, "verl": verl, "trl": trl}.items():
    say(f"asked by {name} …")
    document[name] = check()
print(json.dumps(document))
