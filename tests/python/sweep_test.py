"""The numbers of a sweep in Python are those of `apical report`, bit for bit, and those in the file."""
import math
import os
import unittest

import h5py
import numpy as np

import apical
import program
from apical.io.report import mean_and_error, short_name, sign_test


def rows_of(table):
    return [{name: None if isinstance(one, float) and math.isnan(one) else one for name, one in row.items()}
            for row in table.to_dict("records")]


class Report(unittest.TestCase):
    def test_has_the_means_and_errors_of_the_program(self):
        sweep = apical.open_sweep(program.sweep_file())
        for frozen in (False, True):
            said = program.said_json("report", program.sweep_file(), "--of", "frozen" if frozen else "learning")
            self.assertEqual(said["losses"], rows_of(sweep.report(frozen=frozen)))

    def test_compares_the_same_conditions_over_the_same_seeds(self):
        sweep = apical.open_sweep(program.sweep_file())
        for frozen in (False, True):
            said = program.said_json("report", program.sweep_file(), "--of", "frozen" if frozen else "learning")
            found = rows_of(sweep.comparisons(frozen=frozen))
            self.assertEqual(len(said["comparisons"]), len(found))
            for one, other in zip(said["comparisons"], found):
                self.assertAlmostEqual(one.pop("p"), other.pop("p"), delta=1e-12)
                self.assertEqual(one, other)

    def test_of_one_seed_has_no_standard_error(self):
        sweep = apical.open_sweep(program.sweep_file("[7]"))
        said = program.said_json("report", program.sweep_file("[7]"))
        self.assertEqual([None] * 4, [one["sem"] for one in said["losses"]])
        self.assertEqual(said["losses"], rows_of(sweep.report()))

    def test_sign_test_is_that_of_fair_coins(self):
        # By enumeration of all ways in which six coins can fall.
        for most in range(3, 7):
            ways = sum(max(bin(coins).count("1"), 6 - bin(coins).count("1")) >= most for coins in range(64))
            self.assertAlmostEqual(ways / 64, sign_test(most, 6), delta=1e-15)
        self.assertEqual(1.0, sign_test(0, 0))

    def test_mean_and_error_are_those_of_the_textbook(self):
        numbers = [0.3, 0.9, 0.45, 0.8]
        mean, sem = mean_and_error(numbers)
        self.assertAlmostEqual(np.mean(numbers), mean, delta=1e-15)
        self.assertAlmostEqual(np.std(numbers, ddof=1) / 2.0, sem, delta=1e-15)
        self.assertTrue(math.isnan(mean_and_error([]).mean))

    def test_names_a_key_by_the_end_that_no_other_has(self):
        keys = ["population.hidden.size", "population.input.size", "plasticity.recurrent.rate"]
        self.assertEqual(["hidden.size", "input.size", "rate"], [short_name(keys, k) for k in range(3)])


class Jobs(unittest.TestCase):
    def test_are_those_of_the_file(self):
        sweep = apical.open_sweep(program.sweep_file())
        with h5py.File(program.sweep_file()) as stored:
            self.assertEqual(12, len(sweep.jobs))
            for name in ("loss", "frozen", "seed", "population.hidden.size"):
                np.testing.assert_array_equal(stored["jobs"][name][()], sweep.jobs[name])
            self.assertEqual(list(stored["jobs/model"].asstr()[()]), sweep.jobs.model.tolist())
            np.testing.assert_array_equal(stored["alignment/recurrent/cosine"][()],
                                          sweep.alignment.query("rule == 'recurrent'").cosine)

    def test_have_a_loss_for_each_model_setting_and_seed(self):
        sweep = apical.open_sweep(program.sweep_file())
        table = sweep.losses()
        self.assertEqual((4, 3), table.shape)
        for row in sweep.jobs.to_dict("records"):
            self.assertEqual(row["loss"], table.loc[("add", row["model"], row["population.hidden.size"]), row["seed"]])

    def test_have_curves(self):
        sweep, curves = apical.open_sweep(program.sweep_file()), apical.open_sweep(program.sweep_file()).curves()
        self.assertEqual(12 * 20, len(curves))
        with h5py.File(program.sweep_file()) as stored:
            np.testing.assert_array_equal(stored["curves/loss"][()].ravel(), curves.loss)
            np.testing.assert_array_equal(stored["curves/step"][()].ravel(), curves.step)
        last = curves[curves.step > 180].groupby(["model", "population.hidden.size", "seed"]).loss.mean()
        for row in sweep.jobs.to_dict("records"):  # the last tenth of the steps are the last two blocks
            self.assertAlmostEqual(row["loss"], last[row["model"], row["population.hidden.size"], row["seed"]],
                                   delta=1e-12)

    def test_have_settings_and_bounds(self):
        sweep = apical.open_sweep(program.sweep_file())
        for job, size in enumerate(sweep.jobs["population.hidden.size"]):
            self.assertEqual(size, sweep.settings(job)["population"]["hidden"]["size"])
        self.assertEqual(8, len(sweep.bounds))  # four of the task, for both models
        self.assertEqual({4}, {len(sweep.bounds_of(one)) for one in sweep.conditions})
        with self.assertRaisesRegex(apical.UsageError, "was not kept"):
            sweep.run(0)

    def test_that_are_kept_open_as_runs(self):
        path = program.FOLDER / "kept.toml"
        path.write_text(f'format = 1\nseeds = [1, 2]\n[set]\nrun.steps = 50\n[model.RFLO]\nfile = "{program.SOURCES}'
                        '/models/rflo.toml"\n[[keep]]\nseed = 2\n', encoding="utf-8")
        program.apical("sweep", path, "-q", "-o", path.with_suffix(".h5"))
        sweep = apical.open_sweep(path.with_suffix(".h5"))
        with sweep.run(1) as run:
            self.assertEqual((2, sweep.jobs.loss[1]), (run.seed, run.loss))
        with self.assertRaisesRegex(apical.UsageError, "no job was evaluated"):
            sweep.report(frozen=True)

    def test_that_diverged_are_counted_and_in_no_mean(self):
        path = program.FOLDER / "diverges.toml"
        path.write_text(f'format = 1\nseeds = [1, 2]\n[set]\nrun.steps = 200\n[model.RFLO]\nfile = "{program.SOURCES}'
                        '/models/rflo.toml"\nset = { task.kind = "mimic" }\n[grid]\n'
                        'plasticity.readout.rate = [1e-3, 1e6]\n', encoding="utf-8")  # linear outputs, much too fast
        program.apical("sweep", path, "-q", "-o", path.with_suffix(".h5"), code=3)
        sweep, said = apical.open_sweep(path.with_suffix(".h5")), program.said_json("report", path.with_suffix(".h5"))
        self.assertEqual([0, 2], [one["failed"] for one in said["losses"]])
        self.assertEqual(said["losses"], rows_of(sweep.report()))
        self.assertIn("2 failed", repr(sweep))
        self.assertEqual(2, sweep.losses().isna().to_numpy().sum())


class Shown(unittest.TestCase):
    def test_in_a_few_lines(self):
        lines = repr(apical.open_sweep(program.sweep_file())).splitlines()
        self.assertEqual(["sweep    Two models", "models   RFLO, DNI(b)", "tasks    add",
                          "swept    population.hidden.size", "jobs     12, of 3 seeds"], lines[:5])
        self.assertTrue(lines[-1].endswith(os.path.basename(program.sweep_file())))


if __name__ == "__main__":
    unittest.main()
