#!/usr/bin/python3
"""Trains fixed-W, RFLO and DNI(b) at the short setting over several seeds and holds the mean final losses against a table of
the authors' code (Add with lags 2 and 4, 100,000 steps, 20 seeds). Usage: scripts/short_setting.py [SEEDS]"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Mean over the last tenth of the steps and its standard error, in nats; RFLO with the transpose of W_out as feedback,
# DNI(b) with random feedback.
REFERENCE = {
    "fixed_w": (0.5714, 0.0025),
    "variants/rflo_mirrored": (0.5199, 0.0014),
    "dni_b": (0.5060, 0.0023),
}


def final_loss(model, seed, folder):
    command = [ROOT / "apical", "run", ROOT / f"models/{model}.toml", "--seed", str(seed), "--quiet", "--json", "--force",
               "--set", "task.lags=[2,4]", "--set", "record={}", "--output", f"{folder}/run.h5"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["loss"]


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    if seeds < 2:
        sys.exit("short_setting.py: a standard error needs at least 2 seeds")
    print(f"{'model':<24} {'loss':>8} {'S.E.M.':>8} {'authors':>9} {'S.E.M.':>8}   difference in combined S.E.M.")
    worst, means = 0.0, []
    with tempfile.TemporaryDirectory() as folder:
        for model, (reference, reference_error) in REFERENCE.items():
            losses = [final_loss(model, seed, folder) for seed in range(1, seeds + 1)]
            mean = sum(losses) / seeds
            error = math.sqrt(sum((loss - mean) ** 2 for loss in losses) / (seeds - 1) / seeds)
            off = (mean - reference) / math.hypot(error, reference_error)
            print(f"{model:<24} {mean:8.4f} {error:8.4f} {reference:9.4f} {reference_error:8.4f}   {off:+.2f}")
            worst = max(worst, abs(off))
            means.append(mean)
    in_order = means[0] > means[1] > means[2]
    print("order fixed-W > RFLO > DNI(b):", "holds" if in_order else "does not hold")
    return 0 if worst <= 3.0 and in_order else 1


if __name__ == "__main__":
    sys.exit(main())
