#!/usr/bin/env python3
"""Whether programs of other compilers and build types make the same numbers, to the last bit.

usage: scripts/same_bits.py APICAL APICAL ...
Every shipped model is run with run.strict = true, everything recorded in every step, with one thread and with two, by
each of the programs; with run.strict = false by the first of them, with one thread and with two; and its losses with
less recorded and more measured. The SHA-256 of the numbers must be the same. Exit code 1 when one is not.
"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

import h5py

MODELS = pathlib.Path(__file__).resolve().parents[1] / "models"
ALL = 'record={ all = { what = "*" } }'


def digest(path, only=None):
    """Of the numbers, in the order of the datasets' names."""
    names, total = [], hashlib.sha256()
    with h5py.File(path) as f:
        f.visititems(lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
        for name in sorted(names if only is None else only):
            total.update(name.encode())
            total.update(f[name][()].tobytes())
    return total.hexdigest()


def run(apical, model, path, *options, record=ALL):
    command = [apical, "run", model, "--steps", "300", "--set", "population.hidden.size=40", "--set", record,
               *options, "-o", path, "--force", "-q"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path


def digests(programs, model, folder):
    """Of each way to run the model strictly, and of each way otherwise."""
    path, strict, fused = folder / "run.h5", {}, {}
    for program in programs:
        for threads in ("1", "2"):
            strict[f"{program} -j {threads}"] = digest(
                run(program, model, path, "--set", "run.strict=true", "-j", threads))
    for threads in ("1", "2"):
        fused[f"{programs[0]} -j {threads}"] = digest(run(programs[0], model, path, "-j", threads))
    losses = {"all": digest(path, ["signals/loss"])}
    losses["loss alone"] = digest(run(programs[0], model, path, record='record={ one = { what = "loss" } }'),
                                  ["signals/loss"])
    losses["measured"] = digest(run(programs[0], model, path, "--set", "diagnose={ change = true }",
                                    record='record={ one = { what = "loss" } }'), ["signals/loss"])
    return strict, fused, losses


def main():
    programs = sys.argv[1:]
    models = [path for path in sorted(MODELS.rglob("*.toml")) if not path.name.startswith("figure1")]
    wrong = 0
    with tempfile.TemporaryDirectory() as name:
        for model in models:
            for found in digests(programs, model, pathlib.Path(name)):
                if len(set(found.values())) > 1:
                    wrong += 1
                    print(f"{model.name}: not the same:", *(f"{way} {value[:12]}" for way, value in found.items()))
            for left in pathlib.Path(name).iterdir():
                left.unlink()
    print(f"{len(models)} models, {len(programs)} programs: {wrong} differences")
    sys.exit(wrong > 0)


main()
