#!/usr/bin/python3
"""What a large network by rows takes: bench/large.py PROGRAM [cells] [in_degree] [KEY=VALUE ...]

Runs models/circuits/excitation_inhibition.toml with so many cells (100,000, a fifth of them inhibitory), each of
which receives in_degree synapses (100) from four excitatory cells for one inhibitory one, and prints the time until
the first step, the most memory, the time of a step on one thread and on two, and what a stream over as many bytes
takes: strengths and traces read and written, columns read. Times are of the processor, least of three runs in turn;
steps are timed by runs of different length. Keys are passed on with --set (run.kernels="x86_64_v3").
"""
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models/circuits/excitation_inhibition.toml")
FEW, MANY = 5, 65


def run(program, folder, keys, steps, threads):
    """CPU seconds, wall seconds of the whole and of the steps, and the most memory in MB."""
    command = [program, "run", MODEL, "-o", os.path.join(folder, "large.h5"), "--force", "-j", str(threads)]
    for key in keys + [f"run.steps={steps}", "run.record_endpoints=false"]:
        command += ["--set", key]
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    shown = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    whole, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds, a_step = (float(x) for x in re.search(r"in ([0-9.]+) s, ([0-9.]+) us a step", shown).groups())
    return after.ru_utime - before.ru_utime, whole, 1e-6 * a_step * steps, after.ru_maxrss / 1024.0


def stream(count):
    """CPU seconds of a pass over so many bytes, half read and half written."""
    numbers = np.ones(count // 16)
    begin = time.process_time()
    for _ in range(3):
        np.multiply(numbers, 0.999, out=numbers)
    return (time.process_time() - begin) / 3.0


def main():
    program, cells, degree = os.path.abspath(sys.argv[1]), *(int(x) for x in (sys.argv[2:4] + ["100000", "100"][len(sys.argv[2:4]):]))
    exc, from_exc = cells * 4 // 5, degree * 4 // 5
    keys = [f"population.exc.size={exc}", f"population.inh.size={cells - exc}"] + sys.argv[4:]
    for name, to_self in (("W_ee", True), ("W_ie", False), ("W_ei", False), ("W_ii", True)):
        count = from_exc if name.endswith("e") else degree - from_exc
        keys.append(f"synapses.{name}.connect={{in_degree={count}{', self=false' if to_self else ''}}}")
    synapses = cells * degree
    moved = synapses * (2 * 16 + 4)
    with tempfile.TemporaryDirectory() as folder:
        steps, streams, walls, starts, memory = [], [], {1: [], 2: []}, [], 0.0
        for _ in range(3):
            few, many, on_two = run(program, folder, keys, FEW, 1), run(program, folder, keys, MANY, 1), run(program, folder, keys, MANY, 2)
            steps.append((many[0] - few[0]) / (MANY - FEW))
            walls[1].append(many[2] / MANY)
            walls[2].append(on_two[2] / MANY)
            starts.append(few[1] - few[2])
            memory = max(memory, few[3], many[3], on_two[3])
            streams.append(stream(moved))
    a_step, a_stream = min(steps), min(streams)
    print(f"{cells} cells, {synapses} synapses: {memory:.0f} MB, {min(starts):.1f} s until the first step and after the last")
    print(f"a step: {1e3 * a_step:.1f} ms, {1e9 * a_step / synapses:.2f} ns a synapse; wall time {1e3 * min(walls[1]):.1f} ms, on two threads {1e3 * min(walls[2]):.1f} ms")
    print(f"a stream over its {moved / 1e6:.0f} MB: {1e3 * a_stream:.1f} ms; a step takes {a_step / a_stream:.2f} times as long")


if __name__ == "__main__":
    main()
