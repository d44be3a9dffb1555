#!/usr/bin/python3
"""The network of excitation and inhibition in Brian2: the same equations, numbers and inputs.

usage: bench/brian.py APICAL [cells ...] (100 and 1000 when left out)
needs: python3-brian, python3-h5py

Both programs begin with the strengths that Apical draws, and are shown the same inputs and labels. The rates of 200 steps and the strengths
behind them are compared (largest difference), then both are timed over more steps, without compiling: Brian2 by each of its code generation
targets. A ratio is Brian2's time of a step over Apical's.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

MODEL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "circuits", "excitation_inhibition.toml")
SETS = {"W_ee": ("exc", "exc"), "W_ie": ("exc", "inh"), "W_ei": ("inh", "exc"), "W_ii": ("inh", "inh")}
COMPARED = 200
DECAY = {"exc": float(np.exp(-20.0 / 20.0)), "inh": float(np.exp(-20.0 / 10.0))}
RATE, READOUT_RATE = 5e-4, 1e-3


def write_task(folder, steps):
    draws = np.random.default_rng(1)
    x = draws.integers(0, 2, (steps, 2)).astype(float)
    p = draws.uniform(size=steps)
    path = os.path.join(folder, "task.h5")
    with h5py.File(path, "w") as file:
        file["x"], file["y"] = x, np.stack([p, 1.0 - p], axis=1)
    return path, x, np.stack([p, 1.0 - p], axis=1)


def run_apical(program, folder, task, cells, steps, record):
    out = os.path.join(folder, "apical.h5")
    keys = [f"population.exc.size={cells * 4 // 5}", f"population.inh.size={cells // 5}", f"run.steps={steps}",
            f'task={{kind="file", path="{task}", x="/x", y="/y", repeat=true}}']
    if record:
        keys.append('record.all={what=["exc.r", "inh.r", "W_*", "b", "b_out", "B_*", "connected(*)"], endpoints=true}')
    command = [program, "run", MODEL, "-o", out, "--force", "-j", "1"]
    for key in keys:
        command += ["--set", key]
    printed = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return out, float(re.search(r"([0-9.]+) us a step", printed).group(1))


def dense(file, name, posts, pres):
    """A set's strengths as a matrix [step, post, pre], NaN where there is no synapse."""
    group = file["synapses"][name]
    numbers = group["strength"][:]
    if numbers.ndim == 2:  # stored by rows: post and pre say the places; of a dense set they say the cells
        matrix = np.full((len(numbers), posts, pres), np.nan)
        matrix[:, group["post"][:], group["pre"][:]] = numbers
        return matrix
    if "connected" in group:
        numbers = np.where(group["connected"][:][0] != 0.0, numbers, np.nan)
    return numbers


