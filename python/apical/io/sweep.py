"""The result of a sweep: a row for each job, curves, and what `apical report` says of them."""
from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from apical import packages
from apical.errors import BadFile, NoSuchInput, UsageError
from apical.io.headline import tail_steps
from apical.io.hdf5_file import integer_in, open_hdf5, reject, text_in, texts_of
from apical.io.names import list_of, on_one_line
from apical.io.report import Condition, comparisons_of, conditions_of
from apical.io.run import Run
from apical.io.texts import settings_of

if TYPE_CHECKING:
    import pandas

FORMAT = 1  # the latest that is read


def open_sweep(path: str | os.PathLike[str]) -> Sweep:
    """Opens the result of a sweep.

    Raises NoSuchInput when there is no such file, BadFile when it is none of `apical sweep`, of a later
    format, cut off or damaged.
    """
    return Sweep(path)


class Sweep:
    """The result of a sweep, read whole. `jobs` is a table of all, `report()` of means over seeds."""

    def __init__(self, path: str | os.PathLike[str]):
        #: The file's path as it was given.
        self.path = os.fspath(path)
        parts = os.path.splitext(self.path)[0] + ".parts"
        if not os.path.exists(self.path) and os.path.isdir(parts):
            raise NoSuchInput(f'{self.path}: the sweep has not been gathered yet, its results lie in "{parts}"; '
                              "`apical sweep SWEEP --merge` gathers what is there")
        with open_hdf5(self.path, "result of a sweep") as file:
            try:
                self._read(file)
            except (KeyError, OSError, RuntimeError, TypeError, ValueError) as error:
                if isinstance(error, BadFile):
                    raise
                raise reject(self.path, f"is damaged: {error}") from None

    def _read(self, file: h5py.File) -> None:
        self._check_format(file)
        self.title = text_in(file.attrs, "title")
        #: The sweep file's text (TOML).
        self.text = text_in(file.attrs, "sweep")
        #: The version of Apical and a hash of the sources that numbers depend on.
        self.engine = text_in(file.attrs, "engine")
        #: The swept keys: "population.hidden.size".
        self.swept = text_in(file.attrs, "swept").split("\n") if text_in(file.attrs, "swept") else []
        self.columns = {name: _column(data) for name, data in file["jobs"].items()}
        self._check_columns()
        #: The resolved models (TOML), one for all seeds of a condition.
        self.configurations = texts_of(file["configurations"])
        self._data = texts_of(file["data"]) if "data" in file else [""] * len(self.configurations)
        #: [job, block] the mean loss of each block of steps, NaN behind a curve's end.
        self.curve_losses = file["curves/loss"][()] if "curves" in file else np.empty((len(self), 0))
        #: [job, block] int64: the last step of each block, 0 behind a curve's end.
        self.curve_steps = file["curves/step"][()] if "curves" in file else np.empty((len(self), 0), np.int64)
        self._bounds = {name: _column(file["bounds"][name]) for name in ("configuration", "name", "loss")}
        self._alignment = {rule: {name: data[()] for name, data in group.items() if data.dtype.kind == "f"}
                           for rule, group in file.get("alignment", {}).items()}
        self._check_sizes()

    def _check_format(self, file: h5py.File) -> None:
        expected = "expected the result of `apical sweep`"
        if text_in(file.attrs, "kind") != "sweep":
            is_run = bool(text_in(file.attrs, "program"))
            what = "is a run file, which `apical.open_run` reads" if is_run else 'has no attribute "kind" = "sweep"'
            raise reject(self.path, f"the file {what}; {expected}")
        format_ = integer_in(file.attrs, "format", 0)
        if format_ != FORMAT:
            raise reject(self.path, f"is of format {format_}; expected {FORMAT}, which this version reads")

    def _check_columns(self) -> None:
        needed = ["job", "model", "task", "seed", "steps", "failure", "configuration", *self.swept]
        for name in needed:
            if name not in self.columns:
                raise reject(self.path, f'the file has no dataset "/jobs/{name}"; expected the result of '
                                        "`apical sweep`")
        if "loss" in self.columns and "loss_steps" not in self.columns:  # of 0.1.0
            done = self.columns["failure"] == ""
            tails = [tail_steps(int(steps)) for steps in self.columns["steps"]]
            self.columns["loss_steps"] = np.where(done, np.array(tails, dtype=np.int64), 0)

    def _check_sizes(self) -> None:
        for name, column in self.columns.items():
            if len(column) != len(self):
                raise reject(self.path, f'is damaged: it has {len(column)} rows of "/jobs/{name}"; expected '
                                        f"{len(self)}")
        which = [*self.columns["configuration"], *self._bounds["configuration"]]
        if any(not 0 <= one < len(self.configurations) for one in which):
            raise reject(self.path, f"is damaged: it names a configuration of {len(self.configurations)}")
        if self.curve_losses.shape != self.curve_steps.shape or len(self.curve_losses) != len(self):
            raise reject(self.path, "is damaged: its curves are not those of its jobs")

    # ---- jobs

    @property
    def models(self) -> list[str]:
        """Names of the models, in the order of the file."""
        return list(dict.fromkeys(self.columns["model"]))

    @property
    def tasks(self) -> list[str]:
        """Names of the tasks."""
        return list(dict.fromkeys(self.columns["task"]))

    @property
    def jobs(self) -> pandas.DataFrame:
        """A row for each job: model, task, seed, swept keys, steps, loss, frozen, failure and others."""
        first = ["task", "model", *self.swept, "seed", "loss", "frozen"]
        order = [name for name in first if name in self.columns]
        order += [name for name in self.columns if name not in order]
        return self._pandas.DataFrame({name: self.columns[name] for name in order})

    @property
    def conditions(self) -> list[Condition]:
        """Jobs that differ in their seed alone, gathered."""
        return self._conditions(frozen=False)

    @property
    def bounds(self) -> pandas.DataFrame:
        """Losses to compare with, by task and model: what the best network that knows so much reaches."""
        rows = []
        for configuration, name, loss in zip(*self._bounds.values()):
            job = int(np.flatnonzero(self.columns["configuration"] == configuration)[0])
            rows.append({"task": self.columns["task"][job], "model": self.columns["model"][job], "bound": name,
                         "loss": float(loss)})
        return self._pandas.DataFrame(rows, columns=["task", "model", "bound", "loss"]).drop_duplicates(
            ignore_index=True)

    def bounds_of(self, condition: Condition) -> list[tuple[str, float]]:
        """(name, loss) of the bounds of a condition's task."""
        rows = np.flatnonzero((self.columns["model"] == condition.model) & (self.columns["task"] == condition.task))
        here = set(self.columns["configuration"][rows].tolist())
        named = zip(*self._bounds.values())
        return list(dict.fromkeys((name, float(loss)) for one, name, loss in named if one in here))

    @property
    def alignment(self) -> pandas.DataFrame:
        """A row for each job and each rule or set: cosine, norm_ratio, bias, variance."""
        pandas = self._pandas
        parts = [self._keys().assign(rule=rule, **measures) for rule, measures in self._alignment.items()]
        return pandas.concat(parts, ignore_index=True) if parts else pandas.DataFrame()

    def settings(self, job: int) -> dict[str, Any]:
        """The resolved model of a job (a row of `jobs`), with the seed of its configuration's first."""
        configuration = int(self.columns["configuration"][self._checked(job)])
        return settings_of(self.path, self.configurations[configuration])

    def run(self, job: int) -> Run:
        """The run file of a job that [[keep]] asked for. Raises UsageError when it was not kept."""
        name = self.columns["run_file"][self._checked(job)] if "run_file" in self.columns else ""
        if not name:
            raise UsageError(f"{self.path}: the run file of job {job} was not kept; expected a job of [[keep]]")
        return Run(os.path.join(os.path.dirname(self.path), name))

    # ---- what they came to

    def losses(self, frozen: bool = False) -> pandas.DataFrame:
        """A row for each task, model and setting, a column for each seed; NaN of jobs that failed."""
        keys = ["task", "model", *self.swept]
        column = self._loss(frozen)
        table = self._keys().assign(loss=column)
        return table.pivot_table(index=keys, columns="seed", values="loss", sort=False, dropna=False,
                                 observed=True).reindex(columns=sorted(set(self.columns["seed"])))

    def report(self, frozen: bool = False) -> pandas.DataFrame:
        """Means and S.E.M. over seeds, the numbers of `apical report`, a row for each condition.

        The loss is that while learning, of the last `loss_steps` steps; with `frozen` that of the last
        evaluation of each job, with learning off.
        """
        rows = []
        for one in self._conditions(frozen):
            row: dict[str, Any] = {"model": one.model, "task": one.task, **dict(zip(self.swept, one.values))}
            row.update(loss=one.loss.mean, sem=one.loss.sem, loss_steps=one.loss_steps)
            if self._has_frozen:
                row.update(frozen=one.frozen.mean, frozen_sem=one.frozen.sem)
            rows.append({**row, "seeds": len(one.jobs), "failed": one.failed})
        return self._pandas.DataFrame(rows)

    def comparisons(self, frozen: bool = False) -> pandas.DataFrame:
        """Mean differences paired over seeds, of each two conditions that differ in one thing alone.

        `right`: in how many seeds the lower one is lower; p: of a two-sided sign test, exact, without
        ties, not corrected for the number of comparisons.
        """
        names = ["task", "lower", "higher", "difference", "sem", "seeds", "right", "p"]
        columns = {**self.columns, "loss": self._loss(frozen)}
        return self._pandas.DataFrame(comparisons_of(columns, self._conditions(frozen)), columns=names)

    def curves(self) -> pandas.DataFrame:
        """A row for each job and each block of its curve: task, model, setting, seed, step, loss."""
        job, block = np.nonzero(self.curve_steps)
        table = self._keys().iloc[job].reset_index(drop=True)
        return table.assign(step=self.curve_steps[job, block], loss=self.curve_losses[job, block])

    def plot(self, against: str | None = None, axes: Any = None) -> Any:
        """Draws learning curves, a panel for each task: means over seeds and a band of ± 1 S.E.M.

        With `against`, a swept key, final losses against its values. Returns the Axes of matplotlib.
        """
        from apical.plot_sweep import plot_sweep
        return plot_sweep(self, against, axes)

    def __len__(self) -> int:
        return len(self.columns["job"])

    def __repr__(self) -> str:
        failed = int(np.sum(self.columns["failure"] != ""))
        seeds = len(set(self.columns["seed"]))
        lines = {
            "sweep": self.title,
            "models": list_of(self.models),
            "tasks": list_of(self.tasks),
            "swept": list_of(self.swept),
            "jobs": f"{len(self)}, of {seeds} seed{'' if seeds == 1 else 's'}"
                    + (f"; {failed} failed" if failed else ""),
            "engine": self.engine,
            "file": self.path,
        }
        return "\n".join(f"{name:<8} {on_one_line(text)}" for name, text in lines.items() if text)

    def _checked(self, job: int) -> int:
        if not -len(self) <= job < len(self):
            raise UsageError(f"{self.path}: there is no job {job}; there are {len(self)}, 0 to {len(self) - 1}")
        return job

    @property
    def _pandas(self) -> Any:
        return packages.load("pandas", "a table of a sweep")

    @property
    def _has_frozen(self) -> bool:
        return "frozen" in self.columns and bool(np.any(~np.isnan(self.columns["frozen"])))

    def _keys(self) -> pandas.DataFrame:
        names = ["task", "model", *self.swept, "seed"]
        return self._pandas.DataFrame({name: self.columns[name] for name in names})

    def _loss(self, frozen: bool) -> np.ndarray:
        if frozen and not self._has_frozen:
            raise UsageError(f"{self.path}: no job was evaluated; expected a sweep with [evaluate] in its "
                             "models, or under [set]")
        nothing = np.full(len(self), np.nan)
        return self.columns.get("frozen" if frozen else "loss", nothing)

    def _conditions(self, frozen: bool) -> list[Condition]:
        data = [self._data[one] for one in self.columns["configuration"]]
        return conditions_of({**self.columns, "loss": self._loss(frozen)}, self.swept, data)


def _column(data: h5py.Dataset) -> np.ndarray:
    """Numbers, or texts as Python has them."""
    if data.dtype.kind in "OSU":
        return np.array(texts_of(data), dtype=object)
    return data[()]
