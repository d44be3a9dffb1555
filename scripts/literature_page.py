"""The table and the figure of scripts/literature.py, from what was measured."""
import math

import numpy as np

WORDS = {"held_vector": "held values", "linear_cells": "both signs", "mirrored_weights": "transposes", "unbounded_change": "changes without a bound",
         "second_channel": "a second channel", "old_rate": "chains of cells", "set_back": "cells set back", "paired_cells": "partners",
         "softmax": "softmax", "broadcast_number": "broadcast numbers", "presynaptic_variable": "presynaptic variables", "frozen_copy": "a copied tag"}


def mean_of(values):
    return float(np.mean(values)) if values else math.nan


def sem(values):
    return float(np.std(values, ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan


def with_sem(values, places, factor=1.0):
    values = [factor * value for value in values if value is not None]
    if not values:
        return "-"
    spread = "" if math.isnan(sem(values)) else f" ± {sem(values):.{places}f}"
    return f"{mean_of(values):.{places}f}{spread}"


def aligned(one, deepest):
    """The cosine of the deepest set, of each seed."""
    return [found[deepest] for found in one.get("alignment", {}).values() if deepest in found and not math.isnan(found[deepest])]


def reached(one, chances):
    """yes where the circuit comes to half of chance's error, by answers where there are classes, else by the loss."""
    known = list(one.get("rules", {}).values())
    if not known or chances is None:
        return "-"
    errors = [found["error"] for found in known if found["error"] is not None]
    if errors and chances[1]:
        return "yes" if np.mean(errors) <= chances[1] / 2 else "no"
    return "yes" if np.mean([found["loss"] for found in known]) <= chances[0] / 2 else "no"


def beside(one):
    """How many combined S.E.M. the loss lies above that of the exact gradient."""
    rules, exact = ([found["loss"] for found in one.get(what, {}).values()] for what in ("rules", "exact"))
    if len(rules) < 2 or len(exact) < 2:
        return "-"
    both = math.hypot(sem(rules), sem(exact))
    return f"{(np.mean(rules) - np.mean(exact)) / both:.1f}" if both > 0 else "-"


def table(kept, chances, circuits):
    lines = ["| circuit | steps | seeds | error %, own | backprop | chance | loss, own | backprop | chance | above by S.E.M. | half of chance | alignment |",
             "|---|---|---|---|---|---|---|---|---|---|---|---|"]
    for name, circuit in circuits.items():
        one = kept.get(name, {})
        own, exact = (list(one.get(what, {}).values()) for what in ("rules", "exact"))
        if not own:
            continue
        known = chances.get(name)
        wrong = "-" if known is None or known[1] is None else f"{100 * known[1]:.1f}"
        cosines = aligned(one, circuit.deepest)
        classes = known is not None and known[1] is not None
        fewer = f" ({one['exact_steps']})" if one.get("exact_steps", one["steps"]) != one["steps"] else ""
        errors = ["-" if not classes else with_sem([found["error"] for found in all_of], 1, 100) for all_of in (own, exact)]
        lines.append(
            f"| `{name}` | {one['steps']}{fewer} | {len(own)} | {errors[0]} | {errors[1]} | {wrong} "
            f"| {with_sem([f['loss'] for f in own], 4)} | {with_sem([f['loss'] for f in exact], 4)} | {'-' if known is None else f'{known[0]:.4f}'} "
            f"| {beside(one)} | {reached(one, known)} | {with_sem(cosines, 2)} ({circuit.deepest}) |")
    return lines


def findings(one):
    """Kinds of findings, within the paper's criteria and beyond."""
    return one["failed"] + len(one["beyond"])


def figure(kept, circuits):
    """Alignment against kinds of findings, a point a circuit; full where every criterion of the paper holds."""
    points = []
    for name, circuit in circuits.items():
        cosines = aligned(kept.get(name, {}), circuit.deepest)
        if cosines:
            points.append((findings(kept[name]), mean_of(cosines), sem(cosines), name, kept[name]["verdict"] == "passes"))
    first, most = min(point[0] for point in points) - 1, max(point[0] for point in points) + 1
    low = min(0.0, math.floor(5 * min(value - (0.0 if math.isnan(spread) else spread) for _, value, spread, _, _ in points)) / 5)
    width, height, left, top, right, bottom = 1200, 600, 70, 20, 200, 60

    def x_of(number):
        return left + (width - left - right) * (number - first) / (most - first)

    def y_of(value):
        return height - bottom - (height - top - bottom) * (value - low) / (1.05 - low)

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{width}" height="{height}" fill="white"/>',
           f'<path d="M{left} {top} V{height - bottom} H{width - right}" fill="none" stroke="black"/>']
    for number in range(first, most + 1):
        out.append(f'<text x="{x_of(number):.1f}" y="{height - bottom + 18}" text-anchor="middle">{number}</text>')
    for tick in np.arange(low, 1.01, 0.2):
        out.append(f'<path d="M{left} {y_of(tick):.1f} H{width - right}" stroke="#e4e4e4"/>')
        out.append(f'<text x="{left - 8}" y="{y_of(tick) + 4:.1f}" text-anchor="end">{abs(tick) if abs(tick) < 1e-9 else tick:.1f}</text>')
    out.append(f'<text x="{(left + width - right) / 2}" y="{height - 18}" text-anchor="middle" font-size="14">kinds of plausibility findings (apical audit)</text>')
    out.append(f'<text transform="translate(22 {(top + height - bottom) / 2}) rotate(-90)" text-anchor="middle" font-size="14">cosine with the exact gradient, deepest set</text>')
    out += marks(points, x_of, y_of, height - bottom)
    out.append(f'<circle cx="{width - right + 24}" cy="{top + 8}" r="5" fill="#2a6f97"/><text x="{width - right + 36}" y="{top + 12}">every criterion holds</text>')
    out.append(f'<circle cx="{width - right + 24}" cy="{top + 28}" r="5" fill="white" stroke="#b23a48" stroke-width="2"/><text x="{width - right + 36}" y="{top + 32}">fails one or more</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def label(name):
    for long, short in (("feedback_alignment", "FA"), ("equilibrium_propagation", "EP"), ("dendritic_microcircuit", "microcircuit")):
        name = name.replace(long, short)
    return name.replace("_", " ")


def marks(points, x_of, y_of, floor):
    """Points with their names; names in one column of numbers are moved apart."""
    out = []
    columns = {}
    for point in points:
        columns.setdefault(point[0], []).append(point)
    for number, column in columns.items():
        column.sort(key=lambda point: -point[1])
        places = [y_of(point[1]) for point in column]
        for k in range(1, len(places)):
            places[k] = max(places[k], places[k - 1] + 13)
        over = max(0.0, places[-1] - floor + 4)
        places = [place - over for place in places]
        for (_, value, spread, name, passes), place in zip(column, places):
            x, y = x_of(number), y_of(value)
            colour = "#2a6f97" if passes else "#b23a48"
            if not math.isnan(spread):
                out.append(f'<path d="M{x:.1f} {y_of(value - spread):.1f} V{y_of(value + spread):.1f}" stroke="{colour}"/>')
            out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour if passes else "white"}" stroke="{colour}" stroke-width="2"/>')
            out.append(f'<path d="M{x + 5:.1f} {y:.1f} L{x + 12:.1f} {place:.1f}" stroke="#999" fill="none"/>')
            out.append(f'<text x="{x + 14:.1f}" y="{place + 4:.1f}" font-size="10" fill="{colour}">{label(name)}</text>')
    return out


def in_readme(text, kept, chances, circuits):
    """The page with the columns of test error and alignment filled in, and the table of losses renewed."""
    lines = text.split("\n")
    for k, line in enumerate(lines):
        if line.startswith("| circuit | cells |") and "test error" not in line:
            lines[k] = line.replace("| task |", "| task | test error | alignment |")
            lines[k + 1] = lines[k + 1] + "---|---|"
        cells = line.split(" | ")
        if not line.startswith("| [`") or len(cells) < 9:
            continue
        name = line.split("`")[1]
        if len(cells) == 9:
            cells[6:6] = ["-", "-"]
        one, circuit = kept.get(name, {}), circuits.get(name)
        if circuit and one.get("rules"):
            known = chances.get(name)
            found = list(one["rules"].values())
            classes = known is not None and known[1] is not None
            cells[6] = (with_sem([value["error"] for value in found], 1, 100) + " %") if classes else with_sem([value["loss"] for value in found], 4)
            cells[7] = with_sem(aligned(one, circuit.deepest), 2)
        lines[k] = " | ".join(cells)
    text = "\n".join(lines)
    first = text.index("| circuit | steps | seeds |")
    last = text.index("\n\n", first)
    return text[:first] + "\n".join(table(kept, chances, circuits)) + text[last:]
