"""Finds what a run file holds: its axes, and of each quantity the axis, the dimensions and the cells."""
from __future__ import annotations

import math
from dataclasses import dataclass, field

import h5py
import numpy as np

from apical.errors import BadFile
from apical.io.hdf5_file import integer_in, reject, text_in, texts_of
from apical.io.names import on_one_line

MOST_PAIRS = 2**28  # of cells; a set that could join more is not read as matrices
PHASES, ITERATIONS = "/axes/phase", "/axes/phase+iteration"
_names_of_labels = {"postsynaptic cell": "post", "presynaptic cell": "pre", "other cell": "other"}


@dataclass(frozen=True)
class Axis:
    """Steps in which some quantities were sampled."""

    name: str  # "coarse+beginning": the [record.*] tables that share it
    rows: int
    first: int  # steps; 0 when there is no row
    last: int
    start_rows: int  # 0 or 1 rows at the beginning are of before the first step


@dataclass(frozen=True)
class Layout:
    """A quantity as the file describes it. `row` is the shape of one row as it is read."""

    address: str
    path: str
    units: str
    long_name: str
    symbol: str
    axis: Axis
    rows: int
    row: tuple[int, ...]
    dims: tuple[str, ...]  # of a row: "phase" or "iteration", "cell", "post", "pre", ...
    scales: tuple[str, ...]  # paths of the scales of these dimensions, or empty
    post: np.ndarray | None = None  # of one number for each synapse: the cells that it joins
    pre: np.ndarray | None = None


@dataclass
class Found:
    """What a run file holds."""

    phases: list[str] = field(default_factory=list)
    iterations: list[str] = field(default_factory=list)
    axes: dict[str, Axis] = field(default_factory=dict)
    quantities: dict[str, Layout] = field(default_factory=dict)  # by address


def _scale_of(data: h5py.Dataset, dimension: int) -> h5py.Dataset | None:
    """The scale that is attached to a dimension.

    The attribute is read as it is: the library of scales believes a damaged one.
    """
    lists = data.attrs.get("DIMENSION_LIST")
    if not isinstance(lists, np.ndarray) or lists.shape != (data.ndim,):
        return None
    references = lists[dimension]
    if not isinstance(references, np.ndarray) or references.size == 0:
        return None
    scale = data.file[references[0]]
    return scale if isinstance(scale, h5py.Dataset) else None


def _label_of(data: h5py.Dataset, dimension: int) -> str:
    labels = data.attrs.get("DIMENSION_LABELS")
    if not isinstance(labels, np.ndarray) or labels.shape != (data.ndim,):
        return ""
    label = labels[dimension]
    return label.decode("utf-8", "replace") if isinstance(label, bytes) else str(label or "")


def _beside(scale: str, name: str) -> str:
    """"/synapses/W/post" beside the scale "/synapses/W/synapse"."""
    group, _, last = scale.rpartition("/")
    for beginning in ("synapse", "post"):
        if last.startswith(beginning):
            return f"{group}/{name}{last[len(beginning):]}"
    return ""


