"""What a run is in Python is what h5py reads of it and what the program says of it."""
import json
import math
import shutil
import unittest

import h5py
import numpy as np

import apical
import program


def shared(lines):
    """The lines of an overview by their first word, those before what is recorded."""
    words = [line.split() for line in lines.partition("\nsampled in")[0].splitlines()]
    return {line[0]: " ".join(line[1:]) for line in words if line}


class EveryRun(unittest.TestCase):
    FILES = (program.rflo, program.dni_b, program.sparse, program.spiking, program.settling, program.trials)

    def test_has_the_quantities_axes_and_phases_that_inspect_lists(self):
        for file in self.FILES:
            with self.subTest(file.__name__), apical.open_run(file()) as run:
                said = program.said_json("inspect", file())
                self.assertEqual({one["address"] for one in said["quantities"]}, set(run.find("*")))
                for one in said["quantities"]:
                    found = run[one["address"]]
                    self.assertEqual([one[name] for name in ("path", "units", "long_name", "symbol", "axis")],
                                     [found.path, found.units, found.long_name, found.symbol, found.axis.name])
                    self.assertEqual(tuple(one["shape"]), found.shape)
                    self.assertEqual(found.shape, found.values.shape)
                    self.assertEqual(one["by_phase"], "phase" in found.dims)
                self.assertEqual([(one["name"], one["rows"], one["first"], one["last"]) for one in said["axes"]],
                                 [(one.name, one.rows, one.first, one.last) for one in run.axes.values()])
                self.assertEqual(said["phases"], run.phases)
                self.assertEqual(said["events"], len(run.events))

    def test_came_to_the_loss_that_inspect_prints(self):
        for file in self.FILES:
            with self.subTest(file.__name__), apical.open_run(file()) as run:
                said = program.said_json("inspect", file())
                self.assertEqual((said["loss"], said["loss_steps"], said["loss_rows"]), tuple(run.headline))
                self.assertEqual((said["title"], said["seed"], said["steps_completed"], said["last_step"]),
                                 (run.title, run.seed, run.steps_completed, run.last_step))

    def test_is_shown_in_the_words_of_inspect(self):
        for file in self.FILES:
            with self.subTest(file.__name__), apical.open_run(file()) as run:
                said, shown = shared(program.apical("inspect", file())), shared(repr(run))
                for name in ("model", "seed", "steps", "loss", "frozen", "audit"):
                    self.assertEqual(said.get(name), shown.get(name), name)

    def test_has_the_numbers_that_h5py_reads(self):
        for file in self.FILES:
            with self.subTest(file.__name__), apical.open_run(file()) as run, h5py.File(file()) as stored:
                for found in run.find("*").values():
                    np.testing.assert_array_equal(stored[found.path][()], found.stored)


