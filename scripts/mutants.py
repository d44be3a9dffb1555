#!/usr/bin/python3
"""Plants each slip of tests/mutants.toml in a copy of the sources, builds the tests and runs them until one fails. Prints which
test caught it; exits with 1 when one survives, does not build or no longer fits. Usage: scripts/mutants.py [WORD], a word of
the file or the kind."""

import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutants"
FIRST = "[oracle],[reference],[circuit],[rules]"  # where most are caught, and soon


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True)


def copy_sources():
    tracked = run("git", "-C", ROOT, "ls-files").stdout.split("\n")
    for name in filter(None, tracked):
        target = WORK / name
        source = ROOT / name
        if not source.exists() or target.exists() and target.read_bytes() == source.read_bytes():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def build():
    return run("ninja", "-C", WORK / "build" / "release", "apical_tests").returncode == 0


def caught_by(*selection):
    """The first test that fails, or None."""
    done = run(WORK / "build" / "release" / "tests" / "apical_tests", "--abort", *selection)
    if done.returncode == 0:
        return None
    found = re.search(r"-{79}\n(.*?)\n-{79}", done.stdout, re.S)
    return " ".join(found.group(1).split()) if found else f"exit code {done.returncode}"


def fate(mutant):
    """Whether it is caught, and what to say."""
    file = WORK / mutant["file"]
    source = file.read_text()
    if source.count(mutant["find"]) != 1:
        return False, f"`find` stands in the file {source.count(mutant['find'])} times"
    file.write_text(source.replace(mutant["find"], mutant["with"]))
    try:
        if not build():
            return False, "does not build"
        test = caught_by(FIRST) or caught_by()
        return bool(test), test or "SURVIVES"
    finally:
        file.write_text(source)


def main():
    word = sys.argv[1] if len(sys.argv) > 1 else ""
    mutants = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text())["mutant"]
    chosen = [one for one in mutants if word in one["file"] or word in one["kind"]]
    copy_sources()
    configured = run("cmake", "--preset", "release", "-S", WORK, "-B", WORK / "build" / "release", "-DAPICAL_TESTS=ON")
    if configured.returncode or not build():
        sys.exit("mutants.py: the sources themselves do not build")
    if test := caught_by():
        sys.exit(f"mutants.py: without any slip a test fails: {test}")
    alive = 0
    for one in chosen:
        caught, said = fate(one)
        alive += not caught
        print(f"{pathlib.Path(one['file']).stem:<16} {one['kind']:<52} {said}", flush=True)
    print(f"{len(chosen) - alive} of {len(chosen)} caught")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
