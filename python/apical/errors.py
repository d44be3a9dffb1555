"""What can go wrong, each with a sentence that says where, what was found and what was expected."""
from __future__ import annotations


class ApicalError(Exception):
    """Wrong input. `exit_code` is what the program would end with."""

    exit_code = 1

    def __str__(self) -> str:  # a KeyError would quote its sentence
        return str(self.args[0]) if self.args else ""


class NoSuchInput(ApicalError, FileNotFoundError):
    """There is no such file, or it cannot be read."""

    exit_code = 66


class BadFile(ApicalError, ValueError):
    """A file that is no run file, or no result of a sweep, or of a later format, or damaged."""

    exit_code = 65


class NotRecorded(ApicalError, KeyError):
    """An address that the file does not have, with the nearest of those that it has."""

    exit_code = 65


class UsageError(ApicalError, ValueError):
    """A step, a cell, a phase or a part that there is not."""

    exit_code = 2


class MissingPackage(ApicalError, ImportError):
    """A Python package that is not installed; the sentence names that of Debian."""

    exit_code = 69
