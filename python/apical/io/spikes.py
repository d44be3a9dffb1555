"""The spikes of a population, a row each, as a spike file of SONATA has them."""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from apical import packages

if TYPE_CHECKING:
    import pandas

    from apical.io.run import Run


class Spikes:
    """Rows are in the order of time, those of one time in the order of cells."""

    def __init__(self, run: Run, population: str, rows: int, cell_count: int):
        self._run, self._rows = run, rows
        self.population = population
        #: How many cells may fire.
        self.cell_count = cell_count

    @property
    def address(self) -> str:
        """The name in the model file: "rec.spikes"."""
        return f"{self.population}.spikes"

    @property
    def times_ms(self) -> np.ndarray:
        """[spike] ms: the end of the phase or iteration in which the cell fired."""
        return self._read("timestamps")

    @property
    def cells(self) -> np.ndarray:
        """[spike] int64: which cell fired, counted from 0."""
        return self._read("node_ids").astype(np.int64)

    @property
    def steps(self) -> np.ndarray:
        """[spike] int64: in which step, counted from 1."""
        return self._read("step").astype(np.int64)

    def counts(self) -> np.ndarray:
        """[cell] int64: how many spikes each cell had."""
        return np.bincount(self.cells, minlength=self.cell_count)

    def trains(self) -> list[np.ndarray]:
        """The times in ms of each cell's spikes, a list of as many arrays as there are cells."""
        cells, times = self.cells, self.times_ms
        return [times[cells == cell] for cell in range(self.cell_count)]

    def frame(self) -> pandas.DataFrame:
        """A DataFrame with the columns time_ms, cell, step."""
        return packages.load("pandas", "frame()").DataFrame(
            {"time_ms": self.times_ms, "cell": self.cells, "step": self.steps})

    def __len__(self) -> int:
        return self._rows

    def __repr__(self) -> str:
        return f"<apical.Spikes {self.address}: {self._rows} of {self.cell_count} cells>"

    def _read(self, name: str) -> np.ndarray:
        return self._run.hdf5[f"/spikes/{self.population}/{name}"][: self._rows]
