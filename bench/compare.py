#!/usr/bin/env python3
"""Runs the benchmarks in alternation and prints each goal of docs/performance.md as a ratio.

usage: bench/compare.py BENCH [repetitions] [only]
CPU time of one core, or wall time where it says so. A ratio is that of the least times, which another
program on the machine disturbs least; behind it stands the median of the ratios of single repetitions, with
the smallest and the largest. `only` is the name of a table: sets, rules, passes, rows, adjoint, noise, cores,
recording.
"""
import csv
import io
import statistics
import subprocess
import sys

RULES = ["fixed_w", "rflo", "dni_b", "dni", "uoro", "kernl", "bptt", "bptt_window", "kf_rtrl", "r_kf", "rtrl"]
SIZES = [32, 128, 512, 2048]
RECORDED_BYTES = 100_000 * 5 * 2 * 32 * 8  # 5 vectors in two phases, of as many steps
SHORT, LONG = (1.3, 1.3, 1.5), (2.5, 2.5, 2.5)  # at n = 32, 128, 1024
TEXT_RULES = {"hebb_decay": SHORT, "oja": SHORT, "bcm": SHORT, "rflo_text": SHORT, "bounded_hebb": SHORT, "soft_bounds": SHORT,
              "shrinking": LONG, "light": LONG, "root_and_division": LONG}
WIDTHS = {"x86_64_v3": 4, "x86_64_v4": 8}
PRODUCTS = {"rtrl": lambda n: 2 * n**3 * (n + 3), "kf_rtrl": lambda n: 2 * n**3, "r_kf": lambda n: 2 * n**2 * (n + 3)}


class Benchmarks:
    def __init__(self, program, repetitions):
        self.program, self.repetitions = program, repetitions

    def names(self):
        return subprocess.run([self.program, "--benchmark_list_tests"], check=True, stdout=subprocess.PIPE,
                              text=True).stdout.split()

    def times(self, pattern, wall=False):
        """{name: [ns]} of the benchmarks that match, in random alternation: of CPU time on one core, or of
        wall time on all cores."""
        command = ([] if wall else ["taskset", "-c", "0"]) + [
            self.program, f"--benchmark_filter={pattern}", f"--benchmark_repetitions={self.repetitions}",
            "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.01", "--benchmark_format=csv"]
        text = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
        found = {}
        if "name," not in text:  # no benchmark has such a name
            return found
        for row in csv.reader(io.StringIO(text[text.index("name,"):])):
            if row[0] == "name" or row[0].endswith(("_mean", "_median", "_stddev", "_cv")):
                continue
            if not row[3]:
                sys.exit(f"{row[0]}: {row[-1]}")
            found.setdefault(row[0], []).append(float(row[2 if wall else 3]))
        return found


def ratio(a, b, scale=1.0):
    """Of the least times, and of the single repetitions: median, smallest, largest."""
    each = [scale * x / y for x, y in zip(a, b)]
    return scale * min(a) / min(b), statistics.median(each), min(each), max(each)


def show(what, a, b, scale=1.0, goal=""):
    least, middle, smallest, largest = ratio(a, b, scale)
    print(f"{what:<66} {least:7.3f}  {middle:7.3f} [{smallest:.3f} {largest:.3f}]  {goal}".rstrip(), flush=True)


