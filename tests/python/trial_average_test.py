"""Averages over trials are those of a loop over the rows of a run."""
import unittest

import numpy as np

import apical
import program


def match():
    return program.run_file("delayed_match", "run.trials=30",
                            'record={ all = { what = ["hidden.r", "loss", "window.decision"] } }')


def varying():
    """Trials of lengths that are drawn, with gaps."""
    return program.run_file("delayed_match", "run.trials=20", "trial.gap=3",
                            'record={ all = { what = ["hidden.r"], every = 2 } }')


def by_hand(run, numbers, origin):
    found = {}
    for _, trial in run.trials.iterrows():
        first = int(trial.first_step)
        for step in range(first, first + int(trial.steps)):
            if step in numbers:
                found.setdefault((int(trial.type), step - origin(first)), []).append(numbers[step])
    return found


class Averages(unittest.TestCase):
    def check(self, average, expected, several=True):
        self.assertEqual(int(average["count"].sum()), sum(len(one) for one in expected.values()))
        for (kind, offset), numbers in expected.items():
            at = average.sel(type=kind, offset=offset)
            numbers = np.array(numbers)
            self.assertEqual(len(numbers), int(at["count"]))
            np.testing.assert_allclose(at["mean"], numbers.mean(axis=0), atol=1e-14)
            if len(numbers) > 1:
                several = True
                error = numbers.std(axis=0, ddof=1) / np.sqrt(len(numbers))
                np.testing.assert_allclose(at["sem"], error, atol=1e-14)
            else:
                self.assertTrue(np.isnan(at["sem"]).all())
        self.assertTrue(several)

    def test_are_of_the_steps_since_the_trial_began(self):
        for file in (match, varying):
            with self.subTest(file.__name__), apical.open_run(file()) as run:
                quantity = run["hidden.r"]
                numbers = dict(zip(quantity.steps.tolist(), quantity.values))
                average = apical.trial_average(run, "hidden.r")
                self.assertEqual(("type", "offset", "phase", "cell"), average["mean"].dims)
                self.check(average, by_hand(run, numbers, lambda first: first))

    def test_are_aligned_to_a_window(self):
        with apical.open_run(match()) as run:
            opens = run["window.decision"].steps[run["window.decision"].values > 0]
            numbers = dict(zip(run["loss"].steps.tolist(), run["loss"].values))
            average = apical.trial_average(run, "loss", align="window.decision")
            self.check(average, by_hand(run, numbers, lambda first: int(opens[opens >= first][0])))
            self.assertTrue(np.isnan(average["mean"].sel(offset=-1)).all())  # the loss does not count there
            self.assertTrue((average["mean"].sel(offset=0) > 0).all())

    def test_are_of_the_last_trials_where_these_are_asked_for(self):
        with apical.open_run(match()) as run:
            average = apical.trial_average(run, "hidden.r", last=7)
            self.assertEqual(7, int(average["count"].sel(offset=0).sum()))

    def test_of_spikes_count_them(self):
        file = program.run_file("models/literature/eprop_lif.toml", "run.steps=400", "trial.steps=100",
                                'record={ all = { what = ["rec.spikes", "rec.r"] } }')
        with apical.open_run(file) as run:
            spikes = apical.trial_average(run, "rec.spikes")
            rates = apical.trial_average(run, "rec.r").sel(phase=run.phases[-1])
            self.assertEqual(4, int(spikes["count"].sel(offset=0)[0]))
            total = (spikes["mean"] * spikes["count"]).sum()
            inside = run["rec.spikes"].steps <= 400
            self.assertAlmostEqual(int(inside.sum()), float(total))
            np.testing.assert_allclose(spikes["mean"], rates["mean"])

    def test_need_trials_and_one_quantity(self):
        with apical.open_run(program.rflo()) as run, self.assertRaisesRegex(apical.UsageError, "no trials"):
            apical.trial_average(run, "hidden.r")
        with apical.open_run(match()) as run:
            for address, keys, why in (("hidden.*", {}, "more than one"), ("loss", {"last": 0}, "from 1"),
                                       ("loss", {"align": "hidden.r"}, "no window")):
                with self.assertRaisesRegex(apical.UsageError, why):
                    apical.trial_average(run, address, **keys)
            with self.assertRaises(apical.NotRecorded):
                apical.trial_average(run, "hiden.r")


if __name__ == "__main__":
    unittest.main()