def in_brian(b2, start, x, y, cells):
    """The network, its synapses by name, and the monitors of its rates."""
    sizes = {"exc": cells * 4 // 5, "inh": cells // 5}
    dt = 20 * b2.ms
    space = {"x_in": b2.TimedArray(x, dt=dt), "y_in": b2.TimedArray(y, dt=dt)}
    groups, parts = {}, []
    for name, inputs in (("exc", "v_e + v_i + v_in + b"), ("inh", "v_e + v_i")):
        group = b2.NeuronGroup(sizes[name], "v_e : 1\nv_i : 1\nv_in : 1\nb : 1\nr : 1\nbefore : 1\nslope : 1\ncredit : 1\nv : 1", dt=dt, name=name,
                               namespace=space)
        group.r = group.before = start[name]
        group.run_regularly(f"v = {inputs}\nslope = int(v > 0)\nr = {DECAY[name]!r}*r + {1.0 - DECAY[name]!r}*clip(v, 0, 1e300)", dt=dt,
                            when="thresholds", order=0)
        group.run_regularly("before = r", dt=dt, when="end", order=100)
        groups[name] = group
        parts.append(group)
    source = b2.NeuronGroup(2, "r = x_in(t, i) : 1", dt=dt, name="source", namespace=space)
    out = b2.NeuronGroup(2, "v_w : 1\nb : 1\nz : 1\ntotal : 1\nerror : 1", dt=dt, name="out", namespace=space)
    out.run_regularly("z = exp(v_w + b)", dt=dt, when="resets", order=0)
    out.run_regularly("error = z/total - y_in(t, i)", dt=dt, when="end", order=0)
    parts += [source, out]
    sets = {}

    def join(name, pre, post, variable, of, slot, order, update=None, update_order=10):
        strengths = start[name]
        i, j = np.nonzero(~np.isnan(strengths.T))  # (pre, post)
        target = "" if variable is None else f"{variable}_post = w*{of}_pre : 1 (summed)\n"
        model = b2.Synapses(pre, post, "w : 1\ntrace : 1\n" + target, dt=dt, name=name, namespace=space)
        model.connect(i=i, j=j)
        model.w = strengths[j, i]
        if variable is not None:
            model.summed_updaters[f"{variable}_post"].when = slot
            model.summed_updaters[f"{variable}_post"].order = order
        if update:
            model.run_regularly(update, dt=dt, when="end", order=update_order)
        sets[name] = model
        parts.append(model)

    def traced(of, decay, low, high):
        return f"trace = {decay!r}*trace + {1.0 - decay!r}*slope_post*{of}_pre\nw = clip(w - {RATE!r}*credit_post*trace, {low}, {high})"

    for name, (pre, post) in SETS.items():
        low, high = ("0", "1e300") if pre == "exc" else ("-1e300", "0")
        join(name, groups[pre], groups[post], "v_e" if pre == "exc" else "v_i", "before", "start", 0, traced("before", DECAY[post], low, high))
    join("W_in", source, groups["exc"], "v_in", "r", "start", 0, traced("r", DECAY["exc"], "-1e300", "1e300"))
    join("W_out", groups["exc"], out, "v_w", "r", "synapses", 0, f"w = clip(w - {READOUT_RATE!r}*error_post*r_pre, 0, 1e300)")
    every = b2.Synapses(out, out, "total_post = z_pre : 1 (summed)", dt=dt, name="softmax")
    every.connect()
    every.summed_updaters["total_post"].when, every.summed_updaters["total_post"].order = "after_resets", 0
    parts.append(every)
    for name, post in (("B_e", "exc"), ("B_i", "inh")):
        join(name, out, groups[post], "credit", "error", "end", 5)
    # The biases are synapses of one cell that fires 1.
    groups["exc"].b, out.b = start["b"][:, 0], start["b_out"][:, 0]
    bias = b2.NeuronGroup(1, "r : 1", dt=dt, name="one")
    bias.r = 1.0
    parts.append(bias)
    one = b2.Synapses(bias, groups["exc"], "trace : 1", dt=dt, name="bias", namespace=space)
    one.connect()
    one.run_regularly(f"trace = {DECAY['exc']!r}*trace + {1.0 - DECAY['exc']!r}*slope_post\nb_post = b_post - {RATE!r}*credit_post*trace", dt=dt, when="end",
                      order=10)
    parts.append(one)
    out.run_regularly(f"b = b - {READOUT_RATE!r}*error", dt=dt, when="end", order=10)
    return b2.Network(parts), groups, sets


def read_start(file, cells):
    sizes = {"exc": cells * 4 // 5, "inh": cells // 5}
    start = {"exc": file["state/exc/rate"][0, -1], "inh": file["state/inh/rate"][0, -1]}
    for name, (pre, post) in SETS.items():
        start[name] = dense(file, name, sizes[post], sizes[pre])[0]
    for name in ("W_in", "b", "W_out", "b_out", "B_e", "B_i"):
        start[name] = file["synapses"][name]["strength"][0]
    return start


def compare(b2, file, cells, x, y):
    b2.set_device("runtime")  # not the one that the last size was timed with
    b2.prefs.codegen.target = "numpy"
    b2.start_scope()
    network, groups, sets = in_brian(b2, read_start(file, cells), x, y, cells)
    dt = 20 * b2.ms
    monitors = {name: b2.StateMonitor(group, "before", record=True, dt=dt, when="end", order=200) for name, group in groups.items()}
    network.add(*monitors.values())
    network.run(COMPARED * dt)
    worst = 0.0
    for name, monitor in monitors.items():
        worst = max(worst, np.abs(file[f"state/{name}/rate"][1:, 0] - np.asarray(monitor.before).T).max())
    for name, (pre, post) in SETS.items():
        mine = dense(file, name, len(groups[post]), len(groups[pre]))[-1]
        worst = max(worst, np.abs(mine[sets[name].j[:], sets[name].i[:]] - sets[name].w[:]).max())
    return worst


def seconds_a_step(b2, target, start, cells, x, y, steps, folder):
    b2.start_scope()
    if target == "cpp_standalone":
        b2.set_device("cpp_standalone", directory=os.path.join(folder, "standalone"), build_on_run=True)
    else:
        b2.set_device("runtime")
        b2.prefs.codegen.target = target
    network, _, _ = in_brian(b2, start, x, y, cells)
    dt = 20 * b2.ms
    if target == "cpp_standalone":
        network.run(steps * dt)
        taken = b2.device._last_run_time
        b2.device.reinit()
        b2.device.activate()
        return taken / steps
    network.run(10 * dt)  # compiles
    begin = time.perf_counter()
    network.run(steps * dt)
    return (time.perf_counter() - begin) / steps


def main():
    program, sizes = os.path.abspath(sys.argv[1]), [int(n) for n in sys.argv[2:]] or [100, 1000]
    import brian2 as b2
    b2.BrianLogger.suppress_name("method_choice")
    b2.prefs.codegen.target = "numpy"
    folder = tempfile.mkdtemp()
    os.chdir(folder)  # where Brian2 leaves files as well
    try:
        task, x, y = write_task(folder, 20000)
        print(f"Brian2 {b2.__version__}; least of five runs of each, in turn\n")
        print("cells  largest difference  Apical    " + "  ".join(f"{t:>24}" for t in ("numpy", "cython", "cpp_standalone")))
        for cells in sizes:
            out, _ = run_apical(program, folder, task, cells, COMPARED, True)
            with h5py.File(out) as file:
                worst, start = compare(b2, file, cells, x, y), read_start(file, cells)
            steps = 20000 if cells <= 100 else 2000
            mine, theirs = [], {}
            for _ in range(5):
                mine.append(run_apical(program, folder, task, cells, steps, False)[1])
                for target in ("numpy", "cython", "cpp_standalone"):
                    few = steps // 20 if target == "numpy" else steps // 4 if target == "cython" else steps
                    theirs.setdefault(target, []).append(1e6 * seconds_a_step(b2, target, start, cells, x, y, few, folder))
            shown = [f"{min(t):10.1f} us = {min(t) / min(mine):8.2f}" for t in theirs.values()]
            print(f"{cells:5}  {worst:18.1e}  {min(mine):6.1f} us " + "  ".join(f"{one:>24}" for one in shown), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
