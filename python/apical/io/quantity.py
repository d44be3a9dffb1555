"""A recorded quantity: numbers with their steps, phases and cells, read when they are asked for."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from apical import packages
from apical.errors import UsageError
from apical.io.hdf5_file import reject
from apical.io.layout import Axis, Layout, cells_of, numbers_in
from apical.io.names import did_you_mean, list_of

if TYPE_CHECKING:
    import xarray as xr

    from apical.io.run import Run

__all__ = ["Axis", "Quantity"]


class Quantity:
    """What a run recorded under one address.

    `q[rows]`, `q[rows, ...]` and `q.values` give numpy arrays of float64; a slice of rows reads these
    rows alone. Dimensions are `dims`: always "step", then "phase" or "iteration" of what changes
    within a step, then "cell", or "post" and "pre" of a matrix (rows are postsynaptic cells). Of a set
    that lacks synapses a matrix has NaN where none is; `stored` has one number for each that exists, and
    so has `values` of a set between more than 2^28 pairs of cells, with the dimension "synapse".
    The row of step 0, the state before the first step, comes first where `start_rows` is 1.
    """

    def __init__(self, run: Run, layout: Layout):
        self._run, self._layout = run, layout

    @property
    def address(self) -> str:
        """The name in the model file and on the command line: "hidden.apical.v"."""
        return self._layout.address

    @property
    def path(self) -> str:
        """The dataset in the file: "/state/hidden/apical/voltage"."""
        return self._layout.path

    @property
    def units(self) -> str:
        """"mV", "nats"; "1" when there is none."""
        return self._layout.units

    @property
    def long_name(self) -> str:
        """What it is, in words."""
        return self._layout.long_name

    @property
    def symbol(self) -> str:
        """The paper's letter."""
        return self._layout.symbol

    @property
    def axis(self) -> Axis:
        """In which steps it was sampled, together with others."""
        return self._layout.axis

    @property
    def start_rows(self) -> int:
        """1 when the first row is of before the first step, else 0."""
        return min(self._layout.axis.start_rows, self._layout.rows)

    @property
    def dims(self) -> tuple[str, ...]:
        """Names of the dimensions, "step" first."""
        return ("step", *self._layout.dims)

    @property
    def shape(self) -> tuple[int, ...]:
        """Their sizes, the number of sampled rows first."""
        return (self._layout.rows, *self._layout.row)

    @property
    def ndim(self) -> int:
        """How many dimensions there are."""
        return len(self.shape)

    @property
    def steps(self) -> np.ndarray:
        """[step] int64: the steps of the rows, counted from 1; 0 is before the first."""
        return self._run.hdf5[f"/axes/{self.axis.name}/step"][: self._layout.rows].astype(np.int64)

    @property
    def phases(self) -> list[str]:
        """Names of the phases; of iterations, the phase of each. Empty of what is sampled once a step."""
        if "phase" in self.dims:
            return list(self._run.phases)
        return list(self._run.iterations) if "iteration" in self.dims else []

    @property
    def times_ms(self) -> np.ndarray | None:
        """[step, phase] ms: time at the end of each phase. None of what is sampled once a step."""
        path = f"/axes/{self.axis.name}/time_ms"
        if "phase" not in self.dims or path not in self._run.hdf5:
            return None
        return self._run.hdf5[path][: self._layout.rows]

    @property
    def cells(self) -> np.ndarray:
        """[cell] int64: which cells were recorded. Raises UsageError of a matrix (`post`, `pre`)."""
        return self.labels("cell")

    @property
    def post(self) -> np.ndarray:
        """[post] int64: the postsynaptic cells of a matrix that were recorded, its rows."""
        return self.labels("post")

    @property
    def pre(self) -> np.ndarray:
        """[pre] int64: the presynaptic cells of a matrix that were recorded, its columns."""
        return self.labels("pre")

    def labels(self, dim: str) -> np.ndarray:
        """What the entries of a dimension are: steps, names of phases, numbers of cells."""
        if dim == "step":
            return self.steps
        if dim not in self.dims:
            raise UsageError(f'"{self.address}" has no dimension "{dim}"; it has {list_of(self.dims)}.'
                             f'{did_you_mean(dim, self.dims)}')
        if dim == "phase":
            return np.array(self.phases, dtype=object)
        return cells_of(self._run.hdf5, self._layout, self.dims.index(dim) - 1)

    @property
    def values(self) -> np.ndarray:
        """float64, of the shape `shape`: all of it."""
        return self[:]

    @property
    def stored(self) -> np.ndarray:
        """float64 as the file has it: [step, synapse] of a set stored by rows, else `values`."""
        return self._stored(slice(0, self._layout.rows))

    @property
    def synapses(self) -> tuple[np.ndarray, np.ndarray] | None:
        """([synapse] post, [synapse] pre): which cells the columns of `stored` join. None of others."""
        layout = self._layout
        return (layout.post, layout.pre) if layout.post is not None and layout.pre is not None else None

    def at(self, step: int, phase: str | None = None) -> np.ndarray:
        """The numbers of one step, and of one phase where it is named: [cell] or [post, pre].

        Raises UsageError naming the nearest sampled steps, or the phases.
        """
        row = self[self.row_of(step)]
        if phase is None:
            return row
        if "phase" not in self.dims:
            raise UsageError(f'"{self.address}" is sampled once a step, in no phase')
        if phase not in self.phases:
            raise UsageError(f'there is no phase "{phase}"; there are {list_of(self.phases)}.'
                             f'{did_you_mean(phase, self.phases)}')
        return row[self.phases.index(phase)]

    def row_of(self, step: int) -> int:
        """The row of a sampled step."""
        steps = self.steps
        row = int(np.searchsorted(steps, step))
        if row < len(steps) and steps[row] == step:
            return row
        near = [f"step {steps[row - 1]} before it"] if row > 0 else []
        near += [f"step {steps[row]} after it"] if row < len(steps) else []
        verb = "are" if len(near) > 1 else "is"
        raise UsageError(f'{self._run.path}: "{self.address}" was not sampled in step {step}; the nearest '
                         f'{verb} {" and ".join(near) or "none"}')

    def xarray(self) -> xr.DataArray:
        """A DataArray with labels for all dimensions, `time_ms` and units, for `.sel` and `.plot`."""
        data_array = packages.load("xarray", "xarray()").DataArray
        coordinates: dict[str, Any] = {dim: self.labels(dim) for dim in self.dims if dim != "iteration"}
        if "iteration" in self.dims:
            coordinates["phase"] = ("iteration", np.array(self.phases, dtype=object))
        if "synapse" in self.dims and self.synapses is not None:
            coordinates.update(zip(("post", "pre"), (("synapse", cells) for cells in self.synapses)))
        times = self.times_ms
        if times is not None:
            coordinates["time_ms"] = (("step", "phase"), times, {"units": "ms"})
        attributes = {"units": self.units, "long_name": self.long_name, "symbol": self.symbol,
                      "address": self.address}
        return data_array(self.values, coordinates, self.dims, self.address, attributes)

    def __len__(self) -> int:
        return self._layout.rows

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        return self.values if dtype is None else self.values.astype(dtype)

    def __getitem__(self, key: Any) -> Any:
        keys = key if isinstance(key, tuple) else (key,)
        first = keys[0] if keys else slice(None)
        if isinstance(first, (int, np.integer)) and not isinstance(first, bool):
            row = int(first) + (self._layout.rows if first < 0 else 0)
            if not 0 <= row < self._layout.rows:
                raise IndexError(f'"{self.address}" has {self._layout.rows} rows; row {first} was asked for')
            return self._read(slice(row, row + 1))[(0, *keys[1:])]
        if isinstance(first, slice) and (first.step is None or first.step > 0):
            return self._read(slice(*first.indices(self._layout.rows)))[(slice(None), *keys[1:])]
        return self._read(slice(0, self._layout.rows))[key]

    def __repr__(self) -> str:
        sizes = " x ".join(f"{size} {dim}" for size, dim in zip(self.shape, self.dims))
        unit = "" if self.units in ("", "1") else f", {self.units}"
        return f"<apical.Quantity {self.address}: {sizes}{unit}; {self.long_name}>"

    def _stored(self, rows: slice) -> np.ndarray:
        data = self._run.hdf5[self.path]
        try:
            return data[rows].astype(np.float64, copy=False) if isinstance(data, h5py.Dataset) else data[rows]
        except OSError as error:
            raise reject(self._run.path, f'"{self.path}" is damaged and cannot be read ({error})') from None

    def _read(self, rows: slice) -> np.ndarray:
        stored, layout = self._stored(rows), self._layout
        if layout.post is None or layout.pre is None or "synapse" in layout.dims:
            return stored
        all_pairs = np.full((len(stored), numbers_in(layout)), np.nan)
        all_pairs[:, layout.post * layout.row[1] + layout.pre] = stored
        return all_pairs.reshape(len(stored), *layout.row)
