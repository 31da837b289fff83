"""Reads the configurations of engine-ray by verl's and OpenRLHF's own: which settings they know, and what they make of them.

Called by ray.mjs with two files: the commands that train with verl and with OpenRLHF. Neither is started: both want GPUs.
"""

import argparse
import datetime
import importlib.util
import json
import os
import re
import shlex
import sys


def words(path):
    line = next(line for line in open(path, encoding="utf-8") if " -m " in line)
    return shlex.split(line)[3:]


def verl(overrides):
    """Hydra refuses a name that verl's configuration does not have."""
    from hydra import compose, initialize_config_dir

    package = importlib.util.find_spec("verl").submodule_search_locations[0]
    with initialize_config_dir(os.path.join(package, "trainer", "config"), version_base=None):
        config = compose("ppo_trainer", overrides=overrides)
    return {
        "steps": config.trainer.total_training_steps,
        "estimator": config.algorithm.adv_estimator,
        "aggregation": config.actor_rollout_ref.actor.loss_agg_mode,
        "betas": list(config.actor_rollout_ref.actor.optim.betas),
    }


def openrlhf(flags):
    """The parser that stands in OpenRLHF's command, without what it starts."""
    package = importlib.util.find_spec("openrlhf").submodule_search_locations[0]
    source = open(os.path.join(package, "cli", "train_ppo_ray.py"), encoding="utf-8").read()
    block = re.search(r"^    parser = argparse\.ArgumentParser.*?(?=^    args = parser\.parse_args)", source, re.S | re.M)
    lines = "\n".join(line.removeprefix("    ") for line in block.group(0).splitlines())
    scope = {"argparse": argparse, "datetime": datetime.datetime}
    exec(lines, scope)
    args = vars(scope["parser"].parse_args(flags))
    return {
        "estimator": args["algo.advantage.estimator"],
        "batch": args["rollout.batch_size"],
        "betas": args["actor.adam.betas"],
        "label": args["data.label_key"],
    }


print(json.dumps({"verl": verl(words(sys.argv[1])), "openrlhf": openrlhf(words(sys.argv[2]))}))
