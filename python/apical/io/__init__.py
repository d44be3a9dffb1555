"""Run files and results of sweeps, read with h5py and numpy alone."""
from apical.io.quantity import Axis, Quantity
from apical.io.run import Run, open_run
from apical.io.spikes import Spikes
from apical.io.sweep import Sweep, open_sweep
from apical.io.trial_average import trial_average

__all__ = ["Axis", "Quantity", "Run", "Spikes", "Sweep", "open_run", "open_sweep", "trial_average"]
