"""Lets single calls to the disk fail while Apical writes its files, and looks whether anything was lost.

usage: io_faults.py APICAL [CASES [SEED]]
Each command runs once undisturbed, under io_faults.c, which counts its calls. Then, for every call (or CASES of them,
drawn by SEED so that each kind of call and of file has its turn), it runs with this call failing: EIO, ENOSPC; of what
writes EINTR, which writes nothing, and half of the bytes; or the program is killed right before it, or in the middle
of a write. What must come of it:
- EINTR and half of the bytes: exit code 0 and all files with the bytes of the undisturbed ones;
- EIO, ENOSPC: the same, or exit code 74, or 73 with the output as it was before, a message that names the file and the
  reason, nothing half made left over, a run file that can be read; and the right bytes after a repair: `apical resume`
  from the last checkpoint, `apical run --force` where there is none, and of the others the same command again;
- killed: the right bytes after the same repair.
Then runs fill a small disk (a tmpfs, which takes root) at their first and last call, where they open files, and at six
calls drawn (two with CASES), and come upon the largest file size allowed (`ulimit -f`). Exit code 1 when something went
otherwise; it is said how to see it again.
"""
import collections
import hashlib
import os
import pathlib
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import h5py
import numpy

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "models"
SECONDS = 10
PAGE = 4096  # bytes; between two of them the kernel may end the write of a program that is killed
REASONS = {"EIO": "Input/output error", "ENOSPC": "No space left on device", "EINTR": "Interrupted system call"}
WRITERS = {"write", "pwrite"}
LIKE_WRITERS = WRITERS | {"fsync", "fdatasync", "ftruncate"}
SMALL = ["--set", "population.hidden.size=12", "--set", "run.steps=300", "--set", 'record={ all = { what = "*" } }',
         "--set", "checkpoint={ every = 100, keep = 2 }"]
SWEEP = """format = 1
title = "Two jobs"
seeds = [1, 2]
blocks = 10
[set]
run.steps = 300
population.hidden.size = 8
record = {{ all = {{ what = "*" }} }}
[model.circuit]
file = "{model}"
[[keep]]
seed = 2
"""


class Wrong(Exception):
    """What must not be."""


def digest(path):
    """SHA-256; the seconds that jobs of a sweep took are left out."""
    content = bytearray(path.read_bytes())
    if path.suffix == ".h5" and b"sweep" in content[:100000]:
        try:
            with h5py.File(path, "r") as f:
                if "jobs/seconds" in f:
                    chunk = f["jobs/seconds"].id.get_chunk_info(0)
                    content[chunk.byte_offset:chunk.byte_offset + chunk.size] = bytes(chunk.size)
        except OSError:
            pass  # damaged: its bytes as they are
    return hashlib.sha256(content).hexdigest()


