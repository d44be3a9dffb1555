#!/usr/bin/python3
"""A network of LIF cells in Brian2: the same equations, numbers and inputs, clock-driven.

usage: bench/brian_spikes.py APICAL [cells ...] (1000 when left out)
needs: python3-brian, python3-h5py

Both programs begin with the strengths that Apical draws. The spikes of 1,000 steps are compared one by one, then the same stretch is timed in
both, without compiling: Brian2 by each of its code generation targets. A ratio is Brian2's time of a step over Apical's.
"""
import os
import re
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

STEPS, TAU, THRESHOLD, REFRACTORY = 1000, 20.0, 1.0, 3
MODEL = """
format = 1
phase = [{{ name = "step", ms = 1.0 }}]
task  = {{ kind = "file", path = "{task}", x = "/x", repeat = true }}
run   = {{ steps = {steps}, seed = 1 }}
population.input.role = "input"
population.rec = {{ size = {cells}, tau_ms = {{ soma = {tau} }}, impulse = ["soma"], spikes = {{ threshold = {threshold}, reset = 0.0, refractory = {refractory} }} }}
synapses.W_in  = {{ from = "input", to = "rec.soma", during = "step", init = {{ uniform = [0.0, 0.15] }} }}
synapses.W_rec = {{ from = "rec", to = "rec.soma", during = "step", delay = 1, init = {{ normal = "0.6/sqrt(pre)" }} }}
"""


def run_apical(program, folder, cells, x, record):
    task, model, out = (os.path.join(folder, name) for name in ("task.h5", "model.toml", "run.h5"))
    with h5py.File(task, "w") as file:
        file["x"] = x
    text = MODEL.format(task=task, steps=STEPS, cells=cells, tau=TAU, threshold=THRESHOLD, refractory=REFRACTORY)
    if record:
        text += 'record.all = { what = ["rec.spikes"] }\n'
    with open(model, "w") as file:
        file.write(text)
    command = [program, "run", model, "-o", out, "--force", "-j", "1"]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return out, float(re.search(r"([0-9.]+) us a step", printed).group(1))


def in_brian(b2, start, x):
    cells = len(start["W_in"])
    dt = 1.0 * b2.ms
    drive = b2.TimedArray(x @ start["W_in"].T, dt=dt)
    group = b2.NeuronGroup(cells, "v : 1\narrived : 1", threshold=f"v >= {THRESHOLD!r}", reset="v = 0", refractory=REFRACTORY * dt, dt=dt,
                           namespace={"drive": drive})
    group.run_regularly(f"v = {float(np.exp(-1.0 / TAU))!r}*v + (drive(t, i) + arrived)\narrived = 0", dt=dt, when="groups")
    synapses = b2.Synapses(group, group, "w : 1", on_pre="arrived_post += w", dt=dt)
    synapses.connect()
    synapses.w = start["W_rec"].T.ravel()
    monitor = b2.SpikeMonitor(group)
    return b2.Network(group, synapses, monitor), monitor


def seconds_a_step(b2, target, start, x):
    b2.start_scope()
    b2.prefs.codegen.target = target
    network, _ = in_brian(b2, start, x)
    network.run(10 * b2.ms)  # compiles
    begin = time.process_time()  # of the processor, whatever else it does
    network.run((STEPS - 10) * b2.ms)
    return (time.process_time() - begin) / (STEPS - 10)


def main():
    program, sizes = sys.argv[1], [int(word) for word in sys.argv[2:]] or [1000]
    import brian2 as b2
    for cells in sizes:
        with tempfile.TemporaryDirectory() as folder:
            x = np.random.default_rng(1).integers(0, 2, (STEPS, 2)).astype(float)
            out, _ = run_apical(program, folder, cells, x, True)
            with h5py.File(out, "r") as file:
                spikes = np.zeros((STEPS, cells), dtype=bool)
                spikes[file["spikes/rec/step"][:] - 1, file["spikes/rec/node_ids"][:]] = True
                start = {name: file["synapses"][name]["strength"][0] for name in ("W_in", "W_rec")}
            b2.prefs.codegen.target = "numpy"
            network, monitor = in_brian(b2, start, x)
            network.run(STEPS * b2.ms)
            theirs = np.zeros_like(spikes)
            theirs[np.round(monitor.t / b2.ms).astype(int), monitor.i[:]] = True
            print(f"{cells} cells, {STEPS} steps: {int(spikes.sum())} spikes here, {int(theirs.sum())} in Brian2, "
                  f"{int((spikes != theirs).sum())} that one of them has alone; {100.0 * spikes.mean():.1f} % fire in a step")
            best = min(run_apical(program, folder, cells, x, False)[1] for _ in range(3))
            print(f"  apical               {best:10.2f} us a step")
            for target in ("numpy", "cython"):
                try:
                    taken = min(seconds_a_step(b2, target, start, x) for _ in range(2)) * 1e6
                    print(f"  Brian2, {target:12} {taken:10.2f} us a step, ratio {taken / best:.1f}")
                except Exception as error:  # a target that is not installed
                    print(f"  Brian2, {target:12} {type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
