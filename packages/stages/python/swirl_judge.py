"""Asks a judge service (`swirl judge serve`) for rewards, in the forms of TRL, verl, OpenRLHF and slime.

One file, made by `swirl judge client > swirl_judge.py`; it needs Python 3.9 alone. What it asks for are verdicts on fresh
actions at recorded states. A state is named by its row id, `<trajectory id>/<step>`, which exported rows have.

A reward is in [0, 1]. No verdict is None, and never 0: each function below says what its trainer does then.

Environment:
  SWIRL_JUDGE_URL         the service, default http://127.0.0.1:8790
  SWIRL_JUDGE_TOKEN       its token, or
  SWIRL_JUDGE_TOKEN_FILE  a file that holds it
  SWIRL_JUDGE_TIMEOUT     seconds that one request may take, default 600
  SWIRL_JUDGE_PATIENCE    seconds that a service which is away, busy or restarted is waited for, default 300
"""

import asyncio
import json
import os
import sys
import time
import urllib.error
import urllib.request

__all__ = [
    "JudgeError",
    "ask",
    "trl_reward",
    "make_trl_reward",
    "compute_score",
    "swirl_advantage",
    "reward_func",
    "slime_reward",
    "slime_filter",
]


class JudgeError(RuntimeError):
    """The service refused, or was away for too long. Training on without rewards would teach nonsense, so it stops."""


def ask(actions, url=None):
    """Verdicts on actions, in their order: a list of dicts with verdict, reward (None: no verdict) and reason.

    An action is a dict: row_id (or trajectory_id and step_index, or prompt as messages), completion (a text, or one message of
    the assistant), and truncated where it ended at the token limit. More than 256 are asked for in several requests.
    """
    verdicts = []
    for start in range(0, len(actions), 256):
        answer = _post(_address(url), {"actions": actions[start : start + 256]})
        for verdict, reward in zip(answer["verdicts"], answer["rewards"]):
            verdicts.append({**verdict, "reward": reward})
    return verdicts


def _rows(columns, count):
    """The names of the states, from the columns of a data set."""
    if columns.get("row_id") is not None:
        return [{"row_id": row} for row in columns["row_id"]]
    if columns.get("trajectory_id") is not None and columns.get("step_index") is not None:
        pairs = zip(columns["trajectory_id"], columns["step_index"])
        return [{"trajectory_id": trajectory, "step_index": int(step)} for trajectory, step in pairs]
    if columns.get("prompts") is not None:
        return [{"prompt": prompt} for prompt in columns["prompts"]]
    raise JudgeError(f"{count} actions name no state: the data set needs the column row_id.")


# TRL ------------------------------------------------------------------------------------------------------------------


def make_trl_reward(url=None, eos_token_ids=None):
    """A reward function for GRPOTrainer. With the ids that end a turn, completions that were cut off are told apart.

    None leaves a sample out: its advantage is 0 and the others of its group have a mean of their own. That is so where this is
    the only reward function: beside another one, TRL adds None up as 0. TRL before 1.6 does that always, and is refused.
    """
    ends = None if eos_token_ids is None else set(eos_token_ids if isinstance(eos_token_ids, (list, tuple, set)) else [eos_token_ids])

    def swirl_judge(prompts=None, completions=None, completion_ids=None, log_metric=None, **columns):
        rows = _rows({**columns, "prompts": prompts}, len(completions))
        actions = []
        for index, (row, completion) in enumerate(zip(rows, completions)):
            ids = completion_ids[index] if completion_ids is not None else None
            cut = ends is not None and ids is not None and (len(ids) == 0 or ids[-1] not in ends)
            actions.append({**row, "completion": completion, "truncated": cut})
        verdicts = ask(actions, url)
        if log_metric is not None:
            log_metric("no_verdict", sum(verdict["reward"] is None for verdict in verdicts) / max(1, len(verdicts)))
        rewards = [verdict["reward"] for verdict in verdicts]
        if None in rewards:
            _refuse_old_trl()
        return rewards

    return swirl_judge


def _refuse_old_trl():
    version = str(getattr(sys.modules.get("trl"), "__version__", ""))
    numbers = [int(part) for part in version.split(".")[:2] if part.isdigit()]
    if len(numbers) == 2 and numbers < [1, 6]:
        raise JudgeError(f"An action has no verdict, and TRL {version} would count that as 0. Install TRL 1.6 or newer.")


def trl_reward(**given):
    """`GRPOTrainer(reward_funcs=trl_reward, ...)`, with the service of the environment."""
    return make_trl_reward()(**given)


# verl -----------------------------------------------------------------------------------------------------------------


async def compute_score(data_source=None, solution_str="", ground_truth=None, extra_info=None, url=None, no_verdict="stop", **_):
    """verl's custom reward function, for any advantage. The row id stands in extra_info["row_id"], else in the ground truth.

    verl's own advantages cannot leave a sample out, so without a verdict training stops. SwirlRewardManager goes on.
    """
    extra = extra_info or {}
    row = extra.get("row_id") or ground_truth
    [verdict] = await asyncio.to_thread(ask, [{"row_id": row, "completion": solution_str}], url)
    reward = verdict["reward"]
    if reward is None and no_verdict != "nan":
        raise JudgeError(f"No verdict on an action at {row}: {verdict['reason']}")
    return {"score": float("nan") if reward is None else reward, "no_verdict": float(reward is None)}


