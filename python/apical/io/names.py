"""Addresses: which a pattern names, and which are near one that is misspelt."""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


def matches(pattern: str, address: str) -> bool:
    """Whether a pattern names this address, as in `what` of [record.*].

    "*" stands for one part of an address or of a name: for any characters, at least one, but ".",
    "(" and ")". "hidden.*" names "hidden.r", "eligibility(*)" names "eligibility(W_rec)"; "*.r" does
    not name "previous(hidden.r)". "*" alone names everything.
    """
    if pattern == "*":
        return True
    parts = [re.escape(part) for part in pattern.split("*")]
    return re.fullmatch("[^.()]+".join(parts), address, re.DOTALL) is not None


def _distance(a: str, b: str) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours cost one (as in the program)."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        now = [i]
        for j in range(1, len(b) + 1):
            change = last[j - 1] + (a[i - 1] != b[j - 1])
            now.append(min(last[j] + 1, now[j - 1] + 1, change))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                now[j] = min(now[j], before[j - 2] + 1)
        before, last = last, now
    return last[len(b)]


def nearest_name(found: str, known: Iterable[str]) -> str | None:
    """The known name nearest to `found` by edit distance; none when none is near enough."""
    longest = 200
    if not found or len(found) > longest:
        return None
    nearest, distance = None, max(2, len(found) // 3)
    for name in known:
        if abs(len(name) - len(found)) > distance:
            continue
        d = _distance(found, name)
        if d > distance or d >= max(len(found), len(name)):
            continue
        if d < distance or nearest is None:
            nearest, distance = name, d
    return nearest


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """' Did you mean "x"?', or an empty text."""
    nearest = nearest_name(found, known)
    return f' Did you mean "{nearest}"?' if nearest else ""


def shortened(text: str) -> str:
    """The text, or its beginning and "..." when it is too long to be quoted."""
    most = 120
    return text if len(text) <= most else text[:most] + "..."


def list_of(names: Sequence[object]) -> str:
    """"a, b, c"."""
    return ", ".join(str(name) for name in names)


def on_one_line(text: str) -> str:
    """The text with "?" in place of what would steer a terminal or begin a new line."""
    return "".join(one if one.isprintable() else "?" for one in text)
