#!/usr/bin/env python3
"""Runs the benchmarks in alternation and prints each goal of docs/performance.md as a ratio.

usage: bench/compare.py BENCH [repetitions]
CPU time of one core, or wall time where it says so; a ratio is that of the medians, with the smallest
and largest of the ratios of single repetitions in their order.
"""
import csv
import io
import statistics
import subprocess
import sys

RULES = ["fixed_w", "rflo", "dni_b", "dni", "uoro", "kernl", "bptt", "bptt_window", "kf_rtrl", "r_kf", "rtrl"]
SIZES = [32, 128, 512, 2048]
RECORDED_BYTES = 100_000 * 5 * 2 * 32 * 8  # 5 vectors in two phases, of as many steps


def times(bench, pattern, repetitions, wall=False):
    """{name: [ns]} of the benchmarks that match, in random alternation: of CPU time on one core, or of
    wall time on all cores."""
    command = ([] if wall else ["taskset", "-c", "0"]) + [
        bench, f"--benchmark_filter={pattern}", f"--benchmark_repetitions={repetitions}",
        "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.05", "--benchmark_format=csv"]
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


def show(what, a, b, scale=1.0):
    ratios = [scale * x / y for x, y in zip(a, b)]
    middle = scale * statistics.median(a) / statistics.median(b)
    print(f"{what:<58} {middle:8.3f}  [{min(ratios):.3f} {max(ratios):.3f}]", flush=True)


def main():
    bench, repetitions = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "9"
    run = lambda pattern, wall=False: times(bench, pattern, repetitions, wall)

    for n in (32, 128):
        t = run(f"^(plan|hand)/dni_b/{n}$")
        show(f"DNI(b) n = {n}: plan / by hand", t[f"plan/dni_b/{n}"], t[f"hand/dni_b/{n}"])
    t = run("^(plan|step)/dni_b/32$")
    show("DNI(b) n = 32: event-driven run / plan", t["step/dni_b/32"], t["plan/dni_b/32"])
    for rule in RULES:
        for n in SIZES:
            t = run(f"^(plan|unfused)/{rule}/{n}$")
            if t:
                show(f"{rule} n = {n}: unfused / fused", t[f"unfused/{rule}/{n}"], t[f"plan/{rule}/{n}"])

    for n in (1024, 4096):
        t = run(f"^threads/./dni_b/{n}/", wall=True)
        one, two = (t[f"threads/{k}/dni_b/{n}/process_time/real_time"] for k in (1, 2))
        show(f"DNI(b) n = {n}: wall time on one core / on two", one, two)
    t = run("^limit/streams/", wall=True)
    one, two = (t[f"limit/streams/4096/real_time/threads:{k}"] for k in (1, 2))  # time / bytes of all threads
    show("streams in place: wall time per byte on one core / on two", one, two)
    for rule in RULES:
        for n in (32, 128):
            t = run(f"^(plan|strict)/{rule}/{n}$")
            show(f"{rule} n = {n}: run.strict / fused multiply-add", t[f"strict/{rule}/{n}"], t[f"plan/{rule}/{n}"])

    for rule in RULES:
        for n in (32, 128):
            t = run(f"^(plan|native)/{rule}/{n}$")
            show(f"{rule} n = {n}: kernels chosen at run time / -march=native", t[f"plan/{rule}/{n}"], t[f"native/{rule}/{n}"])

    n = 128
    flops = {"rtrl": 2 * n**3 * (n + 3), "kf_rtrl": 2 * n**3, "r_kf": 2 * n**2 * (n + 3)}
    peak = 2 * 8 * 12 * 1000  # operations of a turn of limit/multiply_add
    for rule, count in flops.items():
        t = run(f"^(plan/{rule}/{n}|limit/multiply_add)$")
        show(f"{rule} n = {n}: share of the multiply-add peak", t["limit/multiply_add"], t[f"plan/{rule}/{n}"], count / peak)
    t = run(f"^(plan/rtrl|limit/library_product)/{n}$")
    show(f"rtrl n = {n}: library product J M / whole step", t[f"limit/library_product/{n}"], t[f"plan/rtrl/{n}"])

    # W and one tag of its shape, read and written once.
    for rule in ("rflo", "uoro"):
        t = run(f"^(plan/{rule}|limit/stream)/2048$")
        show(f"{rule} n = 2048: bytes per time / stream in place", t["limit/stream/2048"], t[f"plan/{rule}/2048"])

    t = run("^record/")
    show("record throughput / raw write()", t["record/raw_write"], t["record/vectors"])
    t = run("^run/", wall=True)
    alone = t["run/within/0/real_time"]
    for every in (1, 4, 8):
        rate = 2 * RECORDED_BYTES / every / min(alone) * 1e3
        for way, who in (("within", "run"), ("beside", "thread")):
            show(f"wall time, recorded (up to {rate:.0f} MB/s) by the {who} / not", t[f"run/{way}/{every}/real_time"], alone)


main()
