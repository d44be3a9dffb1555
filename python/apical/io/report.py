"""Means over seeds and paired differences, the numbers of `apical report`."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from apical.io.headline import sum_in_order


class MeanError(NamedTuple):
    """A mean with its S.E.M.: standard deviation (n - 1) over the root of n; NaN where there is none."""

    mean: float
    sem: float


def mean_and_error(numbers: list[float]) -> MeanError:
    """As the program computes it, bit for bit."""
    count = len(numbers)
    if count == 0:
        return MeanError(math.nan, math.nan)
    values = np.asarray(numbers, dtype=np.float64)
    mean = sum_in_order(values) / count
    if count == 1:
        return MeanError(mean, math.nan)
    return MeanError(mean, math.sqrt(sum_in_order((values - mean) * (values - mean)) / (count - 1.0) / count))


@dataclass(frozen=True)
class Condition:
    """Jobs that differ in their seed alone."""

    model: str
    task: str
    values: tuple[Any, ...]  # of the swept keys
    jobs: list[int]  # rows of those that were completed, by rising seed
    failed: int
    loss: MeanError
    frozen: MeanError
    loss_steps: int  # the last of each job, which its loss is the mean of
    data: str  # the datasets that its task read, a line each
    name: str  # "DNI(b), size = 8"


def conditions_of(columns: dict[str, np.ndarray], swept: list[str], data: list[str]) -> list[Condition]:
    """Conditions in the order of the file; `columns` are those of /jobs, `data` a text for each job."""
    rows: dict[tuple, list[int]] = {}
    for row in range(len(columns["model"])):
        key = (columns["model"][row], columns["task"][row], *(_plain(columns[one][row]) for one in swept))
        rows.setdefault(key, []).append(row)
    return [_condition(columns, swept, data, key, these) for key, these in rows.items()]


def _condition(columns: dict[str, np.ndarray], swept: list[str], data: list[str], key: tuple,
               rows: list[int]) -> Condition:
    done = [row for row in rows if columns["failure"][row] == ""]
    jobs = sorted(done, key=lambda row: columns["seed"][row])
    means = {}
    for name in ("loss", "frozen"):
        column = columns.get(name)
        numbers = [] if column is None else [float(column[row]) for row in jobs]
        means[name] = mean_and_error([one for one in numbers if not math.isnan(one)])
    steps = columns.get("loss_steps")
    last = done[-1] if done else rows[0]
    values = tuple(key[2:])
    return Condition(key[0], key[1], values, jobs, len(rows) - len(done), means["loss"], means["frozen"],
                     0 if steps is None else int(steps[last]), data_of_task(data[rows[0]]),
                     name_of(key[0], swept, values))


def data_of_task(data: str) -> str:
    """The lines of what a task read: "0f3c88f2f1d0e7a1 task data.h5:x"."""
    return "\n".join(line for line in data.splitlines() if line.split(" ", 2)[1:2] == ["task"])


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def text_of_value(value: Any) -> str:
    """A value as a model file has it."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return repr(value).lower() if isinstance(value, bool) else repr(value)


def short_name(names: list[str], which: int) -> str:
    """The part of a key's end that tells it from the others: "size" of "population.hidden.size"."""
    parts = names[which].split(".")
    for first in range(len(parts) - 1, 0, -1):
        end = ".".join(parts[first:])
        if sum(name.endswith("." + end) for name in names) == 1:
            return end
    return names[which]


def name_of(model: str, swept: list[str], values: tuple[Any, ...]) -> str:
    """"DNI(b), size = 8"."""
    parts = [f"{short_name(swept, k)} = {text_of_value(value)}" for k, value in enumerate(values)]
    return ", ".join([model, *parts])


def sign_test(most: int, count: int) -> float:
    """Exact and two-sided: of `count` fair coins as many or more fall on one side as `most`."""
    if count == 0 or most == 0:
        return 1.0
    return min(1.0, 2.0 * sum(math.comb(count, k) for k in range(most, count + 1)) / 2**count)


def comparisons_of(columns: dict[str, np.ndarray], conditions: list[Condition]) -> list[dict[str, Any]]:
    """Each two conditions of a task that differ in one thing alone, over the seeds that both have."""
    found = []
    for k, a in enumerate(conditions):
        for b in conditions[k + 1:]:
            differing = (a.model != b.model) + sum(x != y for x, y in zip(a.values, b.values))
            if a.task == b.task and differing == 1 and a.data == b.data:
                found += _compare(columns, a, b)
    return found


def _compare(columns: dict[str, np.ndarray], a: Condition, b: Condition) -> list[dict[str, Any]]:
    loss, seed = columns["loss"], columns["seed"]
    pairs = [(one, other) for one in a.jobs for other in b.jobs if seed[one] == seed[other]]
    differences = [float(loss[other] - loss[one]) for one, other in pairs
                   if not (math.isnan(loss[one]) or math.isnan(loss[other]))]
    if not differences:
        return []
    mean, sem = mean_and_error(differences)
    sign = -1.0 if mean < 0.0 else 1.0
    lower, higher = (b, a) if mean < 0.0 else (a, b)
    right = sum(sign * one > 0.0 for one in differences)
    count = sum(one != 0.0 for one in differences)
    return [{"task": a.task, "lower": lower.name, "higher": higher.name, "difference": abs(mean), "sem": sem,
             "seeds": len(differences), "right": right, "p": sign_test(max(right, count - right), count)}]