def digests(folder):
    return {str(path.relative_to(folder)): digest(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def difference(found, expected):
    lines = [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
    lines += [f"{name} is left over" for name in sorted(found.keys() - expected.keys())]
    lines += [f"{name} has other bytes" for name in sorted(found.keys() & expected.keys()) if found[name] != expected[name]]
    return "; ".join(lines)


def unfinished(folder):
    return [path.name for path in folder.rglob("*.new")]


class Ended:
    def __init__(self, code, told, calls):
        self.code, self.told, self.calls = code, told, calls
        self.failing = next((call for call in calls if call.fails), None)


class Call:
    def __init__(self, line):
        self.fails = line.startswith("!")
        self.kind, number, size, at, self.path = line.lstrip("!").split(" ", 4)
        self.number, self.bytes = int(number), int(size)
        self.page_borders = (int(at) + self.bytes - 1) // PAGE - int(at) // PAGE if self.bytes else 0

    def final_path(self):
        """Its name when it is complete: of "run.h5.apical-HOST-4711.new"."""
        return re.sub(r"\.apical-\w+-\d+\.new$", "", self.path)

    def name(self):
        name = pathlib.PurePath(self.final_path()).name
        return name + (".new" if self.path.endswith(".new") else "")


class Bench:
    """Starts the program in a folder, as it is or with a fault."""

    def __init__(self, apical, root):
        self.apical, self.root = apical, root
        self.space = root / "space"  # all is written in a folder of it
        self.space.mkdir()
        self.shim = root / "io_faults.so"
        subprocess.run(["gcc", "-std=gnu17", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", HERE / "io_faults.c",
                        "-o", self.shim], check=True)

    def environment(self, folder, at):
        log = self.root / "calls"
        log.unlink(missing_ok=True)
        faults = {"IO_FAULTS_DIRECTORY": str(folder), "IO_FAULTS_LOG": str(log), "LD_PRELOAD": str(self.shim)}
        return {**os.environ, **faults, **({"IO_FAULTS_AT": at} if at else {})}

    def calls(self):
        log = self.root / "calls"
        return [Call(line) for line in log.read_text().splitlines()] if log.exists() else []

    def start(self, arguments, folder, at=None, most_bytes=None):
        limit = [] if most_bytes is None else ["prlimit", f"--fsize={most_bytes}"]
        command = [*limit, str(self.apical), *map(str, arguments)]
        environment = self.environment(folder, at) if most_bytes is None else None  # the limit is one of the log, too
        return subprocess.Popen(command, cwd=self.root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                text=True)

    def end_of(self, process, command):
        try:
            told = process.communicate(timeout=SECONDS)[1]
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise Wrong(f"`{command}` hangs: no end after {SECONDS} s") from None
        return Ended(process.returncode, told, self.calls())

    def run(self, arguments, folder, at=None, **limits):
        return self.end_of(self.start(arguments, folder, at, **limits), arguments[0])

    def must_run(self, arguments, folder, at=None, code=0):
        ended = self.run(arguments, folder, at)
        if ended.code != code:
            raise Wrong(f"`{' '.join(map(str, arguments))}` ends with {ended.code}, not {code}: {ended.told}")
        return ended


# ---- what is run

class Case:
    """A command that writes `output` in the folder `out`, and what lies there before."""

    def __init__(self, bench, name, arguments, output="run.h5", prepare=None):
        self.bench, self.name, self.arguments = bench, name, arguments
        self.folder = bench.space / "out"
        self.output = self.folder / output
        self.before = bench.root / (re.sub(r"\W+", "_", name) + "_before")
        self.clear()
        if prepare:
            prepare(bench, self.folder)
            shutil.copytree(self.folder, self.before)
        self.digests_before = digests(self.folder) if prepare else {}
        whole = bench.must_run(arguments, self.folder)
        self.calls, self.expected = whole.calls, digests(self.folder)
        self.largest = max(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        self.losses = self.losses_of(self.output)

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        if self.before.exists():
            shutil.copytree(self.before, self.folder)

    def losses_of(self, path):
        with h5py.File(path, "r", libver="latest", swmr=True) as f:
            return f["/signals/loss"][:] if "/signals/loss" in f else numpy.zeros(0)

    def faults(self):
        for call in self.calls:
            for fault in ("EIO", "ENOSPC", "KILL"):
                yield call, fault
            if call.kind in LIKE_WRITERS:
                yield call, "EINTR"
            if call.kind in WRITERS and call.bytes > 1:
                yield call, "SHORT"
            if call.kind == "pwrite" and call.page_borders > 0:
                for border in sorted({1, call.page_borders}):
                    yield call, f"TORN{border}"

    # -- one fault

    def inject(self, call, fault):
        """How it ended: a word for the summary."""
        self.clear()
        at = f"{call.kind}:{call.number}:{fault}"
        ended = self.bench.run(self.arguments, self.folder, at)
        if ended.failing is None:  # two threads do not always make the same calls
            self.check_same("without the call")
            return "not reached"
        if fault == "KILL" or fault.startswith("TORN"):
            if ended.code != -signal.SIGKILL:
                raise Wrong(f"ends with {ended.code}")
            return "killed, " + self.repair()
        if ended.code == 0:
            self.check_same("exit code 0")
            return "0, the same bytes"
        if fault in ("EINTR", "SHORT"):
            raise Wrong(f"does not survive it: ends with {ended.code}: {ended.told.strip()}")
        self.check_failed(ended, ended.failing.final_path(), [REASONS[fault]])
        return f"{ended.code}, " + self.repair()

    def check_same(self, when):
        if wrong := difference(digests(self.folder), self.expected):
            raise Wrong(f"{when}: {wrong}")

    def check_failed(self, ended, path, reasons):
        if ended.code not in (73, 74):
            raise Wrong(f"ends with {ended.code}: {ended.told.strip()}")
        if ended.code == 73 and digests(self.folder).get(self.output.name) != self.digests_before.get(self.output.name):
            raise Wrong(f"ends with 73, but {self.output.name} is not as it was: {ended.told.strip()}")
        if len([line for line in ended.told.splitlines() if not line.startswith("note: ")]) != 1:
            raise Wrong(f"not one message: {ended.told.strip()}")
        if str(path) not in ended.told:
            raise Wrong(f"the message does not name {path}: {ended.told.strip()}")
        if not any(reason in ended.told for reason in reasons):
            raise Wrong(f"the message does not say why ({reasons[0]}): {ended.told.strip()}")
        if left := unfinished(self.folder):
            raise Wrong(f"left over: {', '.join(left)}")

    # -- after it

    def repair(self):
        self.check_readable()
        self.bench.must_run(self.arguments, self.folder)
        self.check_repaired(self.arguments[0] + " again")
        return "again"

    def check_readable(self):
        pass

    def check_repaired(self, how):
        if wrong := difference(digests(self.folder), self.expected):
            raise Wrong(f"after {how}: {wrong}")


class RunCase(Case):
    """What leaves a run file that can be resumed."""

    def check_readable(self):
        if not self.output.exists():
            return
        self.bench.must_run(["inspect", self.output], self.folder)
        losses = self.losses_of(self.output)
        is_of_another = self.arguments[0] in ("run", "fork") and self.output.name in self.digests_before
        if not is_of_another and losses.tobytes() != self.losses[:len(losses)].tobytes():
            raise Wrong("the rows that are left are not those of the whole run")

    def repair(self):
        self.check_readable()
        checkpoints = list(self.folder.glob(self.output.name + ".*.checkpoint"))
        if checkpoints and self.output.exists() and not self.is_replaced():
            self.bench.must_run(["resume", self.output, "-q", "-j", "1"], self.folder)
            self.check_repaired("resume")
            return "resume"
        forced = (self.output.exists() or checkpoints) and "--force" not in self.arguments
        self.bench.must_run([*self.arguments, *(["--force"] if forced else [])], self.folder)
        self.check_repaired(self.arguments[0] + " again")
        return "--force" if forced or "--force" in self.arguments else "again"

    def is_replaced(self):
        """Whether what is there is another run than the one that was started: as before, or with its checkpoints alone."""
        if not self.digests_before or self.arguments[0] == "resume":
            return False
        names = {path.name for path in self.folder.glob(self.output.name + ".*.checkpoint")}
        return any(self.digests_before.get(name) == digest(self.folder / name) for name in names)


class RecoverCase(RunCase):
    def repair(self):
        return Case.repair(self)


def run_arguments(folder, threads, *others):
    return ["run", MODELS / "dni_b.toml", *SMALL, "-q", "-j", threads, "-o", folder / "run.h5", *others]


def another_run(bench, folder):
    bench.must_run(run_arguments(folder, 1, "--seed", 2), folder)


def killed_run(bench, folder):
    """Right after the checkpoint of step 200, whose directory was about to be synced."""
    bench.must_run(run_arguments(folder, 1), folder, "fsync:2:KILL", -signal.SIGKILL)


def interrupted_run(bench, folder):
    """After step 100, with a checkpoint."""
    bench.must_run(run_arguments(folder, 1), folder, "fsync:1:INT", 130)


def run_to_fork(bench, folder):
    bench.must_run(run_arguments(folder, 1), folder)


def run_to_fork_and_a_fork(bench, folder):
    run_to_fork(bench, folder)
    bench.must_run(fork_arguments(folder, "--set", "plasticity.readout.rate=3e-3"), folder)


def fork_arguments(folder, *others):
    return ["fork", folder / "run.h5", "--at", 200, "--set", "plasticity.readout.rate=2e-3", "-q", "-j", 1,
            "-o", folder / "fork.h5", *others]


def cases(bench):
    out = bench.space / "out"
    sweep_file = bench.root / "two.toml"
    sweep_file.write_text(SWEEP.format(model=MODELS / "dni_b.toml"))
    sweep = ["sweep", sweep_file, "-q", "-o", out / "two.h5"]
    yield RunCase(bench, "run -j 1", run_arguments(out, 1))
    yield RunCase(bench, "run -j 2", run_arguments(out, 2))
    yield RunCase(bench, "run --force over another", run_arguments(out, 1, "--force"), prepare=another_run)
    yield RunCase(bench, "resume of a killed run", ["resume", out / "run.h5", "-q", "-j", 1], prepare=killed_run)
    yield RunCase(bench, "resume -j 2 of an interrupted run", ["resume", out / "run.h5", "-q", "-j", 2],
                  prepare=interrupted_run)
    yield Case(bench, "sweep -j 1", [*sweep, "-j", 1], "two.h5")
    yield Case(bench, "sweep -j 2", [*sweep, "-j", 2], "two.h5")
    yield RecoverCase(bench, "recover", ["recover", out / "run.h5"], prepare=killed_run)
    yield RunCase(bench, "fork", fork_arguments(out), "fork.h5", prepare=run_to_fork)
    yield RunCase(bench, "fork --force over another", fork_arguments(out, "--force"), "fork.h5",
                  prepare=run_to_fork_and_a_fork)


# ---- a full disk

class Disk:
    """A tmpfs in the place of the folder that all is written in."""

    def __init__(self, folder, kilobytes):
        self.folder, self.kilobytes = folder, kilobytes
        self.filler = folder / "filler"

    def __enter__(self):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.kilobytes}k", "none", self.folder], check=True,
                       capture_output=True)
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", "-l", self.folder], check=True)

    def fill(self):
        with open(self.filler, "wb", buffering=0) as filler:
            try:
                while filler.write(bytes(4096)):
                    pass
            except OSError:
                pass

    def empty(self):
        self.filler.unlink()

    def enlarge(self):
        subprocess.run(["mount", "-o", f"remount,size={2 * self.kilobytes}k", self.folder], check=True)


def fill_disk(bench, case, call, mend):
    """The disk is full from this call of a command on, until it is mended."""
    with Disk(bench.space, 16384) as disk:
        case.clear()
        process = bench.start(case.arguments, case.folder, f"{call.kind}:{call.number}:STOP")
        os.waitpid(process.pid, os.WUNTRACED)
        disk.fill()
        os.kill(process.pid, signal.SIGCONT)
        ended = bench.end_of(process, case.arguments[0])
        if ended.code == 0:
            case.check_same("exit code 0")
            return "0, the same bytes"
        case.check_failed(ended, case.folder, [REASONS["ENOSPC"], " are free in "])
        case.check_readable()
        if type(case) is RunCase:
            still = bench.run(["resume", case.output, "-q"], case.folder)
            if still.code not in (0, 66, 73, 74):
                raise Wrong(f"resume ends with {still.code} on a full disk: {still.told.strip()}")
        mend(disk)
        return f"{ended.code}, {case.repair()}"


def limit_files(bench, case, most_bytes):
    """No file may be larger; the shell says `ulimit -f` (in kB)."""
    case.clear()
    ended = bench.run(case.arguments, case.folder, most_bytes=most_bytes)
    if ended.code == 0:
        case.check_same("exit code 0")
        return "0, the same bytes"
    case.check_failed(ended, case.folder, ["File too large"])
    return f"{ended.code}, {case.repair()}"


# ---- all of it

class Tally:
    def __init__(self):
        self.ends = collections.Counter()  # of (kind, fault, end)
        self.wrong = {}  # how it went wrong: how to see it again, and how often in which command

    def add(self, kind, fault, end):
        self.ends[kind, fault, end] += 1

    def add_wrong(self, kind, fault, case, again, failure):
        self.add(kind, fault, "WRONG")
        text = re.sub(r"(note: .*\n)|/\S*/out/|\.apical-\w+-\d+\.new|(?<=--fsize=)\d+", "", str(failure))
        text = re.sub(r"[0-9a-f-]{36}", "JOB", text).replace(case.output.name, "OUTPUT")
        found = self.wrong.setdefault((kind, fault, text), (again, collections.Counter()))
        found[1][case.name] += 1

    def print(self):
        for (kind, fault, text), (again, names) in self.wrong.items():
            print(f"WRONG {names.total()} x {kind} {fault}: {text}\n   ", ", ".join(f"{name} {count}" for name, count in names.items()))
            print("    again:", again)
        of_fault = collections.Counter()
        for (kind, fault, _), count in self.ends.items():
            of_fault[kind, fault] += count
        for kind, fault in sorted(of_fault):
            ends = sorted((end, count) for (k, f, end), count in self.ends.items() if (k, f) == (kind, fault))
            print(f"{kind:10} {fault:7} {of_fault[kind, fault]:6}:", ", ".join(f"{count} x [{end}]" for end, count in ends))


def command_line(bench, case):
    return shlex.join([str(bench.apical), *map(str, case.arguments)])


def how_to_see_again(bench, case, at):
    return f"IO_FAULTS_DIRECTORY={case.folder} IO_FAULTS_AT={at} LD_PRELOAD=io_faults.so {command_line(bench, case)}"


def drawn(faults, most, draw):
    """In turn from each command, kind of call, file and fault."""
    groups = collections.defaultdict(list)
    for case, call, fault in faults:
        groups[case.name, call.kind, call.name(), fault].append((case, call, fault))
    for group in groups.values():
        draw.shuffle(group)
    rest, found = list(groups.values()), []
    draw.shuffle(rest)
    while len(found) < most:
        found += [group.pop() for group in rest]
        rest = [group for group in rest if group]
    return found[:most]


def inject_all(bench, all_cases, most, draw, tally):
    faults = [(case, call, fault) for case in all_cases for call, fault in case.faults()]
    if most is not None and most < len(faults):
        faults = drawn(faults, most, draw)
    begin = time.monotonic()
    for number, (case, call, fault) in enumerate(faults):
        if number % 250 == 0:
            print(f"{number} of {len(faults)}, {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
        try:
            tally.add(call.kind, fault, case.inject(call, fault))
        except Wrong as failure:
            again = how_to_see_again(bench, case, f"{call.kind}:{call.number}:{fault}")
            tally.add_wrong(call.kind, fault, case, again, failure)
    return len(faults)


def fill_disks(bench, all_cases, draws, draw, tally):
    try:
        with Disk(bench.space, 64):
            pass
    except (OSError, subprocess.CalledProcessError):
        print("no tmpfs may be mounted here: full disks are left out")
        return 0
    fills = 0
    for case in all_cases:
        if "-j 2" in case.name:
            continue
        calls = [call for call in case.calls if call.kind in ("pwrite", "open")]
        chosen = [calls[0], calls[-1], *(call for call in calls if call.kind == "open"), *draw.sample(calls, draws)]
        for turn, call in enumerate(chosen):
            fills += 1
            try:
                tally.add("disk", "full", fill_disk(bench, case, call, (Disk.empty, Disk.enlarge)[turn % 2]))
            except Wrong as failure:
                again = how_to_see_again(bench, case, f"{call.kind}:{call.number}:STOP") + "; fill the disk; kill -CONT"
                tally.add_wrong("disk", "full", case, again, failure)
    return fills


def limit_all_files(bench, all_cases, draw, tally):
    limits = 0
    for case in all_cases:
        for most in (0, 8192, draw.randrange(case.largest), draw.randrange(case.largest), case.largest - 1):
            limits += 1
            try:
                tally.add("file size", "limit", limit_files(bench, case, most))
            except Wrong as failure:
                again = f"prlimit --fsize={most} {command_line(bench, case)}"
                tally.add_wrong("file size", "limit", case, again, failure)
    return limits


def main():
    apical = pathlib.Path(sys.argv[1]).resolve()
    most = int(sys.argv[2]) if len(sys.argv) > 2 else None
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(2**32)
    draw, tally = random.Random(seed), Tally()
    with tempfile.TemporaryDirectory(prefix="apical-io-") as name:
        bench = Bench(apical, pathlib.Path(name).resolve())
        all_cases = list(cases(bench))
        for case in all_cases:
            counts = collections.Counter(call.kind for call in case.calls)
            print(f"{case.name}:", ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
        injected = inject_all(bench, all_cases, most, draw, tally)
        filled = fill_disks(bench, all_cases, 6 if most is None else 2, draw, tally)
        limited = limit_all_files(bench, all_cases, draw, tally)
    tally.print()
    wrong = sum(count for (_, _, end), count in tally.ends.items() if end == "WRONG")
    print(f"seed {seed}: {injected} faults in {len(all_cases)} commands, {filled} full disks and {limited} limits;",
          f"{wrong} went wrong" if wrong else "no byte was lost")
    sys.exit(1 if wrong else 0)


main()
