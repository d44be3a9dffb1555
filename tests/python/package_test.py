"""The package itself: what it imports, what it says without the optional packages, how it is written."""
import ast
import re
import subprocess
import sys
import unittest
from unittest import mock

import apical
import program

SOURCES = sorted((program.SOURCES / "python/apical").rglob("*.py"))


def printed(script, *words):
    """What Python prints, with this package alone on its path."""
    done = subprocess.run([sys.executable, "-B", "-W", "error", "-c", script, *words], capture_output=True, text=True,
                          check=False, env={"PYTHONPATH": str(program.SOURCES / "python"), "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    return done.stdout


class Imports(unittest.TestCase):
    def test_reading_numbers_needs_h5py_and_numpy_alone(self):
        script = ("import apical, sys\nrun = apical.open_run(sys.argv[1])\nrepr(run), run['hidden.r'][3], run.settings\n"
                  "sweep = apical.open_sweep(sys.argv[2])\nrepr(sweep), sweep.conditions\n"
                  "print([one for one in ('pandas', 'xarray', 'matplotlib', 'scipy') if one in sys.modules])")
        self.assertEqual("[]\n", printed(script, program.rflo(), program.sweep_file()))

    def test_a_missing_package_is_named_as_debian_has_it(self):
        sweep = apical.open_sweep(program.sweep_file())
        with apical.open_run(program.rflo()) as run:
            for package, ask in {"pandas": lambda: run.events, "xarray": lambda: run.xarray("loss"),
                                 "matplotlib": lambda: run.plot("loss"), "tomllib": lambda: run.settings}.items():
                hidden = {name: None for name in [*sys.modules, package, f"{package}.pyplot"]
                          if name.partition(".")[0] == package}
                with self.subTest(package), mock.patch.dict(sys.modules, hidden):
                    with self.assertRaisesRegex(apical.MissingPackage, f"needs {package}.*apt-get install python3"):
                        ask()
            with mock.patch.dict(sys.modules, {"pandas": None}), self.assertRaises(ImportError):
                sweep.report()

    def test_the_version_is_that_of_the_program(self):
        said = program.apical("version").split()
        self.assertIn(apical.__version__, said)
        with apical.open_run(program.rflo()) as run:
            self.assertEqual(apical.__version__, run.version)


def functions_of(tree):
    return [one for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))]


class Sources(unittest.TestCase):
    def test_are_short(self):
        self.assertGreater(len(SOURCES), 15)
        for path in SOURCES:
            text = path.read_text(encoding="utf-8")
            with self.subTest(path.name):
                self.assertLessEqual(len(text.splitlines()), 350)
                self.assertLessEqual(max(map(len, text.splitlines()), default=0), 120)
                for one in functions_of(ast.parse(text)):
                    self.assertLessEqual(one.end_lineno - one.lineno + 1, 40, one.name)

    def test_say_types_and_what_is_public(self):
        for path in SOURCES:
            tree = ast.parse(path.read_text(encoding="utf-8"))
            with self.subTest(path.name):
                self.assertTrue(ast.get_docstring(tree))
                public = [one for one in tree.body if isinstance(one, ast.ClassDef) and not one.name.startswith("_")]
                for one in [*public, *functions_of(tree)]:
                    is_inner = any(one in functions_of(outer) and one is not outer for outer in functions_of(tree))
                    if not one.name.startswith("_") and not is_inner:
                        self.assertTrue(ast.get_docstring(one), one.name)
                for one in functions_of(tree):
                    self.assertTrue(one.returns is not None or one.name == "__init__", f"{one.name} says no type")
                    arguments = [*one.args.posonlyargs, *one.args.args, *one.args.kwonlyargs]
                    self.assertEqual([], [a.arg for a in arguments if a.annotation is None and a.arg != "self"], one.name)

    def test_begin_no_sentence_with_a_word_that_leaves_its_subject_open(self):
        for path in SOURCES:
            for line in path.read_text(encoding="utf-8").splitlines():
                self.assertIsNone(re.match(r'\s*(#:? |""")(Of|Those|Likewise|The same) ', line), f"{path.name}: {line}")

    def test_are_installed_with_their_marker_of_types(self):
        self.assertTrue((program.SOURCES / "python/apical/py.typed").exists())


if __name__ == "__main__":
    unittest.main()
