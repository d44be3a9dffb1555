"""Texts of files that say more than text: settings and audits."""
from __future__ import annotations

import json
from typing import Any

from apical import packages
from apical.io.hdf5_file import reject


def settings_of(path: str, text: str) -> dict[str, Any]:
    """A resolved model as a dict. Raises BadFile where it is no TOML."""
    toml = packages.load("tomllib", "settings")
    try:
        return toml.loads(text)
    except toml.TOMLDecodeError as error:
        raise reject(path, f"is damaged: its settings are no TOML ({error})") from None


def audit_of(path: str, text: str) -> dict[str, Any]:
    """An audit as a dict; empty of an empty text. Raises BadFile where it is no JSON of an object."""
    try:
        found = json.loads(text or "{}")
    except ValueError as error:
        raise reject(path, f"is damaged: its audit is no JSON ({error})") from None
    if not isinstance(found, dict):
        raise reject(path, "is damaged: its audit is no object of JSON")
    return found