def show_set(bench, name):
    """What holds of one instruction set."""
    print(f"\n{name}", flush=True)
    for rule in ("dni_b", "rflo", "uoro"):
        for n, goal in ((32, 1.25), (128, 1.10)):
            t = bench.times(f"^{name}/(plan|hand)/{rule}/{n}$")
            show(f"{rule} n = {n}: plan / by hand", t[f"{name}/plan/{rule}/{n}"], t[f"{name}/hand/{rule}/{n}"],
                 goal=f"<= {goal}")
    peak = 2 * 12 * WIDTHS[name] * 1000  # operations of a turn of limit/multiply_add
    for rule, n, goal in (("rtrl", 128, 0.70), ("rtrl", 32, 0.55), ("kf_rtrl", 128, 0.60), ("r_kf", 128, 0.60)):
        t = bench.times(f"^{name}/(plan/{rule}/{n}|limit/multiply_add)$")
        show(f"{rule} n = {n}: share of the multiply-add peak", t[f"{name}/limit/multiply_add"],
             t[f"{name}/plan/{rule}/{n}"], PRODUCTS[rule](n) / peak, f">= {goal}")
    t = bench.times(f"^{name}/(plan/rflo|limit/stream)/2048$")  # W and one tag of its shape, read and written once
    show("rflo n = 2048: bytes per time / stream in place", t[f"{name}/limit/stream/2048"],
         t[f"{name}/plan/rflo/2048"], goal=">= 0.9")
    t = bench.times(f"^{name}/tanh/")
    if f"{name}/tanh/sleef_u10" in t:
        for way in ("u10", "u35"):
            show(f"tanh / SLEEF's within {way[1]}.{way[2]} ulp", t[f"{name}/tanh/engine"], t[f"{name}/tanh/sleef_{way}"],
                 goal="<= 1.2 of the faster")
    else:
        print("tanh / SLEEF's: the benchmarks were built without it (libsleef-dev)")
    for rule in RULES:
        for n in (32, 128):
            t = bench.times(f"^(baseline|{name})/plan/{rule}/{n}$")
            show(f"{rule} n = {n}: baseline / {name}", t[f"baseline/plan/{rule}/{n}"], t[f"{name}/plan/{rule}/{n}"],
                 goal="<= 3" if name == "x86_64_v3" else "")


def show_rules(bench):
    for name in sorted({name.split("/")[0] for name in bench.names() if "/hand_rule/" in name}):
        print(f"\n{name}: rules in text", flush=True)
        for rule, goals in TEXT_RULES.items():
            for n, goal in zip((32, 128, 1024), goals):
                t = bench.times(f"^{name}/(hand_)?rule/{rule}/{n}$")
                show(f"{rule} n = {n}: plan / by hand", t[f"{name}/rule/{rule}/{n}"], t[f"{name}/hand_rule/{rule}/{n}"],
                     goal=f"<= {goal}")


def show_sets(bench):
    for name in sorted({name.split("/")[0] for name in bench.names() if "/limit/multiply_add" in name}):
        show_set(bench, name)
    print("\nthe best set")
    t = bench.times("^(plan/rtrl|limit/library_product)/128$")
    show("rtrl n = 128: library product J M / whole step", t["limit/library_product/128"], t["plan/rtrl/128"], goal=">= 1.3")
    t = bench.times("^(aligned/rflo|step/rflo|plan/rtrl)/32$")
    added = [a - b for a, b in zip(t["aligned/rflo/32"], t["step/rflo/32"])]
    show("rflo n = 32: what alignment with RTRL adds to a step / rtrl's step", added, t["plan/rtrl/32"])
    for rule in RULES:
        for n in (32, 128):
            t = bench.times(f"^(plan|native)/{rule}/{n}$")
            show(f"{rule} n = {n}: kernels chosen at run time / -march=native", t[f"plan/{rule}/{n}"],
                 t[f"native/{rule}/{n}"], goal="<= 1.15")


def show_passes(bench):
    t = bench.times("^(plan|step)/dni_b/32$")
    show("dni_b n = 32: event-driven run / plan", t["step/dni_b/32"], t["plan/dni_b/32"], goal="<= 1.20")
    for rule in RULES:
        for n in SIZES:
            t = bench.times(f"^(plan|unfused)/{rule}/{n}$")
            if t:
                show(f"{rule} n = {n}: unfused / fused", t[f"unfused/{rule}/{n}"], t[f"plan/{rule}/{n}"])
    for rule in RULES:
        for n in (32, 128):
            t = bench.times(f"^(plan|strict)/{rule}/{n}$")
            show(f"{rule} n = {n}: run.strict / fused multiply-add", t[f"strict/{rule}/{n}"], t[f"plan/{rule}/{n}"])


