"""Figures of a run by matplotlib, with the axes, blocks and colours of `apical plot`."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from apical import packages
from apical.blocks import MOST_BLOCKS, block_means, readable_block
from apical.errors import UsageError
from apical.io.hdf5_file import text_in
from apical.io.names import did_you_mean, list_of
from apical.io.quantity import Quantity
from apical.io.spikes import Spikes
from apical.style import BLACK, DASHES, SHADE, name_cells, name_x, panels_for, style_of, tidy

if TYPE_CHECKING:
    from apical.io.run import Run

_cells_by_default = 4
_most_steps_with_phases = 60


@dataclass(frozen=True)
class _Choices:
    steps: tuple[int, int] | None  # both are drawn
    cells: Sequence[int] | None
    at: int | None
    phase: str | None
    block: int | None


def plot_run(run: Run, addresses: Sequence[str], *, steps: tuple[int, int] | None = None,
             cells: Sequence[int] | None = None, at: int | None = None, phase: str | None = None,
             block: int | None = None, axes: Any = None) -> Any:
    """Draws quantities of a run, a panel each; returns the Axes of one, a list of those of several.

    Numbers and vectors a step are curves over the steps (numbers in means over `block` steps, which are
    chosen to leave at most 200 points), what is sampled by phase are traces over the time in ms or,
    with `phase`, curves over the steps, matrices are heat maps of one step, `at` or the last, and
    spikes a raster. `steps=(A, B)` draws both; `cells` are the first four when left out.
    """
    plt = packages.load("matplotlib.pyplot", "plot()")
    choices = _Choices(steps, cells, at, phase, block)
    if block is not None and block < 1:
        raise UsageError(f"block {block}: expected a number of steps, 1 or more")
    what = [run[address] for address in addresses]
    for address, one in zip(addresses, what):
        if not isinstance(one, (Quantity, Spikes)):
            raise UsageError(f'"{address}" is no address of one quantity; expected a panel for each')
        if len(one) == 0:
            raise UsageError(f'{run.path}: nothing of "{one.address}" has been sampled')
    panels = panels_for(plt, len(what), axes)
    for panel, one in zip(panels, what):
        if isinstance(one, Spikes):
            _draw_raster(panel, one, choices)
        else:
            _draw(run, panel, one, choices)
    return panels[0] if len(panels) == 1 else panels


def _draw(run: Run, panel: Any, quantity: Quantity, choices: _Choices) -> None:
    sizes = len(quantity.dims) - 1 - ("phase" in quantity.dims)
    if sizes > 2:
        raise UsageError(f'"{quantity.address}" has the dimensions {list_of(quantity.dims)}; numbers, vectors '
                         "and matrices can be drawn")
    if sizes == 2:
        _draw_matrix(panel, quantity, choices)
    elif "phase" in quantity.dims and choices.phase is None:
        _draw_traces(panel, quantity, choices)
    else:
        _draw_curves(run, panel, quantity, choices)
    tidy(panel)


def label_of(quantity: Quantity) -> str:
    """What stands at the axis: "voltage u (mV)", "strength", "loss (nats)"."""
    last = quantity.path.rpartition("/")[2]
    symbol = quantity.symbol or quantity.address
    name = symbol
    if quantity.path.startswith("/gates/"):
        name = "1: open"
    elif last == "strength":
        name = "strength"
    else:
        for word in ("voltage", "rate", "drive"):
            if last.endswith(word):
                name = f"{word} {symbol}"
    return name if quantity.units in ("", "1") else f"{name} ({quantity.units})"


def _places(quantity: Quantity, choices: _Choices) -> tuple[list[int], list[int]]:
    """Where in a vector the chosen cells stand, and which they are."""
    known = quantity.labels(quantity.dims[-1]).tolist()
    if choices.cells is None:
        return list(range(len(known)))[:_cells_by_default], known[:_cells_by_default]
    for cell in choices.cells:
        if cell not in known:
            raise UsageError(f'cells {list_of(list(choices.cells))}: "{quantity.address}" has no cell {cell}; it '
                             f"has {len(known)} cells, {known[0]} to {known[-1]}")
    return [known.index(cell) for cell in choices.cells], list(choices.cells)


def _rows(quantity: Quantity, choices: _Choices, in_time: bool) -> slice:
    """The rows that are drawn; what has no number before the first step begins behind it."""
    steps = quantity.steps
    first, last = choices.steps or (0, int(steps[-1]))
    rows = slice(int(np.searchsorted(steps, first)), int(np.searchsorted(steps, last, side="right")))
    has_start = rows.start < quantity.start_rows and rows.stop > rows.start
    if has_start and (in_time or np.all(np.isnan(quantity[rows.start]))):
        rows = slice(rows.start + 1, rows.stop)
    if rows.stop <= rows.start:
        raise UsageError(f'"{quantity.address}" was not sampled in steps {first} to {last}; its {len(steps)} '
                         f"samples lie in steps {steps[0]} to {steps[-1]}")
    return rows


def _draw_curves(run: Run, panel: Any, quantity: Quantity, choices: _Choices) -> None:
    title = quantity.address
    rows = _rows(quantity, choices, in_time=False)
    values = quantity[rows]
    if "phase" in quantity.dims:
        values = values[:, _phase(quantity, choices)]
        title += f" in phase {choices.phase}"
    is_vector = values.ndim == 2
    places, names = _places(quantity, choices) if is_vector else ([0], [0])
    values = values[:, places] if is_vector else values[:, np.newaxis]
    x, y, block = _blocks(quantity, rows, values, choices, is_vector)
    for k, name in enumerate(names):
        style = style_of(k) if is_vector else {"color": BLACK, "linestyle": "-"}
        panel.plot(x, y[:, k], lw=0.9, label=f"cell {name}" if is_vector else None,
                   marker="." if len(x) == 1 else None, **style)
    panel.set_ylabel(_label_of_loss(run) if quantity.path == "/signals/loss" else label_of(quantity))
    if quantity.path == "/signals/loss" and run.frozen is not None:
        evaluated = run.quantity("evaluation.loss")
        last = choices.steps[1] if choices.steps else int(evaluated.steps[-1])
        drawn = (evaluated.steps >= quantity.steps[rows.start]) & (evaluated.steps <= last)
        panel.plot(evaluated.steps[drawn], evaluated.values[drawn], color=BLACK, linestyle=DASHES[1], lw=0.9,
                   label="frozen")
    panel.set_title(title + (f", means of {block} steps" if block > 1 else ""), loc="left", fontsize="medium")
    if panel.get_legend_handles_labels()[0]:
        panel.legend(fontsize="small")
    name_x(panel, "step")


def _blocks(quantity: Quantity, rows: slice, values: np.ndarray, choices: _Choices,
            is_vector: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """Steps and values of the points, and over how many steps each is a mean."""
    steps = quantity.steps
    drawn = steps[rows]
    first, last = choices.steps or (1, max(int(steps[-1]), quantity.axis.last))
    block = choices.block or 1
    if choices.block is None and not is_vector and len(drawn) > MOST_BLOCKS and "phase" not in quantity.dims:
        block = readable_block(last - max(first, 1) + 1)
    if block == 1:
        return drawn, values, 1
    end = rows.stop
    if end < len(steps):
        next_step = int(steps[end])
    else:
        next_step = 2 * int(steps[end - 1]) - int(steps[end - 2]) if end > 1 else int(steps[end - 1]) + 1
    x, y = block_means(drawn, values, max(first, 1), block, next_step)
    return x, y, block


def _phase(quantity: Quantity, choices: _Choices) -> int:
    if choices.phase not in quantity.phases:
        raise UsageError(f'phase {choices.phase}: the run has the phases {list_of(quantity.phases)}.'
                         f"{did_you_mean(str(choices.phase), quantity.phases)}")
    return quantity.phases.index(choices.phase)


def _label_of_loss(run: Run) -> str:
    units = run.loss_units
    name = text_in(run.hdf5.attrs, "loss") if units in ("", "1") else units
    return f"loss ({name})" if name else "loss"


def _draw_traces(panel: Any, quantity: Quantity, choices: _Choices) -> None:
    """Each value is held over its phase; phases behind the first are shaded in short windows."""
    rows = _rows(quantity, choices, in_time=True)
    steps = quantity.steps[rows]
    if np.any(np.diff(steps) != 1):
        unbroken = int(np.argmax(np.diff(steps) != 1))
        raise UsageError(f'"{quantity.address}" was not sampled in every step from {steps[0]} to {steps[-1]}, so '
                         f"its phases cannot be drawn in time; ask for steps=({steps[0]}, {steps[unbroken]}), "
                         f"which were, or one phase of it with phase ({list_of(quantity.phases)})")
    times = quantity.times_ms
    if times is None:
        raise UsageError(f'"{quantity.address}" has no times in this file')
    ends = times[rows]
    begins = np.column_stack([(steps - 1) * ends[0, -1] / steps[0], ends[:, :-1]])
    values = quantity[rows]
    is_vector = values.ndim == 3
    places, names = _places(quantity, choices) if is_vector else ([0], [0])
    values = values[:, :, places] if is_vector else values[:, :, np.newaxis]
    edges = np.append(begins.ravel(), ends[-1, -1])
    for k, name in enumerate(names):
        held = np.append(values[:, :, k].ravel(), values[-1, -1, k])
        style = style_of(k) if is_vector else {"color": BLACK, "linestyle": "-"}
        panel.plot(edges, held, drawstyle="steps-post", lw=0.9, label=f"cell {name}" if is_vector else None, **style)
    if len(steps) < _most_steps_with_phases:
        for p, phase in list(enumerate(quantity.phases))[1:]:
            for row in range(len(steps)):
                panel.axvspan(begins[row, p], ends[row, p], color=SHADE, lw=0, zorder=0,
                              label=f"phase {phase}" if row == 0 else None)
    panel.set_xlim(edges[0], edges[-1])
    panel.set_ylabel(label_of(quantity))
    panel.set_title(quantity.address, loc="left", fontsize="medium")
    if panel.get_legend_handles_labels()[0]:
        panel.legend(fontsize="small")
    name_x(panel, "ms")


def _draw_matrix(panel: Any, quantity: Quantity, choices: _Choices) -> None:
    """Blue below 0, vermillion above, row 0 on top; grey where no synapse is."""
    row = len(quantity) - 1 if choices.at is None else quantity.row_of(choices.at)
    numbers = quantity[row]
    if "phase" in quantity.dims:
        numbers = numbers[_phase(quantity, choices)]
    largest = float(np.nanmax(np.abs(numbers))) if np.any(np.isfinite(numbers)) else 1.0
    plt = packages.load("matplotlib.pyplot", "plot()")
    colours = plt.get_cmap("RdBu_r").copy()
    colours.set_bad("#BEBEBE")
    image = panel.imshow(np.ma.masked_invalid(numbers), cmap=colours, vmin=-(largest or 1.0), vmax=largest or 1.0,
                         interpolation="nearest", aspect="auto")
    by_iteration = "iteration" in quantity.dims
    name_cells(panel.xaxis, quantity.labels(quantity.dims[-1]))
    name_cells(panel.yaxis, np.arange(len(numbers)) if by_iteration else quantity.labels(quantity.dims[-2]))
    panel.set_xlabel("cell" if by_iteration else "presynaptic cell")
    panel.set_ylabel("iteration of the step" if by_iteration else "postsynaptic cell")
    panel.set_title(f"{quantity.address}, step {quantity.steps[row]}", loc="left", fontsize="medium")
    panel.figure.colorbar(image, ax=panel, label=label_of(quantity))


def _draw_raster(panel: Any, spikes: Spikes, choices: _Choices) -> None:
    """A row for each cell and a tick for each spike."""
    times, cells, steps = spikes.times_ms, spikes.cells, spikes.steps
    chosen = np.ones(len(times), dtype=bool)
    if choices.steps is not None:
        chosen &= (steps >= choices.steps[0]) & (steps <= choices.steps[1])
    if choices.cells is not None:
        chosen &= np.isin(cells, choices.cells)
    panel.plot(times[chosen], cells[chosen], "|", color=BLACK, markersize=4)
    panel.set_ylabel("cell")
    panel.set_title(spikes.address, loc="left", fontsize="medium")
    tidy(panel)
    name_x(panel, "ms")
