#!/usr/bin/env python3
"""Draws the rooms of the sources and the includes between them (docs/rooms.svg), with Graphviz's dot.

usage: rooms.py [--dot | --check]   (--dot prints what dot is given, --check draws nothing and needs no dot)

With --check it ends with exit code 1 when the drawing has other rooms or arrows than the sources.

The rooms are those of the table in tests/layers_test.cpp. The arrows are the includes of the sources, transitively
reduced: an arrow is left out where a path of other arrows leads to the same room. A floor is one more than the highest
floor that its rooms include, so that every arrow points down.
"""
import html
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
DRAWING = ROOT / "docs/rooms.svg"
TOPS = ("circuits", "learning_rules", "sim")
COLOURS = {"circuits": "#dcebd7", "learning_rules": "#f7e3c4", "sim": "#dde6f3"}


def rooms_of_table():
    """The table's rooms with their sentences, the lowest first."""
    text = (ROOT / "tests/layers_test.cpp").read_text()
    table = text[text.index("rooms = {"):]
    table = table[:table.index("};")]
    return dict(re.findall(r'"([\w/]+)",\s*// (.*)', table))


def includes(rooms):
    """For each room the other rooms that its files include."""
    found = {room: set() for room in rooms}
    for top in TOPS:
        for path in sorted((ROOT / top).rglob("*.?pp")):
            own = str(path.parent.relative_to(ROOT))
            for header in re.findall(r'^#include "([^"]+)"', path.read_text(), re.MULTILINE):
                other = header.rpartition("/")[0]
                if other not in rooms or own not in rooms:
                    sys.exit(f"rooms.py: {path.relative_to(ROOT)} includes {header}; expected rooms of "
                             "tests/layers_test.cpp")
                if other != own:
                    found[own].add(other)
    return found


def reached(room, arrows):
    """All rooms that paths of arrows lead to from this one."""
    seen, ahead = set(), list(arrows[room])
    while ahead:
        one = ahead.pop()
        if one not in seen:
            seen.add(one)
            ahead.extend(arrows[one])
    return seen


def reduced(arrows):
    """The arrows that no path of others stands for."""
    below = {room: reached(room, arrows) for room in arrows}
    return {room: {one for one in others if not any(one in below[other] for other in others)}
            for room, others in arrows.items()}


def floors(rooms, arrows):
    """For each room how many floors are below it. The table has the lowest first."""
    floor = {}
    for room in rooms:
        floor[room] = 1 + max((floor[other] for other in arrows[room]), default=-1)
    return floor


def node(room, sentence):
    fill = COLOURS[room.split("/")[0]]
    return (f'  "{room}" [fillcolor="{fill}", label=<<b>{room}</b><br/>'
            f'<font point-size="9">{sentence}</font>>];')


def dot_text(rooms, arrows):
    """The drawing in Graphviz's language: a rank for each floor."""
    lines = ["digraph rooms {", '  rankdir=TB; nodesep=0.22; ranksep=0.42; newrank=true;',
             '  node [shape=box, style="filled,rounded", color="#5a6470", fontname="Helvetica", fontsize=11, '
             'margin="0.09,0.05"];',
             '  edge [color="#5a6470", arrowsize=0.6];']
    floor = floors(rooms, arrows)
    lines += [node(room, sentence) for room, sentence in rooms.items()]
    for level in range(max(floor.values()) + 1):
        beside = " ".join(f'"{room}";' for room in rooms if floor[room] == level)
        lines.append(f"  {{ rank=same; {beside} }}")
    for room, others in reduced(arrows).items():
        lines += [f'  "{room}" -> "{other}";' for other in sorted(others)]
    return "\n".join(lines + ["}", ""])


def drawn_titles():
    """What the drawing shows: "room" for a room, "room->room" for an arrow."""
    return {html.unescape(title) for title in re.findall("<title>(.*?)</title>", DRAWING.read_text())} - {"rooms"}


def check(rooms, arrows):
    """Ends the program when the drawing is not that of the sources."""
    expected = set(rooms) | {f"{room}->{other}" for room, others in reduced(arrows).items() for other in others}
    missing, obsolete = sorted(expected - drawn_titles()), sorted(drawn_titles() - expected)
    if missing or obsolete:
        sys.exit(f"rooms.py: docs/rooms.svg lacks {', '.join(missing) or 'nothing'} and has {', '.join(obsolete) or 'nothing'} "
                 "that is no more; expected the drawing that scripts/rooms.py makes of these sources")


def main():
    rooms = rooms_of_table()
    arrows = includes(rooms)
    text = dot_text(rooms, arrows)
    if sys.argv[1:] == ["--check"]:
        check(rooms, arrows)
    elif sys.argv[1:] == ["--dot"]:
        print(text, end="")
    elif sys.argv[1:]:
        sys.exit("usage: rooms.py [--dot | --check]")
    else:
        svg = subprocess.run(["dot", "-Tsvg"], input=text, text=True, capture_output=True, check=True).stdout
        DRAWING.write_text("".join(f"{line.rstrip()}\n" for line in svg.splitlines()))
        print(f"docs/rooms.svg: {len(rooms)} rooms on {max(floors(rooms, arrows).values()) + 1} floors, "
              f"{sum(map(len, arrows.values()))} arrows, of which {text.count('->')} are drawn")


if __name__ == "__main__":
    main()
