"""Tests what bench/instructions.py says of counts and of where they come from."""
import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

import instructions

DNI, RFLO, BASELINE = ("dni", "x86_64_v3"), ("rflo", "x86_64_v3"), ("rflo", "baseline")
STORED = {DNI: 1000, RFLO: 2000, BASELINE: 5000}


class Comparison(unittest.TestCase):
    def test_equal_counts_pass(self):
        self.assertTrue(instructions.compare(STORED, STORED)[1])

    def test_more_within_the_bound_passes(self):
        self.assertTrue(instructions.compare(STORED, STORED | {DNI: 1005})[1])

    def test_more_than_the_bound_fails_and_names_the_rule(self):
        lines, passed = instructions.compare(STORED, STORED | {DNI: 1006})
        self.assertFalse(passed)
        self.assertEqual([line.split()[:2] for line in lines if "FAILED" in line], [[*DNI]])

    def test_more_with_one_instruction_set_alone_fails(self):
        lines, passed = instructions.compare(STORED, STORED | {BASELINE: 5026})
        self.assertFalse(passed)
        self.assertEqual([line.split()[:2] for line in lines if "FAILED" in line], [[*BASELINE]])

    def test_much_less_passes_and_says_so(self):
        lines, passed = instructions.compare(STORED, STORED | {RFLO: 1900})
        self.assertTrue(passed)
        self.assertEqual([line.split()[:2] for line in lines if "fewer" in line], [[*RFLO]])

    def test_a_rule_that_is_not_stored_or_not_counted_fails(self):
        self.assertFalse(instructions.compare(STORED, STORED | {("new", "baseline"): 1})[1])
        self.assertFalse(instructions.compare(STORED, {DNI: 1000})[1])


class Program(unittest.TestCase):
    def outcome(self, made, counts, *options):
        """Exit code and text of the check of a program that is made so and needs that many instructions."""
        with tempfile.TemporaryDirectory() as folder, \
                contextlib.redirect_stdout(io.StringIO()) as text, \
                mock.patch.object(instructions, "STORED", pathlib.Path(folder) / "stored.csv"), \
                mock.patch.object(instructions, "made_with", lambda program: made), \
                mock.patch.object(instructions, "count", lambda program, overrides: counts), \
                mock.patch.object(sys, "argv", ["instructions.py", "apical", *options]):
            instructions.store(instructions.STORED, "compiler 1, kernels x", STORED)
            code = 0
            try:
                instructions.main()
            except SystemExit as end:
                code = 1 if isinstance(end.code, str) else end.code
            return code, text.getvalue(), instructions.load(instructions.STORED)

    def test_what_is_stored_is_read_again(self):
        self.assertEqual(self.outcome("compiler 1, kernels x", STORED)[::2], (0, ("compiler 1, kernels x", STORED)))

    def test_a_slower_rule_fails(self):
        self.assertEqual(self.outcome("compiler 1, kernels x", STORED | {DNI: 2000})[0], 1)

    def test_counts_of_another_compiler_or_processor_are_not_compared(self):
        for made in ("compiler 2, kernels x", "compiler 1, kernels y"):
            code, text, _ = self.outcome(made, STORED | {DNI: 2000})
            self.assertEqual(code, instructions.CANNOT_COMPARE)
            self.assertIn("cannot compare", text)
            self.assertIn(made, text)

    def test_storing_replaces_counts_and_what_they_are_of(self):
        counts = {DNI: 2000, RFLO: 1}
        self.assertEqual(self.outcome("compiler 2, kernels x", counts, "--store")[::2],
                         (0, ("compiler 2, kernels x", counts)))


if __name__ == "__main__":
    unittest.main()
