#!/usr/bin/python3
"""What a phase costs that is carried out K times: bench/repeats.py PROGRAM [repetitions]

A recurrent circuit of n cells settles in K iterations a step, without input or learning; one iteration goes
through n x n strengths and fires. Prints, for each n and K, the time of a step with K iterations over K times
that of a step with one, least wall times of runs in turn on one core. Beside it the same by the
slope between K / 2 and K iterations, which leaves out what a step costs once.
"""
import os
import re
import subprocess
import sys
import tempfile

MODEL = """format = 1
[[phase]]
name   = "settle"
ms     = 1.0
repeat = {repeat}
order  = "together"
[population.cells]
size       = {cells}
activation = "tanh"
alpha      = 0.5
[synapses.W]
from   = "cells"
to     = "cells.soma"
during = "settle"
init   = {{ normal = "1.5/sqrt(pre)" }}
[synapses.drive]
from   = "one"
to     = "cells.soma"
during = "settle"
init   = {{ normal = 0.5 }}
[population.one]
role = "constant"
[run]
steps = {steps}
seed  = 1
"""
SIZES, REPEATS = (32, 128, 512), (1, 2, 4, 10, 20, 50, 100)


def microseconds(program, folder, cells, repeat):
    steps = max(20, int(4e7 / (cells * cells * repeat + 2000)))
    model = os.path.join(folder, "settling.toml")
    with open(model, "w") as file:
        file.write(MODEL.format(cells=cells, repeat=repeat, steps=steps))
    command = ["taskset", "-c", "0", program, "run", model, "-o", os.path.join(folder, "run.h5"), "--force", "-j", "1"]
    shown = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return float(re.search(r"([0-9.]+) us a step", shown).group(1))


def main():
    program, repetitions = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as folder:
        print("cells  iterations    a step     over K times one   an iteration more / one")
        for cells in SIZES:
            least = {repeat: float("inf") for repeat in REPEATS}
            for _ in range(repetitions):
                for repeat in REPEATS:
                    least[repeat] = min(least[repeat], microseconds(program, folder, cells, repeat))
            for k, repeat in enumerate(REPEATS):
                line = f"{cells:5}  {repeat:10}  {least[repeat]:8.2f} us  {least[repeat] / (repeat * least[1]):19.3f}"
                if k > 0:
                    before = REPEATS[k - 1]
                    line += f"   {(least[repeat] - least[before]) / (repeat - before) / least[1]:23.3f}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