def swirl_advantage(token_level_rewards, response_mask, index, config=None, **_):
    """verl's `algorithm.adv_estimator=swirl`: the reward against the mean of the others of the same state that have one.

    Rewards and mask are [samples, tokens], `index` says whose state a sample is of. A sample whose reward is NaN has the
    advantage 0, and so has one that has no other to be compared with. Not divided by a standard deviation.
    """
    import torch

    rewards = token_level_rewards.sum(dim=-1)
    advantages = torch.zeros_like(rewards)
    groups = {}
    for place, state in enumerate(index):
        if not torch.isnan(rewards[place]):
            groups.setdefault(state, []).append(place)
    for places in groups.values():
        if len(places) > 1:
            own = rewards[places]
            advantages[places] = own - (own.sum() - own) / (len(places) - 1)
    advantages = advantages.unsqueeze(-1) * response_mask
    return advantages, advantages


def _verl_reward_manager():
    """Made where verl is: its plain manager, asking the service; `swirl_advantage` is registered beside it, by name."""
    from verl.experimental.reward_loop.reward_manager.naive import NaiveRewardManager
    from verl.trainer.ppo import core_algos

    if "swirl" not in core_algos.ADV_ESTIMATOR_REGISTRY:
        core_algos.register_adv_est("swirl")(swirl_advantage)

    class SwirlRewardManager(NaiveRewardManager):
        def __init__(self, config, tokenizer, compute_score=None, **given):
            estimator = config.algorithm.adv_estimator
            if estimator != "swirl":
                raise JudgeError(f"SwirlRewardManager goes with algorithm.adv_estimator=swirl, and it is {estimator}.")
            super().__init__(config, tokenizer, _score_or_nan, **given)

    return SwirlRewardManager


async def _score_or_nan(**given):
    return await compute_score(**{**given, "no_verdict": "nan"})


def __getattr__(name):
    """verl loads its manager by name; whoever has no verl never gets here."""
    if name != "SwirlRewardManager":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    manager = globals()[name] = _verl_reward_manager()
    return manager


# OpenRLHF -------------------------------------------------------------------------------------------------------------


def reward_func(queries, prompts, labels):
    """`--reward.remote_url swirl_judge.py`: the same as `--reward.remote_url http://host:port/openrlhf`, with a token.

    Without a verdict `rewards` is None and the score is NaN: with `--algo.dynamic_filtering_enable` OpenRLHF drops the prompt
    and takes another; without it, it stops.
    """
    body = {"query": list(queries), "prompts": list(prompts), "labels": list(labels)}
    return _post(_address(None, "/openrlhf"), body)


# slime ----------------------------------------------------------------------------------------------------------------


async def slime_reward(args, sample, **_):
    """`--custom-rm-path swirl_judge.slime_reward`; with `--group-rm` it is asked for a whole group. The label is the row id.

    None stands for no verdict; `--dynamic-sampling-filter-path swirl_judge.slime_filter` drops such groups, and slime samples
    others in their place. Without the filter slime stops.
    """
    samples = sample if isinstance(sample, list) else [sample]
    actions = []
    for one in samples:
        status = getattr(one.status, "value", one.status)
        actions.append({"row_id": one.label, "completion": one.response, "truncated": status == "truncated"})
    verdicts = await asyncio.to_thread(ask, actions)
    rewards = [verdict["reward"] for verdict in verdicts]
    return rewards if isinstance(sample, list) else rewards[0]


def slime_filter(args, samples, **_):
    """Drops groups that have a sample without a verdict, or whose rewards are all the same: these teach nothing."""
    from slime.rollout.filter_hub.base_types import DynamicFilterOutput

    rewards = [(one[0] if isinstance(one, list) else one).reward for one in samples]
    if any(reward is None for reward in rewards):
        return DynamicFilterOutput(keep=False, reason="no_verdict")
    keep = len(set(rewards)) > 1
    return DynamicFilterOutput(keep=keep, reason=None if keep else "same_reward")


# HTTP -----------------------------------------------------------------------------------------------------------------


def _address(url, path="/judge"):
    base = (url or os.environ.get("SWIRL_JUDGE_URL") or "http://127.0.0.1:8790").rstrip("/")
    return base if base.endswith(path) else base + path


def _token():
    file = os.environ.get("SWIRL_JUDGE_TOKEN_FILE")
    if file:
        with open(file, encoding="utf-8") as opened:
            return opened.read().strip()
    return os.environ.get("SWIRL_JUDGE_TOKEN", "").strip()


# A service on this machine is not behind a proxy.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _post(url, body):
    """Waits for a service that is away, busy or being restarted; what it refuses for good is an error with its sentence."""
    headers = {"content-type": "application/json"}
    token = _token()
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode("utf-8")
    timeout = float(os.environ.get("SWIRL_JUDGE_TIMEOUT") or 600)
    end = time.monotonic() + float(os.environ.get("SWIRL_JUDGE_PATIENCE") or 300)
    pause = 0.5
    while True:
        request = urllib.request.Request(url, data=data, headers=headers, method="POST")
        try:
            with _opener.open(request, timeout=timeout) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            problem = f"{url} answered {error.code}: {_sentence(error)}"
            if error.code not in (408, 429, 502, 503, 504):
                raise JudgeError(problem) from None
            pause = max(pause, _seconds(error.headers.get("retry-after")))
        except (OSError, ValueError) as error:
            problem = f"{url} gave no answer: {error}"
        if time.monotonic() + pause > end:
            raise JudgeError(f"{problem} (waited as long as SWIRL_JUDGE_PATIENCE says)")
        time.sleep(pause)
        pause = min(2 * pause, 10)


def _seconds(text):
    try:
        return max(0.0, float(text))
    except (TypeError, ValueError):
        return 0.0


def _sentence(error):
    try:
        return json.load(error)["error"]
    except (ValueError, KeyError, TypeError, OSError):
        return error.reason
