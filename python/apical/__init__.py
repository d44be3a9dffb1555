"""Reads what Apical writes: run files and the results of sweeps, also while a run goes on.

    import apical
    run = apical.open_run("runs/rflo.h5")
    run["hidden.r"].values            # [step, phase, cell], as numpy has it
    run.xarray("hidden.r")            # the same with labels
    run.plot("loss")
    sweep = apical.open_sweep("runs/figure1.h5")
    sweep.report()                    # means and S.E.M. over seeds

h5py and numpy are all that it needs. pandas, xarray and matplotlib are imported when they are first
asked for. docs/python.md has examples with their output.
"""
from apical.errors import ApicalError, BadFile, MissingPackage, NoSuchInput, NotRecorded, UsageError
from apical.io import Quantity, Run, Spikes, Sweep, open_run, open_sweep, trial_average

__version__ = "0.1.0"

__all__ = [
    "ApicalError", "BadFile", "MissingPackage", "NoSuchInput", "NotRecorded", "Quantity", "Run",
    "Spikes", "Sweep", "UsageError", "open_run", "open_sweep", "trial_average",
]
