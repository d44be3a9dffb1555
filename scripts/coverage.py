#!/usr/bin/env python3
"""How much of our libraries the tests reach: lines, and branches other than those of exceptions, folder by folder.

usage: coverage.py BUILD   (built with -DAPICAL_COVERAGE=ON, as `./test coverage` does, after its tests ran)
Ends with exit code 1 when less than 90 % of the lines of a folder were reached.
"""
import collections
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOLDERS = ("circuits", "learning_rules", "sim")
LEAST = 0.9


def reports(build):
    """What gcov says of each object file: a text of JSON each."""
    counted = sorted(build.glob("CMakeFiles/*.dir/**/*.gcda"))
    if not counted:
        sys.exit(f"coverage.py: nothing was counted in {build}; expected one built with -DAPICAL_COVERAGE=ON, after its tests")
    told = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", *counted], cwd=build, check=True,
                          capture_output=True, text=True).stdout
    return [json.loads(line) for line in told.splitlines() if line.startswith("{")]


def reached(build):
    """Of each of our files: whether a line ran, and whether each branch of a line was taken, in any object file."""
    lines = collections.defaultdict(dict)
    branches = collections.defaultdict(dict)
    for report in reports(build):
        for source in report["files"]:
            path = (pathlib.Path(report["current_working_directory"]) / source["file"]).resolve()
            if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[0] not in FOLDERS:
                continue
            name = str(path.relative_to(ROOT))
            for line in source["lines"]:
                number = line["line_number"]
                lines[name][number] = lines[name].get(number, False) or line["count"] > 0
                for i, branch in enumerate(one for one in line["branches"] if not one["throw"]):
                    branches[name][number, i] = branches[name].get((number, i), False) or branch["count"] > 0
    return lines, branches


def share(flags):
    return sum(flags) / max(1, len(flags))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    lines, branches = reached(pathlib.Path(sys.argv[1]).resolve())
    print("folder            lines             branches")
    short = []
    for folder in FOLDERS:
        files = [name for name in lines if name.startswith(folder + "/")]
        ran = [flag for name in files for flag in lines[name].values()]
        taken = [flag for name in files for flag in branches[name].values()]
        print(f"{folder:15} {share(ran):6.1%} of {len(ran):6} {share(taken):6.1%} of {len(taken):6}")
        if share(ran) < LEAST:
            short.append(folder)
    print("the files with the most lines that no test reached:")
    missed = {name: [number for number, ran in sorted(of_file.items()) if not ran] for name, of_file in lines.items()}
    for name in sorted(missed, key=lambda name: -len(missed[name]))[:12]:
        print(f"  {name}: {len(missed[name])} of {len(lines[name])}, from line {missed[name][0] if missed[name] else '-'}")
    if short:
        sys.exit(f"coverage.py: fewer than {LEAST:.0%} of the lines of {', '.join(short)} were reached")


main()
