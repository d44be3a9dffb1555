"""Averages over the trials of a run, by their type: peri-stimulus time histograms."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from apical import packages
from apical.errors import UsageError
from apical.io.spikes import Spikes

if TYPE_CHECKING:
    import xarray as xr

    from apical.io.run import Run


def trial_average(run: Run, address: str, align: str | None = None, last: int | None = None) -> xr.Dataset:
    """`mean`, `sem` and `count` of a quantity, or of spikes, by the trial's type and the step in it.

    Dimensions are "type", "offset", the steps since the trial's beginning, and those that the
    quantity has beside "step". `align` is the recorded address of a window, "window.decision": then
    offset 0 is the first step in which it is open, those before are negative, and trials in which it is
    never open are left out. `last` takes so many last trials alone. Of spikes the numbers are spikes
    of a cell in a step. `count` trials have a sample of that step, where there is none the mean is not
    a number; `sem` is the standard deviation over their root, not a number of one.

    Raises NotRecorded, and UsageError of a run without trials.
    """
    xarray = packages.load("xarray", "trial_average()")
    trials = run.trials
    if not {"first_step", "steps", "type"} <= set(trials.columns) or len(trials) == 0:
        raise UsageError(f"{run.path}: there are no trials to average over; [trial] or a task of trials makes them, "
                         "and the file has a row of each that ended")
    if last is not None:
        if last < 1:
            raise UsageError(f"last is {last}; expected a number of trials from 1")
        trials = trials.iloc[-last:]
    firsts, lengths = trials.first_step.to_numpy(), trials.steps.to_numpy()
    steps, values, dims, coordinates, units = _sampled(run, address, firsts, lengths)
    origins, chosen = _origins(run, firsts, lengths, align)
    rows, of_trial = _rows_in_trials(steps, firsts, lengths)
    keep = chosen[of_trial]
    rows, of_trial = rows[keep], of_trial[keep]
    if len(rows) == 0:
        raise UsageError(f'{run.path}: "{address}" was sampled in none of the steps of these trials')
    offsets = steps[rows] - origins[of_trial]
    types, type_of = np.unique(trials.type.to_numpy(), return_inverse=True)
    bins = np.arange(offsets.min(), offsets.max() + 1)
    at = (type_of[of_trial], offsets - bins[0])
    mean, sem, count = _moments(values[rows], at, (len(types), len(bins)))
    names = ("type", "offset", *dims)
    return xarray.Dataset({"mean": (names, mean, {"units": units}), "sem": (names, sem, {"units": units}),
                           "count": (("type", "offset"), count)},
                          {"type": types, "offset": bins, **coordinates}, {"address": address})


def _sampled(run: Run, address: str, firsts: np.ndarray, lengths: np.ndarray) -> tuple[Any, ...]:
    """Steps, numbers [step, ...], names and labels of the other dimensions, units."""
    found = run[address]
    if isinstance(found, Spikes):  # a number for each step of the trials
        steps = np.concatenate([np.arange(first, first + length) for first, length in zip(firsts, lengths)])
        counts = np.zeros((len(steps), found.cell_count))
        fired, cells = found.steps, found.cells
        rows = np.searchsorted(steps, fired)
        inside = (rows < len(steps)) & (steps[np.minimum(rows, len(steps) - 1)] == fired)
        np.add.at(counts, (rows[inside], cells[inside]), 1.0)
        return steps, counts, ("cell",), {"cell": np.arange(found.cell_count)}, "1"
    if not hasattr(found, "dims"):
        raise UsageError(f'"{address}" names more than one quantity, or a part of one; expected one address')
    labels = {dim: found.labels(dim) for dim in found.dims[1:] if dim not in ("iteration", "synapse")}
    return found.steps, found.values, found.dims[1:], labels, found.units


def _origins(run: Run, firsts: np.ndarray, lengths: np.ndarray, align: str | None) -> tuple[np.ndarray, np.ndarray]:
    """The step that is offset 0 of each trial, and whether it has one."""
    if align is None:
        return firsts, np.ones(len(firsts), dtype=bool)
    window = run.quantity(align)
    if window.values.ndim != 1:
        raise UsageError(f'align is "{align}", which is no window; expected one as "window.decision"')
    steps = window.steps[window.values > 0.0]
    nexts = np.searchsorted(steps, firsts)
    found = np.append(steps, np.iinfo(np.int64).max)[nexts]
    return found, found < firsts + lengths


def _rows_in_trials(steps: np.ndarray, firsts: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows that lie in a trial, and in which."""
    trial = np.searchsorted(firsts, steps, side="right") - 1
    inside = (trial >= 0) & (steps < (firsts + lengths)[trial])
    return np.flatnonzero(inside), trial[inside]


def _moments(values: np.ndarray, at: tuple[np.ndarray, np.ndarray],
             shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    count = np.zeros(shape, dtype=np.int64)
    np.add.at(count, at, 1)
    each = count.reshape(*shape, *[1] * (values.ndim - 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.zeros((*shape, *values.shape[1:]))
        np.add.at(mean, at, values)
        mean /= each
        squares = np.zeros_like(mean)
        np.add.at(squares, at, (values - mean[at]) ** 2)
        sem = np.where(each > 1, np.sqrt(squares / (each - 1) / each), np.nan)
    return mean, sem, count
