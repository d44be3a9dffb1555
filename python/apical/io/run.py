"""A run file, opened to be read while it grows or after its run was killed."""
from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import h5py

from apical.errors import BadFile, NotRecorded, UsageError
from apical.io import tables
from apical.io.hdf5_file import integer_in, is_being_written, open_hdf5, reject, text_in
from apical.io.headline import Frozen, Headline, frozen_of, headline_of
from apical.io.layout import Finder
from apical.io.matrix_part import address_of_part, read_part
from apical.io.names import did_you_mean, list_of, matches, on_one_line, shortened
from apical.io.quantity import Axis, Quantity
from apical.io.spikes import Spikes
from apical.io.texts import audit_of, settings_of

if TYPE_CHECKING:
    import pandas
    import xarray as xr

FORMAT = 2  # the latest that is read


def open_run(path: str | os.PathLike[str]) -> Run:
    """Opens a run file, also of a run that goes on or was killed.

    Raises NoSuchInput when there is no such file, BadFile when it is no run file of Apical, of a later
    format, cut off or damaged.
    """
    return Run(path)


class Run(Mapping[str, Any]):
    """What a run wrote. `run[address]` has what was recorded under an address of the program.

    `run["hidden.r"]` is a Quantity, `run["rec.spikes"]` are Spikes, `run["hidden.*"]` is a dict of all
    that the pattern names, and `run["W_rec[3, 17]"]` is the array of one synapse (from cell 17 to 3).
    "hidden.apical" is short for "hidden.apical.v"; a path in the file will do too.
    """

    def __init__(self, path: str | os.PathLike[str]):
        #: The file's path as it was given.
        self.path = os.fspath(path)
        self._open()

    def _open(self) -> None:
        self._goes_on = is_being_written(self.path)  # first: if not, what is read is the last of it
        file = open_hdf5(self.path, "run file")
        try:
            self._check_format(file)
            self._found = Finder(file, self.path).find()
        except (KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
            file.close()
            if isinstance(error, BadFile):
                raise
            raise reject(self.path, f"is damaged: {error}") from None
        self._file = file
        self._spikes = self._find_spikes()

    def _check_format(self, file: h5py.File) -> None:
        if text_in(file.attrs, "kind") == "sweep":
            raise reject(self.path, "is the result of a sweep, and no run file; `apical.open_sweep` reads it")
        if not text_in(file.attrs, "program"):
            raise reject(self.path, 'is an HDF5 file, but no run file of Apical: it has no attribute "program"')
        format_ = integer_in(file.attrs, "format", 1)
        if not 1 <= format_ <= FORMAT:
            raise reject(self.path, f"is of format {format_}; expected 1 to {FORMAT}, which this version reads")

    def _find_spikes(self) -> dict[str, Spikes]:
        found, names = {}, ("timestamps", "node_ids", "step")
        for population, group in self.hdf5.get("/spikes", {}).items():
            if not isinstance(group, h5py.Group) or not all(
                    isinstance(group.get(one), h5py.Dataset) for one in names):
                raise reject(self.path, f'is damaged: "/spikes/{population}" lacks times, cells or steps')
            rows = min(len(group[one]) for one in names)
            cells = integer_in(group["node_ids"].attrs, "cells", 0)
            found[population] = Spikes(self, population, rows, cells)
        return found

    @property
    def hdf5(self) -> h5py.File:
        """The file as h5py has it, for what has no name here. Raises UsageError when it was closed."""
        if not self._file:
            raise UsageError(f"{on_one_line(self.path)}: the run was closed; what is read later needs it open")
        return self._file

    # ---- what was run, and how it ended

    @property
    def title(self) -> str:
        """The model's title."""
        return text_in(self.hdf5.attrs, "title")

    @property
    def model(self) -> str:
        """The model file's text, as it was given (TOML)."""
        return text_in(self.hdf5.attrs, "model")

    @property
    def resolved(self) -> str:
        """The model's text with all its settings (TOML)."""
        return text_in(self.hdf5.attrs, "resolved")

    @property
    def settings(self) -> dict[str, Any]:
        """The model with all its settings: `run.settings["population"]["hidden"]["size"]`."""
        return settings_of(self.path, self.resolved)

    @property
    def program(self) -> str:
        """The listing of all operations, as `apical check` prints it."""
        return text_in(self.hdf5.attrs, "program")

    @property
    def audit(self) -> dict[str, Any]:
        """The audit of the program: `audit["criteria"]["ii"]`; empty when the file has none."""
        return audit_of(self.path, text_in(self.hdf5.attrs, "audit"))

    @property
    def passes(self) -> bool | None:
        """Whether the program passes the paper's criteria; None when the file has no audit."""
        return self.audit.get("passes")

    @property
    def verdict(self) -> str:
        """"passes the paper's criteria", or "fails the paper's criteria"."""
        if self.passes is None:
            return ""
        return f"{'passes' if self.passes else 'fails'} the paper's criteria"

    @property
    def seed(self) -> int:
        """The seed of all draws."""
        return integer_in(self.hdf5.attrs, "seed", 0)

    @property
    def version(self) -> str:
        """The version of Apical that wrote the file."""
        return text_in(self.hdf5.attrs, "version")

    @property
    def forked_from(self) -> str:
        """The run and the step that a fork began from: "run.h5 after step 26"; empty of others."""
        return text_in(self.hdf5.attrs, "forked_from")

    @property
    def data(self) -> list[str]:
        """The datasets that the run read: fingerprint, use, file and dataset of each."""
        return text_in(self.hdf5.attrs, "data").splitlines()

    @property
    def steps_completed(self) -> int:
        """How many steps were run; -1 while the run goes on, and for good when it was killed."""
        return integer_in(self.hdf5.attrs, "steps_completed", -1)

    @property
    def last_step(self) -> int:
        """The last step that was sampled; 0 when none was."""
        return max((axis.last for axis in self.axes.values()), default=0)

    @property
    def failure(self) -> str:
        """The message of what ended the run; empty when nothing did."""
        return text_in(self.hdf5.attrs, "failure")

    @property
    def goes_on(self) -> bool:
        """Whether the run went on when the file was opened (or looked at again by `refresh`)."""
        return self.steps_completed < 0 and self._goes_on

    @property
    def was_killed(self) -> bool:
        """Whether nothing writes the file, and its run did not come to an end."""
        return self.steps_completed < 0 and not self._goes_on

    @property
    def headline(self) -> Headline:
        """The loss that `apical run` prints, with the steps that it is the mean of."""
        return headline_of(self)

    @property
    def loss(self) -> float:
        """The mean loss of the last tenth of the steps; not a number of a run without a loss."""
        return self.headline.loss

    @property
    def loss_units(self) -> str:
        """"nats" of a cross-entropy, else "1"."""
        return text_in(self.hdf5.attrs, "loss_units")

    @property
    def frozen(self) -> Frozen | None:
        """The loss with learning off that the run's last evaluation found; None without one."""
        return frozen_of(self)

    # ---- what was recorded

    @property
    def phases(self) -> list[str]:
        """Names of a step's phases, in the order of time."""
        return list(self._found.phases)

    @property
    def iterations(self) -> list[str]:
        """The phase of each iteration of a step; empty where none are recorded."""
        return list(self._found.iterations)

    @property
    def axes(self) -> dict[str, Axis]:
        """In which steps the [record.*] tables sampled, by the names of those that share them."""
        return dict(self._found.axes)

    @property
    def addresses(self) -> list[str]:
        """All that can be asked for: quantities, then spikes."""
        return [*self._found.quantities, *(one.address for one in self._spikes.values())]

    @property
    def spikes(self) -> dict[str, Spikes]:
        """Recorded spikes by population."""
        return dict(self._spikes)

    @property
    def events(self) -> pandas.DataFrame:
        """Events of the queue: time_ms, kind, target."""
        return tables.events_of(self)

    @property
    def trials(self) -> pandas.DataFrame:
        """Trials by their number: first_step, steps, type, loss. Empty of a run without trials."""
        return tables.trials_of(self)

    @property
    def evaluation(self) -> pandas.DataFrame:
        """Evaluations with learning off by the step after which they were made. Empty without any."""
        return tables.evaluation_of(self)

    @property
    def findings(self) -> pandas.DataFrame:
        """What the audit found, a row each; `beyond` is True of what is beyond the paper."""
        return tables.findings_of(self.audit)

    def quantity(self, address: str) -> Quantity:
        """The quantity of an address or a path. Raises NotRecorded naming the nearest."""
        quantities = self._found.quantities
        layout = quantities.get(address) or quantities.get(f"{address}.v")
        layout = layout or next((one for one in quantities.values() if one.path == address), None)
        if layout is None:
            raise self._not_recorded(address)
        return Quantity(self, layout)

    def find(self, pattern: str) -> dict[str, Quantity]:
        """All quantities that a pattern names, by address: "hidden.*", "eligibility(*)", "*".

        As in `what` of [record.*]: "hidden.*" names "hidden.apical.v", too, since "hidden.apical" does.
        """
        return {address: Quantity(self, layout) for address, layout in self._found.quantities.items()
                if matches(pattern, address) or matches(f"{pattern}.v", address)}

    def frame(self, *addresses: str) -> pandas.DataFrame:
        """A DataFrame of numbers and vectors a step: a row for each step, a column for each number."""
        quantities: list[Quantity] = []
        for address in addresses:
            found = self.find(address)  # an address without "*" finds itself, but for its short forms
            quantities += found.values() if found else [self.quantity(address)]
        return tables.frame_of(quantities)

    def xarray(self, address: str) -> xr.DataArray:
        """A DataArray with labels: `run.xarray("hidden.r").sel(step=50, phase="update")`."""
        return self.quantity(address).xarray()

    def plot(self, *addresses: str, **choices: Any) -> Any:
        """Draws quantities, a panel each, as `apical plot` does; returns the Axes of matplotlib.

        `steps=(A, B)`, `cells=[3, 17]`, `at=STEP` of a matrix, `phase=NAME`, `block=N` (means over N
        steps) and `axes` to draw into are as in `apical.plot.plot_run`.
        """
        from apical.plot import plot_run
        return plot_run(self, addresses or ("loss",), **choices)

    # ---- the file

    def refresh(self) -> Run:
        """Looks at the file again, for the rows written since; returns the run itself."""
        self._file.close()
        self._open()
        return self

    def follow(self, seconds: float = 1.0) -> Iterator[Run]:
        """Looks again every so many seconds until the run ends: `for now in run.follow(): ...`."""
        yield self
        while self.goes_on:
            time.sleep(seconds)
            yield self.refresh()

    def close(self) -> None:
        """Closes the file; what was read stays."""
        self._file.close()

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __getitem__(self, address: str) -> Any:
        if not isinstance(address, str):
            raise TypeError(f"{address!r} is no address; expected a text, as in run[\"hidden.r\"]")
        if "*" in address:
            found: dict[str, Any] = dict(self.find(address))
            found.update({one.address: one for one in self._spikes.values() if matches(address, one.address)})
            if not found:
                raise self._not_recorded(address)
            return found
        for one in self._spikes.values():
            if address == one.address:
                return one
        of_part = address_of_part(address)
        return self.quantity(address) if of_part is None else read_part(self.quantity(of_part), address)

    def __contains__(self, address: object) -> bool:
        try:
            return isinstance(address, str) and self[address] is not None
        except NotRecorded:
            return False

    def __iter__(self) -> Iterator[str]:
        return iter(self.addresses)

    def __len__(self) -> int:
        return len(self.addresses)

    def __repr__(self) -> str:
        from apical.io.overview import overview
        return overview(self) if self._file else f"<apical.Run {self.path}, closed>"

    def _not_recorded(self, address: str) -> NotRecorded:
        where, found = on_one_line(self.path), on_one_line(shortened(address))
        if address == "loss" and text_in(self.hdf5.attrs, "readout") and not text_in(self.hdf5.attrs, "loss"):
            return NotRecorded(f'{where}: there is no "loss": the circuit has no output that is compared '
                               "with a label")
        if not self.addresses:
            return NotRecorded(f'{where}: "{found}" was not recorded, nor was anything else')
        return NotRecorded(f'{where}: "{found}" was not recorded; recorded are {list_of(self.addresses)}.'
                           f"{did_you_mean(address, self.addresses)}")
