"""Addresses are the program's: its short forms, its patterns, its parts of matrices, its messages."""
import unittest

import apical
import program
from apical.io.names import matches, nearest_name


class Addresses(unittest.TestCase):
    def test_paths_and_the_short_form_of_a_voltage_name_the_quantity(self):
        with apical.open_run(program.dni_b()) as run:
            for name in ("hidden.apical.v", "hidden.apical", "/state/hidden/apical/voltage"):
                self.assertEqual("hidden.apical.v", run[name].address)

    def test_a_pattern_names_parts_of_addresses(self):
        with apical.open_run(program.dni_b()) as run:
            voltages = {f"hidden.{one}.v" for one in ("apical", "bootstrap", "feedback", "forecast", "soma")}
            self.assertEqual(voltages, set(run["hidden.*.v"]))
            self.assertEqual(voltages | {"hidden.r"}, set(run["hidden.*"]))  # "hidden.soma" is short for its voltage
            self.assertEqual({"W_in", "W_out", "W_rec"}, set(run["W_*"]))
            self.assertEqual(set(run.find("*")), set(run["*"]))
        with apical.open_run(program.spiking()) as run:
            self.assertEqual({"rec.r", "rec.spikes"}, set(run["rec.*"]))

    def test_a_pattern_names_what_the_program_records_under_it(self):
        everything = program.run_file("rflo", "run.steps=2", 'record={ all = { what = "*" } }',
                                      "run.record_endpoints=false")
        with apical.open_run(everything) as run:
            for pattern in ("hidden.*", "*.r", "eligibility(*)", "W_*", "*.*", "*(*)", "hidden.*.v"):
                only = program.run_file("rflo", "run.steps=2", f'record={{ all = {{ what = "{pattern}" }} }}',
                                        "run.record_endpoints=false")
                with self.subTest(pattern), apical.open_run(only) as some:
                    self.assertEqual(set(some.find("*")), set(run.find(pattern)))

    def test_a_star_stands_for_no_dot_and_no_parenthesis(self):
        self.assertTrue(matches("eligibility(*)", "eligibility(W_rec)"))
        self.assertFalse(matches("*.r", "previous(hidden.r)"))
        self.assertFalse(matches("hidden.*", "hidden.apical.v"))
        self.assertFalse(matches("W*", "W"))
        self.assertTrue(matches("a+b", "a+b"))

    def test_one_that_was_not_recorded_is_refused_in_the_words_of_the_program(self):
        with apical.open_run(program.rflo()) as run:
            for name in ("hidden.rr", "lost", "W_rek", "nothing.like.it"):
                said = program.apical("plot", program.rflo(), name, "-o", program.FOLDER / "x.gp", code=65)
                with self.assertRaises(apical.NotRecorded) as raised:
                    run[name]
                for end in (" recorded are ", " Did you mean "):
                    self.assertEqual(end in said, end in str(raised.exception), name)
                self.assertEqual(said.partition("apical: ")[2].partition("; recorded")[0],
                                 str(raised.exception).partition("; recorded")[0])
                self.assertEqual(said.rstrip().partition(" Did you mean ")[2],
                                 str(raised.exception).partition(" Did you mean ")[2])
                self.assertEqual(name in run, False)

    def test_a_step_that_was_not_sampled_is_refused_with_its_neighbours(self):
        with apical.open_run(program.rflo()) as run:
            with self.assertRaisesRegex(apical.UsageError, "not sampled in step 110; the nearest are step 101 before "
                                                           "it and step 121 after it"):
                run["hidden.r"].at(110)
            with self.assertRaisesRegex(apical.UsageError, 'no phase "updat"; .* Did you mean "update"'):
                run["hidden.r"].at(101, "updat")

    def test_parts_of_matrices_that_are_not_there_are_refused(self):
        with apical.open_run(program.rflo()) as run:
            for part, why in {"W_rec[40, 1]": "has 32 postsynaptic cells, 0 to 31; 40", "loss[1, 2]": "no part of a",
                              "W_rec[a, 1]": "a was asked", "W_rek[1, 2]": "Did you mean", "W_rec[1]": "W_rec"}.items():
                with self.subTest(part), self.assertRaisesRegex(apical.ApicalError, why):
                    run[part]

    def test_what_is_no_text_is_no_address(self):
        with apical.open_run(program.rflo()) as run:
            with self.assertRaisesRegex(TypeError, "3 is no address; expected a text"):
                run[3]
            self.assertNotIn(3, run)
            with self.assertRaises(apical.NotRecorded):
                run.frame("zz*")

    def test_a_dimension_that_is_not_there_is_refused(self):
        with apical.open_run(program.rflo()) as run:
            with self.assertRaisesRegex(apical.UsageError, 'no dimension "cell"; it has step, post, pre'):
                run["W_rec"].cells.tolist()

    def test_the_nearest_name_is_one_swap_away(self):
        self.assertEqual("loss", nearest_name("lsos", ["gate", "loss", "less"]))
        self.assertIsNone(nearest_name("zzzz", ["gate", "loss"]))
        self.assertIsNone(nearest_name("", ["gate"]))

    def test_a_run_is_a_mapping_of_its_addresses(self):
        with apical.open_run(program.spiking()) as run:
            self.assertEqual(list(run), run.addresses)
            self.assertEqual(len(run), len(list(run.items())))
            self.assertIn("rec.spikes", run)
            self.assertNotIn("rec.spike", run)


if __name__ == "__main__":
    unittest.main()