class Numbers(unittest.TestCase):
    def test_of_a_step_are_those_of_inspect(self):
        with apical.open_run(program.rflo()) as run:
            said = program.said_json("inspect", program.rflo(), "--at", 41, "--cells", "1:3")
            hidden = [one for one in said["phases"][0]["numbers"] if one.startswith("hidden.")]
            self.assertIn("hidden.r", hidden)
            for phase in said["phases"]:
                for address in hidden:
                    self.assertEqual(phase["numbers"][address], list(run[address].at(41, phase["name"])[1:3]))
            self.assertEqual(said["once_a_step"]["loss"][0], run["loss"].at(41))

    def test_of_one_synapse_are_those_of_inspect(self):
        with apical.open_run(program.rflo()) as run:
            said = program.said_json("inspect", program.rflo(), "W_rec[3, 17]")
            self.assertEqual(said["steps"], run["W_rec"].steps.tolist())
            numbers = next(one for name, one in said.items() if isinstance(one, list) and isinstance(one[0], float))
            np.testing.assert_array_equal(numbers, run["W_rec[3, 17]"])

    def test_of_a_part_of_a_matrix_are_those_of_inspect(self):
        for file, step in ((program.rflo, 41), (program.sparse, 11)):
            with apical.open_run(file()) as run:
                said = program.said_json("inspect", file(), "W_rec[0:6, 4:8]", "--at", step)["rows"]
                part = run["W_rec[0:6, 4:8]"][run["W_rec"].row_of(step)]
                np.testing.assert_array_equal(np.array(said, dtype=float), part)  # null is NaN

    def test_of_missing_synapses_are_none(self):
        with apical.open_run(program.sparse()) as run:
            weights = run["W_rec"]
            post, pre = weights.synapses
            self.assertEqual(weights.stored.shape, (len(weights), len(post)))
            np.testing.assert_array_equal(weights.values[:, post, pre], weights.stored)
            self.assertEqual(np.sum(~np.isnan(weights.values)), weights.stored.size)
            self.assertIsNone(run["loss"].synapses)

    def test_of_very_many_pairs_of_cells_have_one_for_each_synapse(self):
        path = program.FOLDER / "pairs.h5"
        shutil.copy(program.sparse(), path)
        with h5py.File(path, "r+") as file:
            file["synapses/W_rec/strength"].attrs.update(post_cells=20000, pre_cells=20000)
        said = next(one for one in program.said_json("inspect", path)["quantities"] if one["address"] == "W_rec")
        with apical.open_run(path) as run:
            weights = run["W_rec"]
            self.assertEqual((("step", "synapse"), tuple(said["shape"])), (weights.dims, weights.shape))
            np.testing.assert_array_equal(weights.stored, weights.values)
            np.testing.assert_array_equal(weights.synapses[1], run.xarray("W_rec").pre)
            np.testing.assert_array_equal(weights.synapses[0], run.xarray("W_rec").post)

    def test_of_some_rows_are_those_of_all(self):
        for file, address in ((program.rflo, "hidden.r"), (program.sparse, "W_rec")):
            with apical.open_run(file()) as run:
                quantity, values = run[address], run[address].values
                for key in (0, -1, slice(1, 5), slice(None, None, 2), slice(4, 2), (2, 1), (-2, slice(1), 1), (..., 0),
                            [0, 3], np.arange(len(values)) % 2 == 0, (slice(2), 0, [1, 2])):
                    with self.subTest(address=address, key=key):
                        np.testing.assert_array_equal(values[key], quantity[key])
                np.testing.assert_array_equal(values, np.asarray(quantity))
                with self.assertRaisesRegex(IndexError, f'"{address}" has {len(values)} rows; row 999 was'):
                    quantity[999]

    def test_have_steps_phases_and_times(self):
        with apical.open_run(program.rflo()) as run:
            rates = run["hidden.r"]
            self.assertEqual(("step", "phase", "cell"), rates.dims)
            self.assertEqual((0, 1, 300), (rates.steps[0], rates.start_rows, rates.steps[-1]))
            self.assertEqual(["forward", "update"], rates.phases)
            np.testing.assert_allclose(rates.times_ms[1:, 1], 10.0 * rates.steps[1:], rtol=1e-12)  # steps of 10 ms
            np.testing.assert_array_equal(np.arange(32), rates.cells)
            self.assertIsNone(run["loss"].times_ms)
            self.assertEqual([], run["loss"].phases)

    def test_of_chosen_cells_say_which(self):
        with apical.open_run(program.dni_b()) as run:
            weights = run["W_in"]
            self.assertEqual(([0, 3], [0, 1]), (weights.post.tolist(), weights.pre.tolist()))
            np.testing.assert_array_equal(weights.values[:, 1, 0], run["W_in[3, 0]"])
            labelled = run.xarray("W_in").sel(step=120, post=3, pre=1)
            self.assertEqual(weights[-1, 1, 1], float(labelled))

    def test_of_iterations_are_a_row_each(self):
        with apical.open_run(program.settling()) as run:
            rates = run["iterations(e1.r)"]
            self.assertEqual(("step", "iteration", "cell"), rates.dims)
            self.assertEqual(run.iterations, rates.phases)
            last = max(k for k, phase in enumerate(rates.phases) if phase == rates.phases[-1])
            np.testing.assert_array_equal(rates[1:, last], run["e1.r"][1:, -1])  # the end of the last phase
            self.assertEqual(rates.phases, run.xarray("iterations(e1.r)").coords["phase"].values.tolist())

    def test_with_labels_are_the_same(self):
        with apical.open_run(program.rflo()) as run:
            labelled = run.xarray("hidden.r")
            np.testing.assert_array_equal(run["hidden.r"].values, labelled.values)
            np.testing.assert_array_equal(run["hidden.r"].at(41, "update"), labelled.sel(step=41, phase="update"))
            self.assertEqual(410.0, float(labelled.time_ms.sel(step=41, phase="update")))
            self.assertEqual(("nats", "loss"), (run.xarray("loss").attrs["units"], run.xarray("loss").name))


