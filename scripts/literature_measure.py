"""Runs of scripts/literature.py: a circuit with its own rules, with the exact gradient, and the two compared."""
import copy
import json
import math
import os
import subprocess
import sys

import h5py
import numpy as np

from literature_circuits import learning_sets, named_apart, without_rules, written

ALIGNED_SEEDS = 3
SLOW = 1e-6  # of the rates, where the changes of an epoch are compared


def chance(model):
    """The loss, and the share of wrong answers, of an output that knows how frequent the labels are."""
    kind = model["task"]["kind"]
    if kind == "evidence":
        return math.log(2), 0.5
    if kind == "pattern":
        return 0.328125, None
    if kind == "add":  # lags 1 and 2 in task steps: half the variance of 0.5 x - 0.25 x'
        return 0.5 * (0.25 + 0.0625) / 4, None
    against = model.get("loss", {}).get("against", "label")
    if not against.startswith("label"):
        return None
    with h5py.File(model["task"]["path"]) as file:
        labels = file[model["task"].get("y", "y")][:].astype(float)
    labels = labels[:, part_of(against, labels.shape[1])]
    if model["task"]["path"].endswith("delayed_nonmatch.h5"):  # the target stands in the steps that count
        labels = labels[labels[:, 0] != 0]
    share = (labels > labels.mean()).mean(axis=0)
    wrong = 1 - share.max() if labels.shape[1] > 1 else min(share[0], 1 - share[0])
    if model["task"]["path"].endswith("sines.h5"):
        wrong = None
    if model.get("loss", {}).get("kind") == "cross_entropy":
        return -(share * np.log(share)).sum(), wrong
    return 0.5 * labels.var(axis=0).mean(), wrong


def part_of(address, cells):
    if "[" not in address:
        return slice(0, cells)
    first, last = address[address.index("[") + 1:-1].split(":")
    return slice(int(first), int(last))


