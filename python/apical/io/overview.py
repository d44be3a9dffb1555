"""What a run is, in a few lines."""
from __future__ import annotations

import math
from typing import TYPE_CHECKING

from apical.io.names import list_of, on_one_line

if TYPE_CHECKING:
    from apical.io.run import Run


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _steps(run: Run) -> str:
    planned = run.settings.get("run", {}).get("steps")
    of = f" of {planned}" if isinstance(planned, int) and planned != run.steps_completed else ""
    if run.steps_completed >= 0:
        return f"{run.steps_completed}{of}"
    ending = "the run goes on" if run.goes_on else "nothing writes it: the run was killed"
    return f"rows up to step {run.last_step}{of}; {ending}"


def _loss(run: Run) -> str:
    loss, steps, counted = run.headline
    if math.isnan(loss):
        return ""
    if steps == 0:
        window = "mean at the end of the run"
    else:
        some = "" if steps == counted else f"{counted} of "
        window = f"mean of {some}the last {steps} steps"
    return f"{loss:.5f}  {window}"


def _recorded(run: Run) -> str:
    spikes = len(run.spikes)
    parts = [_many(len(run) - spikes, "quantity", "quantities")]
    if "/events" in run.hdf5 and len(run.hdf5["/events"]):
        parts.append(_many(len(run.hdf5["/events"]), "event", "events"))
    if spikes:
        parts.append("spikes of " + list_of(list(run.spikes)))
    return ", ".join(parts)


def overview(run: Run) -> str:
    """Title, steps, losses and verdict, as `apical inspect` says them."""
    frozen = run.frozen
    lines = {
        "model": run.title,
        "seed": str(run.seed),
        "fork of": run.forked_from,
        "steps": _steps(run),
        "failed": run.failure,
        "loss": _loss(run),
        "frozen": f"{frozen.loss:.5f} ± {frozen.sem:.5f}  after step {frozen.step}" if frozen else "",
        "audit": run.verdict,
        "recorded": _recorded(run),
        "file": run.path,
    }
    return "\n".join(f"{name:<8} {on_one_line(text)}" for name, text in lines.items() if text)
