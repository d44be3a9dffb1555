"""The losses that a run came to, as `apical run` and `apical inspect` print them."""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from apical.io.hdf5_file import integer_in, number_in

if TYPE_CHECKING:
    from apical.io.run import Run


class Headline(NamedTuple):
    """The mean loss of the last `steps` steps, of which `counted` were recorded and count."""

    loss: float
    steps: int
    counted: int


class Frozen(NamedTuple):
    """The mean loss after `step` with learning off, and its standard error."""

    loss: float
    sem: float
    step: int


def sum_in_order(numbers: np.ndarray) -> float:
    """The sum, one number after the other: the bits that the program's sums have."""
    return float(np.cumsum(numbers, dtype=np.float64)[-1]) if len(numbers) else 0.0


def tail_steps(steps: int) -> int:
    """The last tenth of so many steps, at least one."""
    return max(1, steps // 10)


def _recorded(run: Run) -> Headline:
    """The mean of what was recorded in the last tenth of a run that goes on or was killed."""
    if "loss" not in run:
        return Headline(math.nan, 0, 0)
    loss = run.quantity("loss")
    end = max(run.last_step, run.steps_completed)
    steps = tail_steps(end)
    first = max(int(np.searchsorted(loss.steps, end - steps + 1)), loss.start_rows)
    numbers = loss[first:]
    numbers = numbers[~np.isnan(numbers)]
    if len(numbers) == 0:
        return Headline(math.nan, 0, 0)
    return Headline(sum_in_order(numbers) / len(numbers), steps, len(numbers))


def _steps_of_format_1(run: Run) -> int:
    """Version 0.1.0 noted sums after every tenth of the planned steps alone."""
    planned = run.settings.get("run", {}).get("steps")
    if not isinstance(planned, int) or run.forked_from:
        return 0
    done, tenth = run.steps_completed, tail_steps(planned)
    return max(0, done - max(0, (done - tenth) // tenth * tenth))


def headline_of(run: Run) -> Headline:
    """What the file says that the run came to; what was recorded when it does not say so yet."""
    loss = number_in(run.hdf5.attrs, "final_loss")
    if math.isnan(loss):
        return _recorded(run)
    steps = integer_in(run.hdf5.attrs, "final_loss_steps", 0)
    if steps <= 0:
        steps = _steps_of_format_1(run)
    return Headline(loss, steps, steps)


def frozen_of(run: Run) -> Frozen | None:
    """The last evaluation that the run made of itself."""
    if "evaluation.loss" not in run or "evaluation.loss_sem" not in run:
        return None
    loss, error = run.quantity("evaluation.loss"), run.quantity("evaluation.loss_sem")
    rows = min(len(loss), len(error))
    if rows == 0 or loss.ndim != 1 or error.ndim != 1:
        return None
    return Frozen(float(loss[rows - 1]), float(error[rows - 1]), int(loss.steps[rows - 1]))
