"""What docs/python.md says that Python and the program print is what they print."""
import contextlib
import doctest
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import matplotlib.pyplot as plt

import program

PAGE = program.SOURCES / "docs/python.md"


def blocks_of(text):
    """(language, lines) of each block of a page."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands_of(body):
    """(command, lines that it prints) of a block."""
    parts = re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]
    return [(one.partition("\n")[0], one.partition("\n")[2]) for one in parts]


class Page(unittest.TestCase):
    def test_prints_what_it_says(self):
        said = doctest.OutputChecker()
        examples, commands = 0, 0
        names = {}
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
            os.symlink(program.PROGRAM, "apical")
            os.symlink(program.SOURCES / "models", "models")
            for language, body in blocks_of(PAGE.read_text(encoding="utf-8")):
                if language == "toml":
                    pathlib.Path(body.split()[1]).write_text(body, encoding="utf-8")
                for command, lines in commands_of(body) if language == "" else []:
                    done = subprocess.run(["/bin/bash", "-c", command], capture_output=True, text=True, check=False)
                    self.assertEqual((0, lines), (done.returncode, done.stdout), f"{command}\n{done.stderr}")
                    commands += 1
                if language == "python" and body.startswith(">>>"):
                    examples += self.check(body, names, said)
        plt.close("all")
        self.assertGreaterEqual((examples, commands), (30, 3))

    def check(self, body, names, checker):
        test = doctest.DocTestParser().get_doctest(body, names, "docs/python.md", str(PAGE), 0)
        runner = doctest.DocTestRunner(checker, optionflags=doctest.ELLIPSIS)
        report = []
        runner.run(test, out=report.append, clear_globs=False)
        names.update(test.globs)
        self.assertEqual([], report, "".join(report))
        return len(test.examples)


if __name__ == "__main__":
    unittest.main()
