"""Opens HDF5 files that may be growing, and says why one cannot be opened."""
from __future__ import annotations

import os
import stat
import struct
from typing import Any

import h5py
import numpy as np

from apical.errors import BadFile, NoSuchInput
from apical.io.names import on_one_line

_signature = b"\x89HDF\r\n\x1a\n"


def reject(path: str, why: str) -> BadFile:
    """What is raised of a file, with its name."""
    return BadFile(on_one_line(f"{path}: {why}"))


def is_being_written(path: str) -> bool:
    """Whether the run of this file goes on: its program holds a lock of the whole file.

    False where the lock cannot be seen: of a run on another machine, on a network file system
    without locks, or outside of Linux.
    """
    try:
        import fcntl
        ask = fcntl.F_OFD_GETLK
    except (ImportError, AttributeError):
        return False
    lock = struct.Struct("@hhqqi0q")  # l_type, l_whence, l_start, l_len, l_pid
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        wanted = lock.pack(fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
        return lock.unpack(fcntl.fcntl(descriptor, ask, wanted))[0] != fcntl.F_UNLCK
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _why_not_opened(path: str) -> str:
    size = os.path.getsize(path)
    if size == 0:
        return "is empty"
    with open(path, "rb") as file:
        head = file.read(36)
    is_ours = head.startswith(_signature + b"\x03\x08\x08") and len(head) == 36
    if is_ours:  # the superblock of a run file
        end = int.from_bytes(head[28:36], "little")
        if end > size:
            return f"is cut off: it has {size} bytes, and says that it has {end}"
        if head[11] & 1 and not head[11] & 4:
            return ("is open for writing in another program, or was left so by one that was killed; "
                    f"then `h5clear -s {os.path.basename(path)}` mends it (`apical recover` a run file)")
    return f"is not an HDF5 file, or it is damaged; it has {size} bytes"


def _check_readable(path: str, what: str) -> None:
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISREG(mode):
            with open(path, "rb"):
                return
    except OSError as error:
        raise NoSuchInput(on_one_line(f"{path}: cannot be read: {error.strerror}")) from None
    kind = "a folder" if stat.S_ISDIR(mode) else "no ordinary file"
    raise reject(path, f"is {kind}, and no {what}")


def open_hdf5(path: str, what: str) -> h5py.File:
    """Opens a file for reading, also one that a run appends to. `what` it should be: "run file".

    A file of a run that goes on or was killed is opened as HDF5's readers follow a writer (SWMR), which
    locks nothing for longer than it takes. All others are opened through another driver than h5py's own:
    HDF5 then takes the file for another one, so that whoever opens it in the same process with other
    settings (h5py, xarray) is not refused, and no lock keeps a program from resuming the run.
    Raises NoSuchInput, or BadFile with the reason.
    """
    _check_readable(path, what)
    attempts: list[dict[str, Any]] = [{"driver": "stdio", "locking": False}, {"swmr": True},
                                      {"swmr": True, "locking": False}, {}]
    for how in attempts:
        try:
            return h5py.File(path, "r", **how)
        except (OSError, TypeError, ValueError, RuntimeError):
            pass
    raise reject(path, _why_not_opened(path))


def _one(value: Any) -> Any:
    """An attribute of one number or text; none where it is of several."""
    if isinstance(value, np.ndarray):
        return value.reshape(-1)[0] if value.size == 1 else None
    return value


def text_in(attributes: h5py.AttributeManager, name: str) -> str:
    """A text among attributes; empty when there is none of that name."""
    value = _one(attributes.get(name))
    if isinstance(value, bytes):
        return value.split(b"\0")[0].decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def integer_in(attributes: h5py.AttributeManager, name: str, otherwise: int) -> int:
    """A whole number among attributes."""
    value = _one(attributes.get(name))
    return int(value) if isinstance(value, (int, np.integer)) else otherwise


def number_in(attributes: h5py.AttributeManager, name: str) -> float:
    """A number among attributes; not a number when there is none of that name."""
    value = _one(attributes.get(name))
    return float(value) if isinstance(value, (int, float, np.number)) else float("nan")


def texts_of(data: h5py.Dataset) -> list[str]:
    """The texts of a dataset of one dimension."""
    return [one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in data[()]]
