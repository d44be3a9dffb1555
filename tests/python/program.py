"""The program that the tests hold the package against, and runs that it made once for all of them."""
import atexit
import functools
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

SOURCES = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("APICAL_PROGRAM", str(SOURCES / "build/release/apical"))
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="apical_python_"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


def apical(*words, code=0):
    """What the program prints; of another exit code what it says."""
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, cwd=SOURCES)
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stderr}"
    return done.stdout if code == 0 else done.stderr


def said_json(*words):
    return json.loads(apical(*words, "--json"))


@functools.cache
def run_file(model, *overrides):
    """The path of a run of this model, made once."""
    path = FOLDER / f"{len(list(FOLDER.iterdir()))}.h5"
    apical("run", model, "-q", "-o", path, *[word for one in overrides for word in ("--set", one)])
    return str(path)


def rflo():
    return run_file("rflo", "run.steps=300", 'record.coarse.every=20')


def dni_b():
    """Chosen cells, evaluations and several axes."""
    return run_file("dni_b", "run.steps=120", "evaluate={ every = 40, steps = 40 }",
                    'record={ all = { what = ["hidden.*", "W_rec", "recurrent.teaching", "J"], every = 10 }, '
                    'loss = { what = "loss" }, few = { what = "W_in", cells = { hidden = [0, 3] } } }')


def sparse():
    return run_file("rflo", "run.steps=60", "synapses.W_rec.connect={ probability = 0.1, self = false }",
                    "synapses.W_rec.init={ normal = 0.1 }",
                    'record={ a = { what = ["W_rec", "loss"], every = 10 } }')


def spiking():
    return run_file("models/literature/eprop_lif.toml", "run.steps=1000",
                    'record={ all = { what = ["*.spikes", "loss", "rec.r"], every = 10 } }')


def settling():
    """Iterations of each phase."""
    return run_file("models/literature/supervised_predictive_coding.toml", "run.steps=12",
                    'record={ a = { what = ["e1.r", "loss"], each_iteration = true } }')


def trials(*overrides):
    return run_file("tests/data/literature/rflo_murray_trials.toml", *overrides)


@functools.cache
def sweep_file(seeds='"1:3"'):
    """The result of two models with two sizes, each evaluated; its sweep file has the name of the result."""
    text = f"""format = 1
title = "Two models"
seeds = {seeds}
blocks = 20
[set]
run.steps = 200
evaluate = {{ every = 100, steps = 40 }}
diagnose.alignment = true
[model.RFLO]
file = "{SOURCES}/models/rflo.toml"
[model."DNI(b)"]
file = "{SOURCES}/models/dni_b.toml"
[grid]
population.hidden.size = [4, 6]
"""
    path = FOLDER / f"sweep{len(list(FOLDER.iterdir()))}.toml"
    path.write_text(text, encoding="utf-8")
    apical("sweep", path, "-q", "-o", path.with_suffix(".h5"))
    return str(path.with_suffix(".h5"))
