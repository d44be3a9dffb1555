"""Parts of a matrix by the numbers of its cells: "W_rec[3, 17]", "W_rec[0:4, :]"."""
from __future__ import annotations

import re

import numpy as np

from apical.errors import UsageError
from apical.io.names import shortened
from apical.io.quantity import Quantity

_part = re.compile(r"(.+)\[([^,\[\]]*),([^,\[\]]*)\]\s*", re.DOTALL)
_cells = re.compile(r"(\d+)(?::(\d+))?")


def address_of_part(text: str) -> str | None:
    """The address of a text that names a part of a matrix; None of another text."""
    found = _part.fullmatch(text)
    return found[1].strip() if found else None


def read_part(quantity: Quantity, text: str) -> np.ndarray:
    """[step] of one synapse, [step, post, pre] of ranges; rows are postsynaptic cells."""
    found = _part.fullmatch(text)
    if found is None or quantity.dims != ("step", "post", "pre"):
        raise UsageError(f'"{shortened(text)}" is no part of a matrix; expected its address with the '
                         'postsynaptic and the presynaptic cell, as in "W_rec[3, 17]", or ranges of '
                         'them, as in "W_rec[0:4, :]"')
    post = _places(quantity, "post", found[2].strip())
    pre = _places(quantity, "pre", found[3].strip())
    numbers = quantity.values[:, post][:, :, pre]
    is_one = ":" not in found[2] and ":" not in found[3]
    return numbers[:, 0, 0] if is_one else numbers


def _places(quantity: Quantity, dim: str, text: str) -> np.ndarray:
    """Where in a dimension the cells of "3", "0:8" or ":" stand."""
    cells = quantity.labels(dim)
    if text == ":":
        return np.arange(len(cells))
    found = _cells.fullmatch(text)
    first = int(found[1]) if found else 0
    end = int(found[2]) if found and found[2] else first + 1
    places = np.flatnonzero((cells >= first) & (cells < end))
    if found is None or len(places) == 0:
        known = f"{len(cells)} {dim}synaptic cells, {cells[0]} to {cells[-1]}"
        raise UsageError(f'"{quantity.address}" has {known}; {shortened(text) or "nothing"} was asked for')
    return places
