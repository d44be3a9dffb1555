#!/usr/bin/env python3
"""What the circuits of models/literature learn, beside backprop by the exact gradient in the same circuit.

    scripts/literature.py [--seeds 10] [--steps N] [--apical ./apical] [--kept runs/literature.json]
                          [--page FILE] [--figure FILE] [NAME...]

For each circuit and seed: a run with the circuit's own rules, a run in which the rule `gradient` changes the same
strengths, the loss of both when nothing learns any more (`apical evaluate`), and the errors of their answers; for
three seeds the alignment of the circuit's changes with the exact gradient. What was measured stays in --kept, so
that a run that was stopped goes on, and --page and --figure can be made again. Lengths, rates and how many seeds
at most: literature_circuits.py.
"""
import argparse
import json
import os
import sys
import tempfile
import tomllib

from literature_circuits import CIRCUITS
from literature_measure import Measurement, chance
from literature_page import figure, in_readme, table

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "literature")


def model_of(name):
    with open(os.path.join(FOLDER, name + ".toml"), "rb") as file:
        model = tomllib.load(file)
    for key in ("path",):
        if key in model["task"]:
            model["task"][key] = os.path.abspath(os.path.join(FOLDER, model["task"][key]))
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seeds", type=int, default=10, help="at most; spiking circuits have fewer")
    parser.add_argument("--steps", type=int, default=0, help="at most; lengths of the models when left out")
    parser.add_argument("--apical", default="./apical")
    parser.add_argument("--kept", default="runs/literature.json")
    parser.add_argument("--page", help="this page (docs/literature/README.md) with the numbers in its tables")
    parser.add_argument("--figure", help="alignment against findings, svg, to this file")
    parser.add_argument("--measure", choices=("yes", "no"), default="yes", help="no: only what is kept")
    asked = parser.parse_args()
    kept = {}
    if os.path.exists(asked.kept):
        with open(asked.kept, encoding="utf-8") as file:
            kept = json.load(file)
    unknown = [name for name in asked.names if name not in CIRCUITS]
    if unknown:
        sys.exit(f"there is no circuit {unknown[0]}; known are {', '.join(CIRCUITS)}")
    with tempfile.TemporaryDirectory() as folder:
        measurement = Measurement(asked.apical, folder, kept, asked.kept)
        if asked.measure == "yes":
            measurement.list()
        for seed in range(1, asked.seeds + 1):          # a table of few seeds is there early
            for name, circuit in CIRCUITS.items():
                if asked.measure == "no" or (asked.names and name not in asked.names) or seed > circuit.seeds:
                    continue
                measurement.seed(name, model_of(name), circuit, seed, asked.steps)
    chances = {name: chance(model_of(name)) for name in CIRCUITS}
    lines = table(kept, chances, CIRCUITS)
    print("\n".join(lines))
    if asked.page:
        with open(asked.page, encoding="utf-8") as file:
            text = in_readme(file.read(), kept, chances, CIRCUITS)
        with open(asked.page, "w", encoding="utf-8") as file:
            file.write(text)
    if asked.figure:
        with open(asked.figure, "w", encoding="utf-8") as file:
            file.write(figure(kept, CIRCUITS))


if __name__ == "__main__":
    main()
