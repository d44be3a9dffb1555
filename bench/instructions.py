"""Counts the instructions of a step of each shipped model, with the kernels of each instruction set that
valgrind knows, and compares them with the stored ones.

usage: bench/instructions.py PROGRAM [--store | --set KEY=VALUE ...]
A count is what the scheduler executes in a run under valgrind's callgrind over the number of its steps, so
that neither the start of a run counts nor what it does now and then by the clock. Exit codes: 0 no rule needs more, 1 one does,
77 the stored counts are not of this compiler and processor, so that nothing can be said.
"""
import argparse
import concurrent.futures
import csv
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
STORED = ROOT / "bench" / "instructions.csv"
RULES = ["rtrl", "bptt", "bptt_window", "kf_rtrl", "r_kf", "kernl", "uoro", "dni", "dni_b", "rflo", "fixed_w"]
SETS = ["x86_64_v3", "baseline"]
STEPS = {rule: 1000 for rule in RULES} | {"rtrl": 50}
COUNTED = "apical::Scheduler::run_to(long)"
BOUND = 0.005  # fifty times what the counts of one program differ by
AT_ONCE = 2
CANNOT_COMPARE = 77  # as a skipped test of Automake


def run(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit code {done.returncode}\n{done.stderr}")
    return done


def made_with(program):
    """What counts depend on beside the source."""
    valgrind = run(["valgrind", "--version"]).stdout.strip()
    version = run(["valgrind", "-q", "--tool=none", program, "version"]).stdout.splitlines()
    return ", ".join(version[1:] + [valgrind, "-".join(platform.libc_ver())])


def instructions(program, model, steps, overrides, folder):
    # Nothing is recorded: that is flushed once a second, so that a slow machine executes more.
    records = re.findall(r"^\[(record\.\w+)\]", model.read_text(), re.MULTILINE)
    settings = [f"{record}.{end}=1_000_000" for record in records for end in ("from", "to")] + overrides
    output = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "run.h5"
    done = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
                f"--toggle-collect={COUNTED}", program, "run", model, "--quiet",
                f"--steps={steps}", f"--output={output}"] + [f"--set={setting}" for setting in settings])
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])


def count(program, overrides):
    """{(rule, instruction set): instructions per step}"""
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        def total(rule, kernels):
            return pool.submit(instructions, program, ROOT / "models" / f"{rule}.toml", STEPS[rule],
                               [f'run.kernels="{kernels}"'] + overrides, folder)
        totals = {(rule, kernels): total(rule, kernels) for rule in RULES for kernels in SETS}
        return {(rule, kernels): round(total.result() / STEPS[rule]) for (rule, kernels), total in totals.items()}


def load(path):
    """What the stored counts were made with, and {(rule, instruction set): instructions per step}."""
    comment, *table = path.read_text().splitlines()
    return comment.removeprefix("# "), {(row["rule"], row["kernels"]): int(row["instructions"])
                                        for row in csv.DictReader(table)}


def store(path, made, counts):
    lines = [f"# {made}", "rule,kernels,instructions"]
    lines += [f"{rule},{kernels},{n}" for (rule, kernels), n in sorted(counts.items())]
    path.write_text("\n".join(lines) + "\n")


def compare(stored, counts):
    """The lines to print, and whether no rule needs more than is stored."""
    lines = [f"{'instructions per step':<22} {'stored':>9} {'now':>9}  ratio"]
    passed = True
    for key in sorted(stored.keys() | counts.keys()):
        name = " ".join(key)
        if key not in stored or key not in counts:
            passed = False
            lines.append(f"{name:<22} {stored.get(key, '-'):>9} {counts.get(key, '-'):>9}  FAILED: one of two")
            continue
        ratio = counts[key] / stored[key]
        word = ""
        if ratio > 1 + BOUND:
            passed = False
            word = f"  FAILED: more than {BOUND:.1%} more"
        elif ratio < 1 - BOUND:
            word = "  fewer: store the counts anew, so that it stays so"
        lines.append(f"{name:<22} {stored[key]:>9} {counts[key]:>9}  {ratio:.4f}{word}")
    return lines, passed


def main():
    parser = argparse.ArgumentParser(prog="bench/instructions.sh", description=__doc__.split("\n\n")[0])
    parser.add_argument("program", help=argparse.SUPPRESS)
    parser.add_argument("--store", action="store_true", help="store the counts in bench/instructions.csv")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE",
                        help="override any key of the models, as in --set run.fuse=false")
    options = parser.parse_args()
    if options.store and options.set:
        parser.error("--store stores the counts of the models as they are, without --set")

    made = made_with(options.program)
    before, stored = load(STORED) if STORED.exists() else ("", {})
    if not options.store and made != before:
        print(f"cannot compare: the stored counts are of {before}\n"
              f"                                 this is {made}\n"
              "bench/instructions.sh --store stores the counts of this machine")
        sys.exit(CANNOT_COMPARE)
    counts = count(options.program, options.set)
    lines, passed = compare(stored, counts)
    print("\n".join(lines))
    if options.store:
        store(STORED, made, counts)
        print("stored in bench/instructions.csv")
    elif not passed:
        sys.exit("a step needs more instructions than before; if it has to, bench/instructions.sh --store")


if __name__ == "__main__":
    main()
