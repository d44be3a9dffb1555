#!/usr/bin/python3
"""Trains every algorithm at the short setting (100,000 steps, rate 1e-3; Add with lags 2 and 4, and Mimic) over several seeds.
Prints the mean loss over the last tenth of the steps beside the authors' code, and paired differences over the seeds for what
is known to hold between algorithms. Usage: scripts/short_setting.py [SEEDS [JOBS]]"""

import concurrent.futures
import json
import math
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TASKS = {"add": ["task.lags=[2,4]"], "mimic": ["task.kind=mimic"]}
CODE = ["plasticity.recurrent.leave_out_alpha=true"]  # as the authors' code of Fig. 1 ran these

# Name: model, overrides, and the authors' code: mean and standard error on Add (20 seeds) and on Mimic (12 seeds).
ROWS = {
    "bptt, no alpha": ("bptt", CODE, {"add": (0.4887, 0.0008), "mimic": (0.00578, 0.00017)}),
    "bptt": ("bptt", [], {}),
    "bptt_window, no alpha": ("bptt_window", CODE, {}),
    "bptt_window": ("bptt_window", [], {}),
    "rtrl, no alpha": ("rtrl", CODE, {}),
    "rtrl": ("rtrl", [], {}),
    "kf_rtrl, no alpha": ("kf_rtrl", CODE, {}),
    "kf_rtrl": ("kf_rtrl", [], {}),
    "r_kf, no alpha": ("r_kf", CODE, {}),
    "r_kf": ("r_kf", [], {}),
    "uoro, no alpha": ("uoro", CODE, {}),
    "uoro": ("uoro", [], {}),
    "dni, target copy": ("variants/dni_target_copy", [], {"add": (0.5019, 0.0008), "mimic": (0.00598, 0.00011)}),
    "dni": ("dni", [], {}),
    "dni_b, target copy": ("variants/dni_b_target_copy", [], {"add": (0.5060, 0.0023), "mimic": (0.00714, 0.00014)}),
    "dni_b": ("dni_b", [], {}),
    "kernl": ("kernl", [], {}),
    "rflo, mirrored": ("variants/rflo_mirrored", [], {"add": (0.5199, 0.0014), "mimic": (0.00661, 0.00016)}),
    "rflo": ("rflo", [], {}),
    "fixed_w": ("fixed_w", [], {"add": (0.5714, 0.0025), "mimic": (0.02432, 0.00061)}),
}
# Task, the lower, the higher, and whether it holds in every seed or in the mean.
CLAIMS = [(task, better, "fixed_w", "every seed")
          for task in TASKS
          for better in ("bptt, no alpha", "dni, target copy", "dni_b, target copy", "rflo, mirrored")] + [
    ("add", "dni, target copy", "dni_b, target copy", "mean"),
    ("mimic", "bptt, no alpha", "dni, target copy", "mean"),
    ("add", "dni_b, target copy", "rflo, mirrored", "mean"),
    ("mimic", "rflo, mirrored", "dni_b, target copy", "mean"),
]


def final_loss(model, overrides, seed, folder):
    output = pathlib.Path(folder) / f"{abs(hash((model, tuple(overrides), seed)))}.h5"
    command = [ROOT / "apical", "run", ROOT / f"models/{model}.toml", "--seed", str(seed), "--quiet", "--json", "--force",
               "--set", "record={}", "--output", output]
    for override in overrides:
        command += ["--set", override]
    done = subprocess.run(command, capture_output=True, text=True)
    output.unlink(missing_ok=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)["loss"]


def mean_and_error(numbers):
    mean = sum(numbers) / len(numbers)
    return mean, math.sqrt(sum((x - mean) ** 2 for x in numbers) / (len(numbers) - 1) / len(numbers))


def main():
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    if seeds < 2:
        sys.exit("short_setting.py: a standard error needs at least 2 seeds")
    subprocess.run([ROOT / "apical", "version"], check=True, stdout=subprocess.DEVNULL)  # builds it
    losses = {}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        futures = {}
        for task, task_overrides in TASKS.items():
            for name, (model, overrides, _) in ROWS.items():
                futures[task, name] = [pool.submit(final_loss, model, task_overrides + overrides, seed, folder)
                                       for seed in range(1, seeds + 1)]
        losses = {key: [one.result() for one in runs] for key, runs in futures.items()}
    far = 0
    for task in TASKS:
        print(f"{task:<22} {'loss':>9} {'S.E.M.':>8} {'authors':>9} {'S.E.M.':>8}   difference in combined S.E.M.")
        for name, (_, _, references) in ROWS.items():
            mean, error = mean_and_error(losses[task, name])
            line = f"{name:<22} {mean:9.5f} {error:8.5f}"
            if task in references:
                reference, reference_error = references[task]
                off = (mean - reference) / math.hypot(error, reference_error)
                line += f" {reference:9.5f} {reference_error:8.5f}   {off:+.2f}"
                far += abs(off) > 3.0
            print(line)
        print()
    print(f"{'lower than':<45} {'task':<6} {'mean difference':>16} {'S.E.M.':>8} {'seeds':>6}   known to hold in")
    failed = 0
    for task, better, worse, extent in CLAIMS:
        differences = [b - a for a, b in zip(losses[task, better], losses[task, worse])]
        mean, error = mean_and_error(differences)
        right = sum(d > 0 for d in differences)
        holds = right == seeds if extent == "every seed" else mean > 0
        failed += not holds
        print(f"{better + ' < ' + worse:<45} {task:<6} {mean:16.5f} {error:8.5f} {right:>3}/{seeds:<2}   {extent}"
              + ("" if holds else ": DOES NOT HOLD"))
    return 1 if far or failed else 0


if __name__ == "__main__":
    sys.exit(main())
