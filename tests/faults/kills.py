"""Kills runs at random moments (SIGKILL), resumes them, and compares the files with those of runs that nobody killed.

usage: kills.py APICAL KILLS [SEED]
Everything is recorded in every step. Each time: what a reader saw before the kill is still in the file that the kill
left, which `apical inspect` and h5py (swmr) read, with the numbers of the whole run; after `apical resume`, itself
killed now and then, the file is that of the whole run, byte by byte.
"""
import hashlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

import h5py

MODELS = pathlib.Path(__file__).resolve().parents[2] / "models"
ALGORITHMS = ["bptt", "bptt_window", "dni", "dni_b", "fixed_w", "kernl", "kf_rtrl", "r_kf", "rflo", "rtrl", "uoro"]
STEPS = {"rtrl": 400, "r_kf": 1500, "kf_rtrl": 1500}


def settings(algorithm):
    return ["--steps", str(STEPS.get(algorithm, 3000)), "--set", "population.hidden.size=12",
            "--set", "record={ all = { what = \"*\" } }", "--set", "checkpoint={ every = 97, keep = 2 }", "-q"]


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def rows_seen(path):
    """How many rows of the loss a reader finds in the file of a run that goes on; 0 before there is one."""
    try:
        with h5py.File(path, "r", libver="latest", swmr=True) as f:
            return f["/signals/loss"].shape[0]
    except (OSError, KeyError):
        return 0


class Failed(Exception):
    pass


class Kills:
    def __init__(self, apical, seed):
        self.apical, self.draw = apical, random.Random(seed)
        self.counts = {"kills": 0, "of a resumption": 0, "before the first checkpoint": 0, "rows seen before": 0}
        self.whole = {}

    def reference(self, algorithm, folder):
        if algorithm not in self.whole:
            path = folder / f"{algorithm}.h5"
            begin = time.monotonic()
            subprocess.run([self.apical, "run", MODELS / f"{algorithm}.toml", *settings(algorithm), "-o", path],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.whole[algorithm] = path, digest(path), time.monotonic() - begin
        return self.whole[algorithm]

    def started_and_killed(self, command, path, seconds):
        """Whether it was still going on when it was killed; and the rows that were seen before."""
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        moment = time.monotonic() + self.draw.uniform(0.0, seconds)
        seen = 0
        if self.draw.random() < 0.5:
            time.sleep(max(0.0, (moment - time.monotonic()) / 2))
            seen = rows_seen(path)
        time.sleep(max(0.0, moment - time.monotonic()))
        run.send_signal(signal.SIGKILL)
        told = run.communicate()[1].decode()
        self.history.append((command[1], run.returncode, told, sorted(p.name for p in path.parent.glob("killed*"))))
        if run.returncode not in (0, -signal.SIGKILL):
            raise Failed(f"{command} ended with {run.returncode}")
        return run.returncode != 0, seen

    def check_killed(self, path, whole, seen):
        inspected = subprocess.run([self.apical, "inspect", path], capture_output=True, text=True)
        if inspected.returncode != 0:
            raise Failed(f"inspect: {inspected.stderr}")
        with h5py.File(path, "r", libver="latest", swmr=True) as f, h5py.File(whole, "r") as g:
            losses = f["/signals/loss"][:]
            if len(losses) < seen:
                raise Failed(f"{seen} rows were seen before the kill, {len(losses)} are left")
            if losses.tobytes() != g["/signals/loss"][:len(losses)].tobytes():
                raise Failed("the rows are not those of the whole run")
        self.counts["rows seen before"] += seen > 0

    def one(self, algorithm, folder):
        """One run, killed up to four times."""
        whole, sha, seconds = self.reference(algorithm, folder)
        self.history = []
        path = folder / "killed.h5"
        for left in folder.glob("killed.h5*"):
            left.unlink()
        command = [self.apical, "run", MODELS / f"{algorithm}.toml", *settings(algorithm), "-o", path]
        for _ in range(4):
            killed, seen = self.started_and_killed(command, path, seconds)
            if not killed:
                break
            self.counts["kills"] += 1
            self.counts["of a resumption"] += command[1] == "resume"
            if not path.exists():
                return
            self.check_killed(path, whole, seen)
            if not list(folder.glob("killed.h5.*.checkpoint")):
                self.counts["before the first checkpoint"] += 1
                return
            command = [self.apical, "resume", path, "-q"]
            if self.draw.random() < 0.6:
                break
        if command[1] == "resume":
            resumed = subprocess.run(command, capture_output=True, text=True)
            if resumed.returncode != 0:
                raise Failed(f"resume: {resumed.stderr}")
        if digest(path) != sha:
            raise Failed("the file is not that of the whole run")
        unfinished = list(folder.glob("killed.h5.*.new"))
        if unfinished:
            raise Failed(f"left behind: {unfinished}")


def main():
    apical, kills = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(2**32)
    harness = Kills(apical, seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        turn = 0
        while harness.counts["kills"] < kills:
            algorithm = ALGORITHMS[turn % len(ALGORITHMS)]
            turn += 1
            try:
                harness.one(algorithm, folder)
            except Failed as failure:
                kept = tempfile.mkdtemp(prefix="apical-kill-")
                for left in folder.glob("killed.h5*"):
                    os.rename(left, pathlib.Path(kept) / left.name)
                sys.exit(f"{algorithm}, seed {seed}, after {harness.counts['kills']} kills: {failure}; {harness.history}; files in {kept}")
    print(f"seed {seed}: all {turn} runs have the bytes of runs that nobody killed;",
          ", ".join(f"{count} {what}" for what, count in harness.counts.items()))


main()
