#!/usr/bin/python3
"""Resident memory of a run without recordings, for several sizes: memory.py [MODEL ...]

Prints for each model and n the peak in MB, less that of the smallest circuit, and what that is
per n^2 and, for RTRL, per n^2 m (m = n + inputs + 1) numbers of eight bytes."""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(__file__).resolve().parent.parent


def peak_bytes(model, cells, steps, output):
    command = [root / "apical", "run", root / "models" / f"{model}.toml", "-q", "--force",
               "-o", output, "--steps", str(steps),
               "--set", f"population.hidden.size={cells}", "--set", "record={}"]
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{model} with {cells} cells failed")
    return usage.ru_maxrss * 1024


def main():
    subprocess.run([root / "apical", "version"], stdout=subprocess.DEVNULL, check=True)  # builds it
    names = sys.argv[1:] or [p.stem for p in sorted((root / "models").glob("*.toml"))
                             if not p.stem.startswith("figure")]  # these are sweeps
    with tempfile.TemporaryDirectory() as folder:
        measure(names, folder + "/run.h5")


def measure(names, output):
    print(f"{'model':<12} {'n':>5} {'MB':>8} {'x 8 n^2 B':>10} {'x 8 n^2 m B':>12}")
    for name in names:
        least = peak_bytes(name, 1, 20, output)
        for cells in (256,) if name == "rtrl" else (256, 512, 1024):
            used = peak_bytes(name, cells, 20, output) - least
            square = 8 * cells**2
            print(f"{name:<12} {cells:>5} {used / 1e6:>8.1f} {used / square:>10.2f} "
                  f"{used / (square * (cells + 3)):>12.4f}", flush=True)


main()
