"""What a training's folder and its judge are to a launcher: one job at a time, checkpoints whole or not at all, and a judge
that is waited for. Client and cluster share the folder.
"""

import fcntl
import json
import os
import shutil
import sys
import time
from pathlib import Path


def fail(sentence):
    """Ends the job; the client shows the sentence in place of a log."""
    print(f"swirl error: {sentence}", flush=True)
    sys.exit(1)


# The training's folder ------------------------------------------------------------------------------------------------


class Folder:
    """One job at a time, checkpoints whole or not at all, and no metric beyond the checkpoint that is gone on from."""

    def __init__(self, settings):
        self.path = Path(settings["directory"])
        self.keep = settings["keepCheckpoints"]
        if not (self.path / "job.json").is_file():
            fail(
                f"The cluster does not see {self.path}, where checkpoints go. Client and cluster have to share that folder: "
                "name one on shared storage by --run."
            )
        self.job = self.path / "job"
        self.job.mkdir(exist_ok=True)
        self.checkpoints = self.path / "checkpoints"
        self.checkpoints.mkdir(exist_ok=True)
        self.metrics = self.path / "metrics.jsonl"
        self.lock = open(self.job / "lock", "a")

    def claim(self, patience=90):
        """A job that its cluster gave up may still run for a moment; two would train the same steps."""
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.lock.truncate(0)
                self.lock.write(f"{os.getpid()}\n")
                self.lock.flush()
                return
            except OSError:
                if time.monotonic() > until:
                    fail(f"Another process trains in {self.path} already. Stop it, or wait until it has ended.")
                time.sleep(1)

    def steps(self):
        return sorted(int(each.name) for each in self.checkpoints.iterdir() if each.name.isdigit())

    def begin_at(self, step):
        for each in self.checkpoints.iterdir():
            if each.name.startswith("."):
                shutil.rmtree(each, ignore_errors=True)
        if not self.metrics.exists():
            return
        kept = []
        for line in self.metrics.read_text(encoding="utf-8").splitlines():
            try:
                if json.loads(line)["step"] <= step:
                    kept.append(line)
            except ValueError:
                pass  # A torn last line.
        temporary = self.path / ".metrics"
        temporary.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        os.replace(temporary, self.metrics)

    def add_metric(self, step, values):
        record = {"schema": "swirl.metric/1", "step": step, "values": values, "alarms": []}
        with open(self.metrics, "a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")
            file.flush()
            os.fsync(file.fileno())
        print(f"swirl metric: {json.dumps(record)}", flush=True)

    def add_checkpoint(self, written, step):
        for file in written.rglob("*"):
            if file.is_file():
                with open(file, "rb") as open_file:
                    os.fsync(open_file.fileno())
        os.replace(written, self.checkpoints / str(step))
        for old in self.steps()[: -self.keep]:
            removing = self.checkpoints / f".removing-{old}"
            os.replace(self.checkpoints / str(old), removing)
            shutil.rmtree(removing, ignore_errors=True)
        print(f"swirl checkpoint: {step}", flush=True)


# The judge ------------------------------------------------------------------------------------------------------------


class Judge:
    """`swirl judge serve`. An attached one has another address each time its client comes back; it stands in job/judge-address."""

    def __init__(self, folder, settings):
        self.file = folder.job / "judge-address"
        self.patience = settings["judgePatience"]
        self.seconds = 0.0
        os.environ.setdefault("SWIRL_JUDGE_PATIENCE", "5")

    def ask(self, actions):
        """Rewards in [0, 1], None where there is no verdict."""
        import swirl_judge

        began = time.monotonic()
        until = began + self.patience
        said = False
        while True:
            url = self.file.read_text(encoding="utf-8").strip()
            try:
                rewards = [verdict["reward"] for verdict in swirl_judge.ask(actions, url)]
                self.seconds += time.monotonic() - began
                return rewards
            except swirl_judge.JudgeError as error:
                if "SWIRL_JUDGE_PATIENCE" not in str(error):
                    fail(f"The judge refused: {error}")
                if time.monotonic() > until:
                    fail(
                        f"The judge at {url} was away for {self.patience} s: {error} Give the same command again, which brings it "
                        "back; or serve one that stays (swirl judge serve) and name it by SWIRL_JUDGE_URL."
                    )
                if not said:
                    print(f"swirl: waiting for the judge at {url}", flush=True)
                said = True
                time.sleep(2)
