#!/usr/bin/python3
"""Circuits of the literature beside their equations in numpy: microseconds of a step.

usage: bench/literature.py APICAL [small|own|paper ...] (small and own when left out)
needs: python3-numpy, python3-h5py

`small` are about the sizes of tests/data/literature, `own` those of models/literature, `paper` those of the papers where a run takes less
than a minute. The numpy loops have the operations that public code has (docs/literature), one sample a step, matrices as operands of `@`;
their numbers are held to those codes by tests, not here. Times are processor time of one thread, of many steps less that of few, so that
starting up and other programs count for nothing.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time
import tomllib

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import h5py  # noqa: E402
import numpy as np  # noqa: E402

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "literature")
DRAW = np.random.default_rng(1)


def weights(*shape):
    return DRAW.normal(size=shape) / np.sqrt(shape[-1])


def logistic(v):
    return 1.0 / (1.0 + np.exp(-v))


def feedback_alignment(n_in, n1, n2, n_out):
    w1, w2, w3, b2, b3 = weights(n1, n_in), weights(n2, n1), weights(n_out, n2), weights(n1, n2), weights(n2, n_out)
    c1, c2, c3 = np.zeros(n1), np.zeros(n2), np.zeros(n_out)

    def step(x, y):
        r1 = np.tanh(w1 @ x + c1)
        r2 = np.tanh(w2 @ r1 + c2)
        e = w3 @ r2 + c3 - y
        d2 = (1 - r2 * r2) * (b3 @ e)
        d1 = (1 - r1 * r1) * (b2 @ d2)
        for w, c, d, r in ((w1, c1, d1, x), (w2, c2, d2, r1), (w3, c3, e, r2)):
            w -= 0.05 * np.outer(d, r)
            c -= 0.05 * d
    return step


def equilibrium_propagation(n_in, n1, n2, n_out):
    w1, w2, w3 = weights(n1, n_in), weights(n2, n1), weights(n_out, n2)
    c1, c2, c3 = np.zeros(n1), np.zeros(n2), np.zeros(n_out)

    def settle(x, y, s, times, beta):
        for _ in range(times):
            s1, s2, s3 = s
            s = (logistic(4 * (w1 @ x + c1 + w2.T @ s2) - 2), logistic(4 * (w2 @ s1 + c2 + w3.T @ s3) - 2),
                 logistic(4 * (w3 @ s2 + c3 + beta * (y - s3)) - 2))
        return s

    def step(x, y):
        free = settle(x, y, (np.zeros(n1), np.zeros(n2), np.zeros(n_out)), 20, 0.0)
        nudged = settle(x, y, free, 4, 0.5)
        for w, c, k in ((w1, c1, 0), (w2, c2, 1), (w3, c3, 2)):
            pre_n, pre_f = (x, x) if k == 0 else (nudged[k - 1], free[k - 1])
            w += 0.2 * (np.outer(nudged[k], pre_n) - np.outer(free[k], pre_f))
            c += 0.2 * (nudged[k] - free[k])
    return step


def predictive_coding(n_in, n1, n2, n_out):
    w1, w2, w3 = weights(n1, n_in), weights(n2, n1), weights(n_out, n2)
    c1, c2, c3 = np.zeros(n1), np.zeros(n2), np.zeros(n_out)

    def step(x, y):
        r0 = np.tanh(x)
        x1 = w1 @ r0 + c1
        x2 = w2 @ np.tanh(x1) + c2
        e1, e2 = np.zeros(n1), np.zeros(n2)
        e3 = y - w3 @ np.tanh(x2) - c3
        for _ in range(20):
            r1, r2 = np.tanh(x1), np.tanh(x2)
            x1 = x1 + 0.1 * (-e1 + (1 - r1 * r1) * (w2.T @ e2))
            x2 = x2 + 0.1 * (-e2 + (1 - r2 * r2) * (w3.T @ e3))
            r1, r2 = np.tanh(x1), np.tanh(x2)
            e1, e2, e3 = x1 - w1 @ r0 - c1, x2 - w2 @ r1 - c2, y - w3 @ r2 - c3
        for w, c, e, r in ((w1, c1, e1, r0), (w2, c2, e2, r1), (w3, c3, e3, r2)):
            w += 0.05 * np.outer(e, r)
            c += 0.05 * e
    return step


def microcircuit(n_in, n1, n2, n_out):
    w1, w2, w3 = weights(n1, n_in), weights(n2, n1), weights(n_out, n2)
    d1, d2, p1, p2, q1, q2 = weights(n1, n2), weights(n2, n_out), weights(n1, n2), weights(n2, n_out), weights(n2, n1), weights(n_out, n2)
    u = [np.zeros(n) for n in (n1, n2, n_out, n2, n_out)]
    dt, leak, basal, apical, dendrite, som = 0.5, 0.03, 0.1, 0.06, 0.1, 0.06

    def step(x, y):
        for _ in range(20):
            u1, u2, u3, i1, i2 = u
            r1, r2, r3, s1, s2 = (logistic(one) for one in u)
            b1, b2, b3 = w1 @ x, w2 @ r1, w3 @ r2
            a1, a2 = d1 @ r2 + p1 @ s1, d2 @ r3 + p2 @ s2
            v1, v2 = q1 @ r1, q2 @ r2
            u[0] = u1 + dt * (-leak * u1 + basal * (b1 - u1) + apical * (a1 - u1))
            u[1] = u2 + dt * (-leak * u2 + basal * (b2 - u2) + apical * (a2 - u2))
            u[2] = u3 + dt * (-leak * u3 + basal * (b3 - u3) + som * (y - u3))
            u[3] = i1 + dt * (-leak * i1 + dendrite * (v1 - i1) + som * (u2 - i1))
            u[4] = i2 + dt * (-leak * i2 + dendrite * (v2 - i2) + som * (u3 - i2))
            hidden, out = basal / (leak + basal + apical), basal / (leak + basal)
            w1[:] += dt * 0.1 * np.outer(logistic(u[0]) - logistic(hidden * b1), x)
            w2[:] += dt * 0.1 * np.outer(logistic(u[1]) - logistic(hidden * b2), r1)
            w3[:] += dt * 0.05 * np.outer(logistic(u[2]) - logistic(out * b3), r2)
            for w, low, high in ((w1, -4, 4), (w2, -4, 4), (w3, -5, 5)):
                np.clip(w, low, high, out=w)
            q1[:] += dt * 0.1 * np.outer(logistic(u[3]) - logistic(out * v1), r1)
            q2[:] += dt * 0.1 * np.outer(logistic(u[4]) - logistic(out * v2), r2)
            p1[:] -= dt * 0.02 * np.outer(a1, s1)
            p2[:] -= dt * 0.02 * np.outer(a2, s2)
    return step


def eprop_lif(n_in, n, n_out):
    w_in, w_rec, w_out, back = weights(n, n_in), weights(n, n), weights(n_out, n), weights(n, n_out)
    kappa, threshold = np.exp(-1 / 30), 0.03
    v, z, pre_x, pre_z, pre_o, y_ = np.zeros(n), np.zeros(n), np.zeros(n_in), np.zeros(n), np.zeros(n), np.zeros(n_out)
    bar_in, bar_rec, sum_in, sum_rec, g_in, g_rec = (np.zeros((n, k)) for k in (n_in, n) * 3)
    g_out, spikes, state = np.zeros((n_out, n)), np.zeros(n), {"t": 0}

    def step(x, y):
        nonlocal v, z
        v = kappa * v + (1 - kappa) * (w_in @ x + w_rec @ z) - threshold * z
        pre_x[:] = kappa * pre_x + (1 - kappa) * x
        pre_z[:] = kappa * pre_z + (1 - kappa) * z
        psi = 0.3 / threshold * np.maximum(0, 1 - np.abs(v - threshold) / threshold)
        z = (v >= threshold).astype(float)
        y_[:] = kappa * y_ + (1 - kappa) * (w_out @ z)
        error = y_ - y
        learn = back @ error
        for bar, total, gradient, pre in ((bar_in, sum_in, g_in, pre_x), (bar_rec, sum_rec, g_rec, pre_z)):
            e = np.outer(psi, pre)
            bar *= kappa
            bar += (1 - kappa) * e
            total += e
            gradient += learn[:, None] * bar
        pre_o[:] = kappa * pre_o + (1 - kappa) * z
        g_out[:] += np.outer(error, pre_o)
        spikes[:] += z
        state["t"] += 1
        if state["t"] % 1000 == 0:
            off = 300 * (spikes / 1000 - 0.01) / 1000
            w_in[:] -= 1e-4 * (g_in + off[:, None] * sum_in)
            w_rec[:] -= 1e-4 * (g_rec + off[:, None] * sum_rec)
            w_out[:] -= 1e-4 * g_out
            for one in (bar_in, bar_rec, sum_in, sum_rec, g_in, g_rec, g_out, spikes):
                one[:] = 0
    return step


def rflo(n_in, n, n_out):
    w_in, w_rec, w_out, back = weights(n, n_in), weights(n, n), weights(n_out, n), weights(n, n_out)
    h, p, g, g_out, state = np.full(n, 0.1), np.zeros((n, n)), np.zeros((n, n)), np.zeros((n_out, n)), {"t": 0}

    def step(x, y):
        nonlocal h
        u = w_rec @ h + w_in @ x
        r = np.tanh(u)
        p[:] = 0.9 * p + 0.1 * np.outer(1 - r * r, h)
        h = 0.9 * h + 0.1 * r
        e = w_out @ h - y
        g[:] += (back @ e)[:, None] * p
        g_out[:] += np.outer(e, h)
        state["t"] += 1
        if state["t"] % 100 == 0:
            w_rec[:] -= 3e-4 * g
            w_out[:] -= 3e-4 * g_out
            for one in (p, g, g_out):
                one[:] = 0
            h = np.full(n, 0.1)
    return step


def layers(names, *more):
    """The populations of three layers, and their partners."""
    return lambda sizes: [f"population.{name}.size={sizes[k]}" for k, all_of in enumerate((("x0",),) + names) for name in all_of if name != "x0" or more]


# sizes: input, cells, output
CIRCUITS = {
    "feedback_alignment_emitted": (feedback_alignment, layers((("h1",), ("h2",), ())), {"small": (4, 6, 5, 2), "own": (9, 20, 10, 3), "paper": (784, 500, 500, 10)}),
    "equilibrium_propagation_discrete": (equilibrium_propagation, layers((("s1",), ("s2",), ("s3",))),
                                         {"small": (4, 5, 4, 3), "own": (9, 20, 10, 3), "paper": (784, 500, 500, 10)}),
    "supervised_predictive_coding": (predictive_coding, layers((("x1", "e1"), ("x2", "e2"), ("x3", "e3")), "x0"),
                                     {"small": (3, 4, 4, 2), "own": (9, 20, 10, 3), "paper": (784, 500, 500, 10)}),
    "dendritic_microcircuit": (microcircuit, layers((("lower",), ("upper", "lower_inter"), ("out", "upper_inter"))),
                               {"small": (4, 5, 4, 3), "own": (9, 30, 10, 3), "paper": (784, 500, 500, 10)}),
    "eprop_lif": (eprop_lif, lambda sizes: [f"population.rec.size={sizes[1]}", f"population.out.size={sizes[2]}", f"population.error.size={sizes[2]}"],
                  {"small": (4, 6, 2), "own": (100, 100, 1), "paper": (100, 100, 1)}),
    "rflo_sine": (rflo, lambda sizes: [f"population.hidden.size={sizes[1]}"], {"small": (1, 8, 1), "own": (1, 50, 1), "paper": (1, 50, 1)}),
}


def of_apical(program, folder, name, sizes, keys):
    """Microseconds of a step, from the processor time of two lengths."""
    task = os.path.join(folder, "task.h5")
    with h5py.File(task, "w") as file:
        file["x"] = (DRAW.uniform(size=(50, sizes[0])) < 0.3) / np.sqrt(sizes[0])  # as small as the rates: nothing diverges
        file["y"] = DRAW.uniform(size=(50, sizes[-1]))

    with open(os.path.join(FOLDER, name + ".toml"), "rb") as file:
        rules = tomllib.load(file)["plasticity"]
    keys = keys + [f"plasticity.{rule}.{rate}=1e-9" for rule, values in rules.items() for rate in ("rate", "rate_per_ms") if rate in values]

    def seconds(steps):
        words = [program, "run", os.path.join(FOLDER, name + ".toml"), "-o", os.path.join(folder, "run.h5"), "--force", "-q", "-j", "1"]
        for key in [*keys, "record={}", f"run.steps={steps}", "run.record_endpoints=false",
                    f'task={{ kind = "file", path = "{task}", readout = "linear", repeat = true }}']:
            words += ["--set", key]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{name}: {done.stderr}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    least, steps = seconds(1000 if sizes[0] < 784 else 20), 2000 if sizes[0] < 784 else 60
    while (taken := seconds(steps)) < 0.4 + least and steps < 1_000_000:
        steps *= 3
    return 1e6 * (taken - least) / (steps - (1000 if sizes[0] < 784 else 20))


def of_numpy(make, sizes):
    step = make(*sizes)
    x, y = (DRAW.uniform(size=sizes[0]) < 0.3).astype(float), DRAW.uniform(size=sizes[-1])
    step(x, y)
    count, begun = 0, time.process_time()
    while time.process_time() - begun < 0.4:
        for _ in range(1 if sizes[0] == 784 else 20):
            step(x, y)
            count += 1
    return 1e6 * (time.process_time() - begun) / count


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    print(f"numpy {np.__version__}\n| circuit | sizes | cells | Apical, µs a step | numpy | ratio |\n|---|---|---|---|---|---|")
    for which in sys.argv[2:] or ["small", "own"]:
        for name, (make, keys, sizes) in CIRCUITS.items():
            with tempfile.TemporaryDirectory() as folder:
                ours = of_apical(sys.argv[1], folder, name, sizes[which], keys(sizes[which]))
            theirs = of_numpy(make, sizes[which])
            print(f"| `{name}` | {which} | {'-'.join(map(str, sizes[which]))} | {ours:.2f} | {theirs:.1f} | {theirs / ours:.0f} |", flush=True)


if __name__ == "__main__":
    main()
