"""Colours, dashes and axes that figures share."""
from __future__ import annotations

from typing import Any

from apical.errors import UsageError

#: Okabe and Ito's, which the colour-blind can tell apart, without yellow.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
BLACK, SHADE, BOUND = "#000000", "#EAEAEA", "#7F7F7F"
DASHES = ("-", (0, (9, 5)), (0, (2, 4)), (0, (12, 4, 2, 4)))
LONGEST_IN_ONES = 20000.0


def style_of(place: int) -> dict[str, Any]:
    """Colour and dash of one of several curves."""
    return {"color": COLOURS[place % len(COLOURS)], "linestyle": DASHES[place // len(COLOURS) % len(DASHES)]}


def name_x(axes: Any, what: str) -> None:
    """"step" or "time (ms)"; "step (thousands)", "time (s)" where more than 20,000 are shown."""
    first, last = axes.get_xlim()
    larger = bool(last - first > LONGEST_IN_ONES)
    axes.xaxis.get_major_locator().set_params(integer=True)
    names = {"step": ("step", "step (thousands)"), "ms": ("time (ms)", "time (s)")}
    axes.set_xlabel(names[what][larger])
    if larger:
        axes.xaxis.set_major_formatter(lambda x, _: f"{x / 1000:g}")


def name_cells(axis: Any, cells: Any) -> None:
    """At most nine ticks of a matrix's axis, which name the cells that stand there."""
    places = range(0, len(cells), max(1, -(-len(cells) // 9)))
    axis.set_ticks(list(places), [str(cells[k]) for k in places])


def panels_for(plt: Any, count: int, axes: Any, height: float = 2.6) -> list[Any]:
    """The Axes to draw into: those that were given, or a new figure's, one below the other."""
    if axes is None:
        figure = plt.subplots(count, 1, figsize=(6.4, height * count), layout="constrained", squeeze=False)
        return list(figure[1][:, 0])
    given = list(axes.ravel()) if hasattr(axes, "ravel") else axes if isinstance(axes, (list, tuple)) else [axes]
    given = list(given)
    if len(given) != count:
        raise UsageError(f"axes has {len(given)} panels, and {count} are drawn")
    return given


def tidy(axes: Any) -> None:
    """No frame above and at the right, as in figures of papers."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