class WhatWasRun(unittest.TestCase):
    def test_the_model_is_the_files_text_and_its_settings_are_all(self):
        with apical.open_run(program.rflo()) as run:
            self.assertEqual((program.SOURCES / "models/rflo.toml").read_text(encoding="utf-8"), run.model)
            self.assertEqual(300, run.settings["run"]["steps"])
            self.assertEqual(32, run.settings["population"]["hidden"]["size"])
            self.assertIn("hidden.r = ", run.program)

    def test_the_audit_is_that_of_the_program(self):
        with apical.open_run(program.rflo()) as run:
            said = program.said_json("audit", "rflo")["models"][0]
            self.assertEqual(said["criteria"], run.audit["criteria"])
            self.assertEqual([one["subject"] for one in said["findings"] + said["beyond"]], run.findings.subject.tolist())
            self.assertTrue(run.passes)
        with apical.open_run(program.spiking()) as run:
            self.assertEqual((False, "fails the paper's criteria"), (run.passes, run.verdict))


class Tables(unittest.TestCase):
    def test_spikes_are_those_of_the_file(self):
        with apical.open_run(program.spiking()) as run, h5py.File(program.spiking()) as stored:
            spikes, said = run["rec.spikes"], program.said_json("inspect", program.spiking())["spikes"][0]
            self.assertEqual((said["rows"], said["cells"]), (len(spikes), spikes.cell_count))
            np.testing.assert_array_equal(stored["/spikes/rec/timestamps"][()], spikes.frame().time_ms)
            np.testing.assert_array_equal(stored["/spikes/rec/node_ids"][()], spikes.frame().cell)
            self.assertEqual(len(spikes), sum(len(train) for train in spikes.trains()))
            self.assertEqual([len(train) for train in spikes.trains()], spikes.counts().tolist())

    def test_trials_are_those_of_inspect(self):
        with apical.open_run(program.trials()) as run:
            self.assertEqual([1, 2], run.trials.index.tolist())
            for number in run.trials.index:
                said = program.said_json("inspect", program.trials(), "--trial", number)
                self.assertEqual(said, {"trial": number, **run.trials.loc[number].to_dict()})

    def test_trials_have_a_row_each_whatever_else_is_recorded_of_them(self):
        for what in ('"trial.loss"', '"trial.*"'):
            further = "record.further={ what = " + what + ", every = 7 }"
            with apical.open_run(program.trials(further)) as run, apical.open_run(program.trials()) as plain:
                self.assertTrue(run.trials.equals(plain.trials), what)

    def test_runs_without_trials_spikes_or_evaluations_have_empty_tables(self):
        with apical.open_run(program.rflo()) as run:
            self.assertEqual((0, 0, {}, None), (len(run.trials), len(run.evaluation), run.spikes, run.frozen))

    def test_evaluations_are_a_row_each(self):
        with apical.open_run(program.dni_b()) as run, h5py.File(program.dni_b()) as stored:
            self.assertEqual([0, 40, 80, 120], run.evaluation.index.tolist())
            np.testing.assert_array_equal(stored["/evaluation/error_percent"][()], run.evaluation.error_percent)
            self.assertEqual(stored["/evaluation/loss"][-1], run.frozen.loss)
            self.assertEqual((4, 2, 2), run["evaluation.confusion"].shape)

    def test_events_are_in_the_order_of_time(self):
        with apical.open_run(program.trials()) as run:
            self.assertEqual(("input", 0.0), (run.events.kind[0], run.events.time_ms[0]))
            self.assertTrue((run.events.time_ms.diff().dropna() >= 0).all())
            self.assertIn("forward", set(run.events.target))

    def test_numbers_and_vectors_are_columns(self):
        with apical.open_run(program.dni_b()) as run:
            table = run.frame("loss", "recurrent.teaching")
            self.assertEqual(33, len(table.columns))
            self.assertEqual(run["recurrent.teaching"].at(41)[5], table.loc[41, "recurrent.teaching[5]"])
            self.assertEqual(run["loss"].at(120), table.loc[120, "loss"])
            self.assertTrue(math.isnan(table.loc[42, "recurrent.teaching[5]"]))
            with self.assertRaisesRegex(apical.UsageError, "expected xarray"):
                run.frame("hidden.r")


class OldFiles(unittest.TestCase):
    def test_of_format_1_are_read(self):
        for path in sorted((program.SOURCES / "tests/data/format_1").glob("*.h5")):
            with self.subTest(path.name), apical.open_run(path) as run:
                said = program.said_json("inspect", path)
                self.assertEqual({one["address"] for one in said["quantities"]}, set(run.find("*")))
                self.assertEqual((said["loss"], said["loss_steps"]), (run.loss, run.headline.steps))
                for one in said["quantities"]:
                    self.assertEqual(tuple(one["shape"]), run[one["address"]].values.shape)
                self.assertEqual(json.loads(json.dumps(run.audit)), run.audit)


if __name__ == "__main__":
    unittest.main()