def show_rows(bench):
    for name in sorted({name.split("/")[0] for name in bench.names() if name.startswith("x86_64") and "/rows/" in name}):
        print(f"\n{name}: sets by rows, densities in thousandths", flush=True)
        for way in ("product", "change", "trace", "back"):
            for n in (256, 512, 1024):
                t = bench.times(f"^({name}/(rows|dense)|by_hand)/{way}/{n}/")
                for density in (10, 50, 100, 200, 300):
                    rows = t[f"{name}/rows/{way}/{n}/{density}"]
                    show(f"{way} n = {n} at {density}: rows / dense with mask", rows, t[f"{name}/dense/{way}/{n}/1000"])
                    show(f"{way} n = {n} at {density}: rows / by hand", rows, t[f"by_hand/{way}/{n}/{density}"], goal="<= 1.3")


def show_adjoint(bench):
    steps = 20  # that are gone back through at once
    for n, goal in ((8, 3), (32, 3), (128, 4)):
        t = bench.times(f"^adjoint/.*/{n}$")
        for strengths in ("now", "then"):
            show(f"rflo n = {n}: a step back, strengths of {strengths} / forwards", t[f"adjoint/back/{strengths}/{n}"],
                 t[f"adjoint/forwards/{n}"], 1 / steps, goal=f"<= {goal}")


def show_noise(bench):
    for n in (32, 1024):
        t = bench.times(f"^noise/.*/{n}$")
        drawn, held, by_hand = (t[f"noise/{name}/{n}"] for name in ("drawn", "held", "by_hand"))
        show(f"n = {n}: a whole step with noise / its draws by hand", drawn, by_hand, goal="<= 1")
        show(f"n = {n}: a step whose draws are held / by hand", held, by_hand)


def show_cores(bench):
    for n in (1024, 4096):
        t = bench.times(f"^threads/./dni_b/{n}/", wall=True)
        one, two = (t[f"threads/{k}/dni_b/{n}/process_time/real_time"] for k in (1, 2))
        show(f"dni_b n = {n}: wall time on one core / on two", one, two, goal=">= 1.7")
    t = bench.times("^x86_64_v3/limit/streams/", wall=True)
    if t:
        one, two = (t[f"x86_64_v3/limit/streams/4096/real_time/threads:{k}"] for k in (1, 2))  # time / bytes of all threads
        show("streams in place: wall time per byte on one core / on two", one, two)


def show_recording(bench):
    t = bench.times("^record/")
    show("record throughput / raw write()", t["record/raw_write"], t["record/vectors"], goal=">= 0.5")
    t = bench.times("^run/", wall=True)
    alone = t["run/within/0/real_time"]
    for every in (1, 4, 8):
        rate = 2 * RECORDED_BYTES / every / min(alone) * 1e3
        for way, who in (("within", "run"), ("beside", "thread")):
            show(f"wall time, recorded (up to {rate:.0f} MB/s) by the {who} / not", t[f"run/{way}/{every}/real_time"], alone)


def main():
    bench = Benchmarks(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "25")
    tables = {"sets": show_sets, "rules": show_rules, "passes": show_passes, "rows": show_rows, "adjoint": show_adjoint, "noise": show_noise, "cores": show_cores, "recording": show_recording}
    only = sys.argv[3] if len(sys.argv) > 3 else ""
    if only and only not in tables:
        sys.exit(f"{only}: no table; expected one of {', '.join(tables)}")
    print(f"{'':<66}   least   median [min max]")
    for name, table in tables.items():
        if only in ("", name):
            table(bench)


if __name__ == "__main__":
    main()
