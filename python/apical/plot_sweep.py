"""Figures of a sweep's result by matplotlib: learning curves, and final losses against a key."""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from apical import packages
from apical.errors import UsageError
from apical.io.names import did_you_mean, list_of
from apical.io.report import Condition, mean_and_error, name_of
from apical.style import BOUND, name_x, panels_for, style_of, tidy

if TYPE_CHECKING:
    from apical.io.sweep import Sweep

_logarithmic_from = 100.0


def plot_sweep(sweep: Sweep, against: str | None, axes: Any) -> Any:
    """Draws a panel for each task; returns the Axes of one, a list of those of several."""
    plt = packages.load("matplotlib.pyplot", "plot()")
    conditions = sweep.conditions
    if all(math.isnan(one.loss.mean) for one in conditions):
        raise UsageError(f"{sweep.path}: there is no loss to draw: no job with a loss was completed")
    key = None if against is None else _key(sweep, against)
    panels = panels_for(plt, len(sweep.tasks), axes, 3.2)
    places: dict[str, int] = {}
    for task, panel in zip(sweep.tasks, panels):
        here = [one for one in conditions if one.task == task]
        if key is None:
            _draw_curves(sweep, panel, here, places)
        else:
            _draw_against(sweep, panel, here, key, places)
        _draw_bounds(sweep, panel, here)
        panel.set_title(task, loc="left", fontsize="medium")
        panel.legend(fontsize="small")
        tidy(panel)
    return panels[0] if len(panels) == 1 else panels


def running_means(sweep: Sweep, condition: Condition) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """([point] step, mean, S.E.M.) of a condition's curve: means over a tenth of its blocks, over seeds."""
    if not condition.jobs:
        nothing = np.full(1, np.nan)
        return np.zeros(1), nothing, nothing
    used = sweep.curve_steps[condition.jobs[0]] != 0
    steps, losses = sweep.curve_steps[condition.jobs[0]][used], sweep.curve_losses[condition.jobs][:, used]
    window = max(1, len(steps) // 10)
    sums = np.lib.stride_tricks.sliding_window_view(losses, window, axis=1)
    means = sums.mean(axis=-1)  # [job, point]
    found = [mean_and_error(list(means[:, k])) for k in range(means.shape[1])]
    begins = np.concatenate([[0], steps[: len(steps) - window]])
    return (begins + steps[window - 1:]) / 2.0, np.array([m for m, _ in found]), np.array([e for _, e in found])


def _draw_curves(sweep: Sweep, panel: Any, conditions: list[Condition], places: dict[str, int]) -> None:
    for one in conditions:
        if one.jobs and not np.any(sweep.curve_steps[one.jobs[0]]):
            continue
        x, mean, sem = running_means(sweep, one)
        style = style_of(places.setdefault(one.name, len(places)))
        panel.plot(x, mean, lw=1.0, label=f"{one.name} ({_seeds(len(one.jobs), one.failed)})", **style)
        if len(one.jobs) > 1:
            panel.fill_between(x, mean - sem, mean + sem, color=style["color"], alpha=0.2, lw=0)
    panel.set_xlim(0, int(np.max(sweep.columns["steps"])))
    panel.set_ylabel("loss")
    name_x(panel, "step")


def _seeds(completed: int, failed: int) -> str:
    if completed == 0:
        return f"0 of {failed} finished"
    text = f"{'mean ± S.E.M., ' if completed > 1 else ''}n = {completed}"
    return f"{text}, {failed} failed" if failed else text


def _key(sweep: Sweep, against: str) -> int:
    found = [k for k, name in enumerate(sweep.swept) if name == against or name.endswith("." + against)]
    if len(found) != 1:
        raise UsageError(f'against "{against}": {sweep.path} has the swept keys {list_of(sweep.swept) or "none"}.'
                         f"{did_you_mean(against, sweep.swept)}")
    name = sweep.swept[found[0]]
    if sweep.columns[name].dtype.kind not in "fi":
        raise UsageError(f'against "{name}": only numbers have a place on an axis')
    return found[0]


def _together(conditions: list[Condition], key: int) -> list[int]:
    """Other keys that change with it, as [[zip]] has them."""
    together = []
    for other in range(len(conditions[0].values)):
        pairs = {(one.values[key], one.values[other]) for one in conditions}
        changes = len({one.values[other] for one in conditions}) > 1
        if other != key and changes and len(pairs) == len({one.values[key] for one in conditions}):
            together.append(other)
    return together


def _draw_against(sweep: Sweep, panel: Any, conditions: list[Condition], key: int, places: dict[str, int]) -> None:
    together = _together(sweep.conditions, key)
    others = [k for k in range(len(sweep.swept)) if k != key and k not in together]
    curves: dict[str, list[Condition]] = {}
    for one in conditions:
        values = tuple(one.values[k] for k in others)
        curves.setdefault(name_of(one.model, [sweep.swept[k] for k in others], values), []).append(one)
    for name, these in curves.items():
        these = sorted(these, key=lambda one: one.values[key])
        style = style_of(places.setdefault(name, len(places)))
        panel.errorbar([one.values[key] for one in these], [one.loss.mean for one in these],
                       [0.0 if math.isnan(one.loss.sem) else one.loss.sem for one in these], marker="o",
                       markersize=3, lw=1.0, capsize=2, label=name, **style)
    panel.set_ylabel("final loss")
    with_ = f" (with {list_of([sweep.swept[k] for k in together])})" if together else ""
    panel.set_xlabel(sweep.swept[key] + with_)
    values_ = [one.values[key] for one in conditions]
    if min(values_) > 0 and max(values_) / min(values_) >= _logarithmic_from:
        panel.set_xscale("log")


def _draw_bounds(sweep: Sweep, panel: Any, conditions: list[Condition]) -> None:
    """The bounds that all conditions of a task have, dashed, with their names."""
    bounds = [sweep.bounds_of(one) for one in conditions]
    if any(one != bounds[0] for one in bounds):
        return
    for name, loss in bounds[0]:
        panel.axhline(loss, color=BOUND, linestyle=(0, (6, 4)), lw=0.6, zorder=0)
        panel.annotate(name, (1.0, loss), xycoords=("axes fraction", "data"), fontsize="x-small",
                       color="#4D4D4D", ha="right", va="bottom")
