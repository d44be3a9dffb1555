#!/usr/bin/env python3
"""Loss of RFLO on the sine task of its author's notebook, over trials, mean and S.E.M. of seeds.

    scripts/murray_curve.py [TRIALS] [SEEDS] [APICAL]     300 trials, 6 seeds, ./apical when left out
"""
import os
import subprocess
import sys
import tempfile

import h5py
import numpy as np

MODEL = os.path.join(os.path.dirname(__file__), "..", "tests", "data", "literature", "rflo_murray_sine.toml")


def losses(trials, seed, apical):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "run.h5")
        changes = [f"run.trials={trials}", f"run.seed={seed}", "run.record_endpoints=false"]
        sets = [word for change in changes for word in ("--set", change)]
        subprocess.run([apical, "run", MODEL, "-o", path, *sets], check=True, stdout=subprocess.DEVNULL)
        with h5py.File(path) as run:
            return run["trials/loss"][:]


def main():
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    apical = sys.argv[3] if len(sys.argv) > 3 else "./apical"
    all_losses = np.array([losses(trials, seed, apical) for seed in range(1, seeds + 1)])
    for trial in (1, 100, 300, 1000, 3000):
        if trial > trials:
            break
        at = all_losses[:, trial - 1]
        print(f"trial {trial:>5}  loss {at.mean():.4f} +- {at.std(ddof=1) / np.sqrt(seeds):.4f}")


if __name__ == "__main__":
    main()