class Finder:
    """Reads the layout of one open file. Steps come first: what is on an axis has as many rows."""

    def __init__(self, file: h5py.File, path: str):
        self.file, self.path = file, path
        self.found = Found()
        self.axis_of: dict[h5py.Dataset, Axis] = {}  # by steps

    def find(self) -> Found:
        """Raises BadFile where the file is damaged."""
        datasets: dict[str, h5py.Dataset] = {}

        def collect(name: str, one: object) -> None:
            if isinstance(one, h5py.Dataset):
                datasets["/" + name] = one

        self.file.visititems(collect)
        self._find_axes(datasets)
        for name, phases in ((PHASES, self.found.phases), (ITERATIONS, self.found.iterations)):
            if isinstance(self.file.get(name), h5py.Dataset):
                phases += [on_one_line(one) for one in texts_of(self.file[name])]
        for name, data in datasets.items():
            self._add(name, data)
        return self.found

    def _find_axes(self, datasets: dict[str, h5py.Dataset]) -> None:
        for name, data in datasets.items():
            parts = name.split("/")
            if len(parts) != 4 or parts[1] != "axes" or parts[3] != "step":
                continue
            if data.ndim != 1 or data.dtype.kind not in "iu":
                raise self._damaged(f'"{name}" is no list of steps')
            rows = len(data)
            first, last = (int(data[0]), int(data[rows - 1])) if rows else (0, 0)
            starts = min(rows, integer_in(data.attrs, "start_rows", 0))
            self.axis_of[data] = Axis(parts[2], rows, first, last, starts)
        self.found.axes = {axis.name: axis for axis in self.axis_of.values()}
        for name, data in datasets.items():  # the same steps once more, beside those of another axis
            copy = name.rpartition("/")[2]
            if copy.startswith("step_") and copy[5:] in self.found.axes:
                self.axis_of[data] = self.found.axes[copy[5:]]

    def _add(self, name: str, data: h5py.Dataset) -> None:
        address = on_one_line(text_in(data.attrs, "address"))
        if not address or data.ndim == 0:
            return
        steps = _scale_of(data, 0)
        axis = self.axis_of.get(steps) if steps is not None else None
        if axis is None or data.dtype.kind not in "fiu":
            return
        texts = [on_one_line(text_in(data.attrs, one)) for one in ("units", "long_name", "symbol")]
        rows = min(len(data), axis.rows)
        if rows > 0 and 0 in data.shape[1:]:
            raise self._damaged(f'"{name}" has rows without a number')
        self.found.quantities.setdefault(
            address, Layout(address, name, texts[0], texts[1], texts[2], axis, rows, *self._row(name, data)))

    def _row(self, name: str, data: h5py.Dataset) -> tuple:
        labels = [_label_of(data, d) for d in range(1, data.ndim)]
        scales = [_scale_of(data, d) for d in range(1, data.ndim)]
        paths = tuple(str(one.name or "") if one is not None else "" for one in scales)
        if labels == ["synapse"]:
            return self._synapses(name, data, paths[0])
        dims = []
        for label in labels:
            dim = _names_of_labels.get(label, label) or "cell"
            while dim in dims or dim == "step":
                dim += "_"
            dims.append(dim)
        for dim, names in (("phase", self.found.phases), ("iteration", self.found.iterations)):
            if dim in dims and data.shape[1 + dims.index(dim)] != len(names):
                raise self._damaged(f'"{name}" has other {dim}s than the file')
        return data.shape[1:], tuple(dims), paths

    def _synapses(self, name: str, data: h5py.Dataset, scale: str) -> tuple:
        sizes = integer_in(data.attrs, "post_cells", 0), integer_in(data.attrs, "pre_cells", 0)
        ends = []
        for end, cells in zip(("post", "pre"), sizes):
            path = _beside(scale, end)
            if not path or not isinstance(self.file.get(path), h5py.Dataset):
                raise self._damaged(f'nothing says which synapses "{name}" has')
            read = self.file[path][()]
            if read.shape != data.shape[1:] or (read.size and not 0 <= read.min() <= read.max() < cells):
                raise self._damaged(f'"{path}" names other cells than there are')
            ends.append(read)
        if sizes[0] * sizes[1] > MOST_PAIRS:
            return data.shape[1:], ("synapse",), (scale,), ends[0], ends[1]
        return sizes, ("post", "pre"), ("", ""), ends[0], ends[1]

    def _damaged(self, what: str) -> BadFile:
        return reject(self.path, "is damaged: " + what)


def cells_of(file: h5py.File, layout: Layout, dimension: int) -> np.ndarray:
    """Which cells (or classes, or outputs) the entries of a dimension of a row are, counted from 0."""
    scale = file.get(layout.scales[dimension]) if layout.scales[dimension] else None
    if isinstance(scale, h5py.Dataset) and scale.dtype.kind in "iu" and len(scale) == layout.row[dimension]:
        return scale[()].astype(np.int64)
    return np.arange(layout.row[dimension], dtype=np.int64)


def numbers_in(layout: Layout) -> int:
    """How many numbers a row has as it is read."""
    return math.prod(layout.row)
