"""Means over blocks of steps, as `apical plot` draws numbers of long runs."""
from __future__ import annotations

import numpy as np

MOST_BLOCKS = 200


def readable_block(steps: int) -> int:
    """One of 1, 2, 5, 10, 20, ...: the least that leaves at most 200 blocks of so many steps."""
    power = 1
    while True:
        for block in (power, 2 * power, 5 * power):
            if -(-steps // block) <= MOST_BLOCKS:
                return block
        power *= 10


def block_means(steps: np.ndarray, values: np.ndarray, first: int, block: int,
                next_step: int) -> tuple[np.ndarray, np.ndarray]:
    """([block] mean step, [block, series] mean value) of rising steps and values [step, series].

    NaN is left out of a mean. A last block into which the next sample would fall is left out unless it
    is the only one. `first` is the first step of the first block.
    """
    if len(steps) == 0:
        return steps.astype(float), values
    index = (steps - first) // block
    begins = np.concatenate([[0], 1 + np.flatnonzero(np.diff(index))])
    sizes = np.diff(np.append(begins, len(steps)))
    is_there = ~np.isnan(values)
    counts = np.add.reduceat(is_there.astype(float), begins, axis=0)
    sums = np.add.reduceat(np.where(is_there, values, 0.0), begins, axis=0)
    means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    middles = np.add.reduceat((steps - first).astype(float), begins) / sizes + first
    if len(begins) > 1 and (next_step - first) // block == index[-1]:
        return middles[:-1], means[:-1]
    return middles, means