class Measurement:
    def __init__(self, apical, folder, kept, path):
        self.apical, self.folder, self.kept, self.path = apical, folder, kept, path

    def keep(self, name, what, seed, value):
        self.kept.setdefault(name, {}).setdefault(what, {})[str(seed)] = value
        os.makedirs(os.path.dirname(os.path.abspath(self.path)), exist_ok=True)
        with open(self.path + ".new", "w", encoding="utf-8") as file:
            json.dump(self.kept, file, indent=1)
        os.replace(self.path + ".new", self.path)

    def has(self, name, what, seed):
        return str(seed) in self.kept.get(name, {}).get(what, {})

    def json_of(self, *words):
        done = subprocess.run([self.apical, *words, "--json"], capture_output=True, text=True)
        if done.returncode not in (0, 4):
            sys.exit(f"{' '.join(words)}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def list(self):
        for one in self.json_of("list", "literature")["literature"]:
            found = self.json_of_audit(one["name"])
            self.kept.setdefault(one["name"], {}).update(
                source=one["source"], task=one["task"], verdict=one["verdict"], failed=sum(not holds for holds in found["criteria"].values()),
                beyond=sorted({finding["criterion"] for finding in found["beyond"]}))

    def json_of_audit(self, name):
        done = subprocess.run([self.apical, "audit", name, "--json"], capture_output=True, text=True)
        return json.loads(done.stdout)["models"][0]

    def seed(self, name, model, circuit, seed, most):
        """All that is measured with this seed and is not kept yet."""
        model = copy.deepcopy(model)
        steps = circuit.steps or model["run"]["steps"]
        trial = trial_of(model)
        steps = max(trial, min(steps, most)) if most else steps
        model["run"].update(seed=seed, steps=steps)
        model.pop("record", None)
        sets = learning_sets(model)
        exact = without_rules(model, circuit, circuit.rate, sets)
        exact["run"]["steps"] = max(trial, min(steps, circuit.exact_steps or steps))
        self.kept.setdefault(name, {}).update(steps=steps, exact_steps=exact["run"]["steps"])
        for what, one in (("rules", model), ("exact", exact)):
            if not self.has(name, what, seed):
                self.keep(name, what, seed, self.trained(one, circuit))
        if seed <= ALIGNED_SEEDS and not self.has(name, "alignment", seed):
            self.keep(name, "alignment", seed, self.alignment(model, exact, circuit, sets, steps))

    def run(self, model, file, *more):
        path = os.path.join(self.folder, file + ".toml")
        written(model, path)
        return self.json_of("run", path, "-o", os.path.join(self.folder, file + ".h5"), "--force", *more)

    def trained(self, model, circuit):
        """The loss and the share of wrong answers, frozen; of a squared loss half the mean square."""
        model = copy.deepcopy(model)
        loss = model.get("loss", {"of": "output.r", "against": "label"})
        judged = loss["of"]
        softmax = model["task"]["kind"] == "evidence"
        if not softmax:
            model["record"] = {"answers": {"what": [judged, "label.r"], "every": circuit.every}}
        self.run(model, "trained")
        run = os.path.join(self.folder, "trained.h5")
        frozen = os.path.join(self.folder, "frozen.h5")
        words = ["evaluate", run, "-o", frozen, "--force"]
        if "trial" in model:
            words += ["--trials", "200" if softmax else "40" if circuit.period else "1"]
        else:
            words += ["--settle", "0", "--steps", str(circuit.shown)]
        for key, value in circuit.frozen.items():
            if in_model(model, key):
                words += ["--set", f"{key}={value}"]
        found = self.json_of(*words)["evaluations"][0]
        error = found.get("error")
        if not softmax and model["task"]["kind"] == "file":
            error = wrong_answers(frozen, loss, circuit, model)
        return {"loss": found["loss"], "error": error}

    def alignment(self, model, exact, circuit, sets, steps):
        """The cosine between a circuit's change and minus the exact gradient, by set."""
        measured = min(steps, circuit.measured or max(200, steps // 10))
        model = copy.deepcopy(model)
        model["run"]["steps"] = max(measured, trial_of(model))
        if circuit.differences:
            return self.changes(model, exact, circuit, sets)
        model["diagnose"] = {"alignment": True, "exact": "adjoint"}
        if isinstance(circuit.window, int) and circuit.window > 1:
            model["diagnose"]["window"] = circuit.window
        found = self.run(named_apart(model), "aligned")["alignment"]
        return {name: found[name]["cosine"] for name in sets if name in found}

    def changes(self, model, exact, circuit, sets):
        """What both ask for from the same strengths over an epoch, so slowly that the strengths stay."""
        self.run(model, "early")
        asked = {}
        for what, one in (("rules", model), ("exact", exact)):
            one = copy.deepcopy(one)
            for name in one["synapses"]:
                one["synapses"][name]["init"] = {"run": os.path.join(self.folder, "early.h5"), "at": "last"}
            for rule in one["plasticity"].values():
                for rate in ("rate", "rate_per_ms"):
                    if rate in rule:
                        rule[rate] *= SLOW
                rule.pop("optimiser", None)
                rule.pop("schedule", None)
            one["run"]["steps"] = max(circuit.epoch, trial_of(one))
            self.run(one, what)
            with h5py.File(os.path.join(self.folder, what + ".h5")) as file:
                asked[what] = {name: change(file, name) for name in sets}
        return {name: cosine(asked["rules"][name], asked["exact"][name]) for name in sets}


def change(file, name):
    strength = file[f"synapses/{name}/strength"]
    return strength[-1] - strength[0]


def cosine(a, b):
    size = np.linalg.norm(a) * np.linalg.norm(b)
    return float((a * b).sum() / size) if size > 0 else math.nan


def trial_of(model):
    if model["task"]["kind"] == "evidence":
        return round(2250 * model["task"].get("scale", 1.0))
    return model.get("trial", {}).get("steps", 1)


def in_model(model, key):
    one = model
    for word in key.split("."):
        if word not in one:
            return False
        one = one[word]
    return True


def wrong_answers(path, loss, circuit, model):
    """The share of steps, of those that are judged, whose largest output is not the label's, or is on its other side."""
    population, signal = loss["of"].split(".", 1)
    with h5py.File(path) as file:
        axes = file["axes/answers"]
        place = f"state/{population}/" + ("rate" if signal == "r" else f"{signal.split('.')[0]}/voltage")
        steps = axes["step"][:]
        out = file[place][:]
        label = file["state/label/rate"][:]
    phases = [phase["name"] for phase in (model["phase"] if isinstance(model["phase"], list) else [model["phase"]])]
    place = phases.index(loss["during"]) if loss.get("during") in phases else -1
    if out.ndim == 3:
        out, label = out[:, place], label[:, place]
    out = out.reshape(len(steps), -1)
    label = label.reshape(len(steps), -1)
    label = label[:, part_of(loss["against"], label.shape[1])]
    here = steps > 0
    if circuit.period:
        place = (steps - 1) % circuit.period
        here &= (place >= circuit.judged[0]) & (place < circuit.judged[1])
    out, label = out[here], label[here]
    if out.shape[1] > 1:
        return float((out.argmax(axis=1) != label.argmax(axis=1)).mean())
    middle = 0.5 * (label.max() + label.min())
    return float(((out > middle) != (label > middle)).mean())
