"""Packages that are imported when they are first asked for."""
from __future__ import annotations

import importlib
from typing import Any

from apical.errors import MissingPackage

_debian = {
    "matplotlib.pyplot": "python3-matplotlib",
    "pandas": "python3-pandas",
    "tomllib": "python3 (3.11 or later)",
    "xarray": "python3-xarray",
}


def load(name: str, purpose: str) -> Any:
    """The module of this name. Raises MissingPackage, saying what it is needed for."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.split(".")[0]
        if error.name is not None and error.name.split(".")[0] != package:
            raise  # it is there, and lacks something itself
        raise MissingPackage(
            f"{purpose} needs {package}, which is not installed; Debian: apt-get install "
            f"{_debian[name]}") from None
