#!/usr/bin/env python3
"""What the audit finds in the circuits of the literature, as the tables of docs/literature/audit.md.

    scripts/literature_audit.py [--apical ./apical]
"""
import argparse
import json
import os
import subprocess

from literature_page import WORDS

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models", "literature")
CRITERIA = ["online", "i", "ii", "iii", "iv", "v", "vi"]


def line_of(finding):
    """The line of the listing, without its columns."""
    words = finding["evidence"].split()
    more = finding["further_operations"]
    return f"`{' '.join(words[2:])[:90]}` ({words[0]}{f' and {more} more' if more else ''})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--apical", default="./apical")
    asked = parser.parse_args()
    files = sorted(os.path.join(FOLDER, name) for name in os.listdir(FOLDER) if name.endswith(".toml"))
    found = json.loads(subprocess.run([asked.apical, "audit", *files, "--json"], capture_output=True, text=True).stdout)["models"]
    kinds = [kind for kind in WORDS if any(one["criterion"] == kind for model in found for one in model["beyond"])]
    print("| circuit | " + " | ".join(CRITERIA) + " | " + " | ".join(WORDS[kind] for kind in kinds) + " |")
    print("|---" * (1 + len(CRITERIA) + len(kinds)) + "|")
    for model in found:
        name = os.path.basename(model["model"])[:-5]
        count = [sum(one["criterion"] == kind for one in model["beyond"]) for kind in kinds]
        print(f"| `{name}` | " + " | ".join("" if model["criteria"][one] else "**fails**" for one in CRITERIA) + " | " +
              " | ".join(str(one) if one else "" for one in count) + " |")
    print("\n| circuit | criterion | finding | line | what would mend it |\n|---|---|---|---|---|")
    for model in found:
        name = os.path.basename(model["model"])[:-5]
        for one in model["findings"]:
            print(f"| `{name}` | {one['column']} | {one['because']} | {line_of(one)} | {one['to_mend']} |")
    print("\n| circuit | beyond the paper | the first finding of its kind | line | what would mend it |\n|---|---|---|---|---|")
    for model in found:
        name = os.path.basename(model["model"])[:-5]
        for kind in kinds:
            all_of = [one for one in model["beyond"] if one["criterion"] == kind]
            if all_of:
                print(f"| `{name}` | {WORDS[kind]}, {len(all_of)} | {all_of[0]['because']} | {line_of(all_of[0])} | {all_of[0]['to_mend']} |")


if __name__ == "__main__":
    main()
