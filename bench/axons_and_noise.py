#!/usr/bin/python3
"""What axons and noise cost beside the rest of a step: bench/axons_and_noise.py PROGRAM [cells]

Runs a recurrent network of so many cells (1024) with axons of 1 and of 20 steps, and as many cells without synapses
between them with white noise in the soma that is drawn in each step, that is drawn once and held, and without. Prints a
step of each, what the longer axons take beside a copy of their line, and what noise takes: the time with noise over that
of the same noise whose draws are held is the time of the draws. Times are of the processor, least of five runs in turn;
steps are timed by runs of different length. `bench/compare.sh 25 noise` has the draws by hand beside them.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

MODEL = """
format = 1
phase = [{{ name = "step", ms = 1.0 }}]
task = {{ kind = "mimic", inputs = 4, outputs = 2, cells = 4, hold = 1 }}
run = {{ steps = 10, seed = 1, record_endpoints = false }}
population.input.role = "input"
population.cells = {{ size = {cells} }}
synapses.W_in = {{ from = "input", to = "cells.soma", during = "step", init = {{ normal = 1.0 }} }}
{more}
"""
FEW = 20
AXONS = 'synapses.W = {{ from = "cells", to = "cells.soma", during = "step", delay = {}, init = {{ normal = "1/sqrt(pre)" }} }}'
NOISE = 'noise.n = {{ into = "cells.soma", sd = 0.1, hold = {} }}'


def run(program, path, steps):
    command = [program, "run", path, "-o", path + ".h5", "--force", "-j", "1", "--set", f"run.steps={steps}"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def copy_of_line(count):
    """Seconds in which so many numbers move by one place."""
    line = np.ones(count)
    begin = time.process_time()
    for _ in range(1000):
        line[:-1] = line[1:]
    return (time.process_time() - begin) / 1000.0


def main():
    program, cells = os.path.abspath(sys.argv[1]), int((sys.argv[2:] + ["1024"])[0])
    cases = {"axons of 1 step": (3000, AXONS.format(1)), "axons of 20 steps": (3000, AXONS.format(20)), "no noise": (100_000, ""),
             "noise that is held": (100_000, NOISE.format(1_000_000)), "noise": (100_000, NOISE.format(1))}
    times = {name: [] for name in cases}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(5):
            for name, (steps, more) in cases.items():
                path = os.path.join(folder, "model.toml")
                with open(path, "w") as file:
                    file.write(MODEL.format(cells=cells, more=more))
                times[name].append((run(program, path, FEW + steps) - run(program, path, FEW)) / steps)
    least = {name: 1e6 * min(all) for name, all in times.items()}
    for name, us in least.items():
        print(f"{name:20} {us:8.2f} us a step")
    line = 1e6 * copy_of_line(20 * cells)
    longer = least["axons of 20 steps"] - least["axons of 1 step"]
    draws = least["noise"] - least["noise that is held"]
    rest = least["noise that is held"] - least["no noise"]
    print(f"longer axons take {longer:.1f} us, a copy of their line {line:.1f} us: {longer / least['axons of 1 step']:.3f} of a step")
    print(f"noise takes {draws + rest:.2f} us, its draws {draws:.2f} us, {1e3 * draws / cells:.1f} ns each; all else {rest / draws:.3f} of them")


if __name__ == "__main__":
    main()
