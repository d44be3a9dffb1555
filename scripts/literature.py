#!/usr/bin/env python3
"""What the circuits of models/literature learn: loss at the end over seeds, chance, and the audit's verdict.

    scripts/literature.py [--seeds 10] [--steps N] [--apical ./apical] [NAME...]

Each model runs for its own length, or for N steps where that is shorter (whole trials). Chance is the loss of
an output that is the labels' mean, of cross-entropies the entropy of the classes. At their own lengths ten seeds
take about half an hour of one processor; two seeds of 2,000 steps half a minute.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import tomllib

import h5py
import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "literature")
# add with lags 1 and 2: half the variance of 0.5 x - 0.25 x'; three sines; two classes
KNOWN = {"add": 0.5 * (0.25 + 0.0625) / 4, "pattern": 0.328125, "evidence": math.log(2)}


def model_of(name):
    with open(os.path.join(FOLDER, name + ".toml"), "rb") as file:
        return tomllib.load(file)


def chance(model):
    """Nothing where the loss is not of the labels alone."""
    task = model["task"]
    if task["kind"] != "file":
        return KNOWN[task["kind"]]
    against = model.get("loss", {}).get("against", "label")
    if not against.startswith("label"):
        return None
    with h5py.File(os.path.join(FOLDER, task["path"])) as file:
        labels = file[task.get("y", "y")][:].astype(float)
    if "[" in against:
        first, last = against[against.index("[") + 1:-1].split(":")
        labels = labels[:, int(first):int(last)]
    if model.get("loss", {}).get("kind") == "cross_entropy":
        share = labels.mean(axis=0)
        return -(share * np.log(share)).sum()
    return 0.5 * labels.var(axis=0).mean()


def run(apical, name, steps, seed):
    """The mean loss of the last tenth of the steps, or of the trials; nothing of a circuit without a loss."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.h5")
        command = [apical, "run", os.path.join(FOLDER, name + ".toml"), "-o", path, "--json",
                   "--set", f"run.seed={seed}", "--set", f"run.steps={steps}", "--set", "run.record_endpoints=false"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: {done.stderr.strip()}")
        with h5py.File(path) as stored:
            if "trials" in stored:
                losses = stored["trials/loss"][:]
                return losses[-max(1, len(losses) // 10):].mean()
        return json.loads(done.stdout).get("loss")


def steps_of(model, most):
    steps = model["run"]["steps"]
    trial = model.get("trial", {}).get("steps", 1)
    if model["task"]["kind"] == "evidence":
        trial = 2250
    return max(trial, min(steps, most)) if most else steps


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--apical", default="./apical")
    asked = parser.parse_args()
    listed = json.loads(subprocess.run([asked.apical, "list", "literature", "--json"], check=True, capture_output=True,
                                       text=True).stdout)["literature"]
    print("| circuit | task | steps | seeds | loss | chance | verdict |\n|---|---|---|---|---|---|---|")
    for one in listed:
        name = one["name"]
        if asked.names and name not in asked.names:
            continue
        model = model_of(name)
        steps = steps_of(model, asked.steps)
        losses = [run(asked.apical, name, steps, seed) for seed in range(1, asked.seeds + 1)]
        known = [loss for loss in losses if loss is not None]
        loss = "-"
        if known:
            spread = np.std(known, ddof=1) / math.sqrt(len(known)) if len(known) > 1 else math.nan
            loss = f"{np.mean(known):.4f}" + ("" if math.isnan(spread) else f" ± {spread:.4f}")
        least = chance(model) if known else None
        print(f"| `{name}` | {one['task']} | {steps} | {len(losses)} | {loss} | {'-' if least is None else f'{least:.4f}'} | {one['verdict']} |",
              flush=True)


if __name__ == "__main__":
    main()
