"""What a run file has in rows, as DataFrames of pandas."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from apical import packages
from apical.errors import UsageError
from apical.io.quantity import Quantity

if TYPE_CHECKING:
    import pandas

    from apical.io.run import Run


def _columns_of(quantity: Quantity) -> dict[str, np.ndarray]:
    """One column of a number, one for each cell of a vector."""
    if len(quantity.dims) == 1:
        return {quantity.address: quantity.values}
    if len(quantity.dims) != 2 or "iteration" in quantity.dims or "phase" in quantity.dims:
        raise UsageError(f'"{quantity.address}" has the dimensions {", ".join(quantity.dims)}, and a table '
                         "numbers or vectors a step; expected xarray(), which has to_dataframe()")
    values, labels = quantity.values, quantity.labels(quantity.dims[1])
    return {f"{quantity.address}[{label}]": values[:, k] for k, label in enumerate(labels)}


def frame_of(quantities: list[Quantity]) -> pandas.DataFrame:
    """A row for each step in which one of them was sampled, a column for each number."""
    pandas = packages.load("pandas", "a table")
    parts = [pandas.DataFrame(_columns_of(one), index=pandas.Index(one.steps, name="step"))
             for one in quantities]
    table = pandas.concat(parts, axis=1) if parts else pandas.DataFrame(index=pandas.Index([], name="step"))
    return table.sort_index()


def events_of(run: Run) -> pandas.DataFrame:
    """time_ms, kind, target of each event of the queue."""
    pandas = packages.load("pandas", "events")
    rows = run.hdf5["/events"][()] if "/events" in run.hdf5 else np.empty(0, [("time_ms", "f8"), ("kind", "S1"),
                                                                            ("target", "S1")])

    def texts(name: str) -> list[str]:
        return [one.decode("utf-8", "replace") for one in rows[name]]

    return pandas.DataFrame({"time_ms": rows["time_ms"], "kind": texts("kind"), "target": texts("target")})


def trials_of(run: Run) -> pandas.DataFrame:
    """first_step, steps, type, loss of each trial that ended, by its number, counted from 1."""
    pandas = packages.load("pandas", "trials")
    columns: dict[str, Any] = {}
    recorded = [one for one in run.find("trial.*").values() if one.path.startswith("/trials/")]
    steps = sorted(set.intersection(*(set(one.steps.tolist()) for one in recorded))) if recorded else []
    for quantity in recorded:  # one that a [record.*] names has rows of other steps, too
        name = quantity.path.rpartition("/")[2]
        numbers = quantity.values[np.isin(quantity.steps, steps)]
        whole = name != "loss" and bool(np.all(np.isfinite(numbers)))
        columns[name] = numbers.astype(np.int64) if whole else numbers
    order = ["number", "first_step", "steps", "type", "loss"]
    known = [name for name in order if name in columns] + sorted(set(columns) - set(order))
    table = pandas.DataFrame({name: columns[name] for name in known})
    if {"first_step", "steps"} <= set(known):
        table = table[table.first_step + table.steps - 1 == np.array(steps)]
    return table.set_index("number") if "number" in table else table


def evaluation_of(run: Run) -> pandas.DataFrame:
    """What the run's own evaluations, with learning off, came to: a row for each, by its step."""
    singles = [one for one in run.find("evaluation.*").values() if len(one.dims) <= 2]
    table = frame_of(singles)
    return table.rename(columns=lambda name: name.removeprefix("evaluation."))


def findings_of(audit: dict[str, Any]) -> pandas.DataFrame:
    """A row for each thing that the audit found; `beyond` is True of what is beyond the paper."""
    pandas = packages.load("pandas", "findings")
    rows = [{**one, "beyond": name == "beyond"} for name in ("findings", "beyond") for one in audit.get(name, [])]
    return pandas.DataFrame(rows)
