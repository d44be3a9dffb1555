"""Figures have the points, the axes and the names that `apical plot` gives gnuplot."""
import re
import unittest

import matplotlib.pyplot as plt
import numpy as np

import apical
import program
from apical.blocks import readable_block


def script_of(*words):
    """What `apical plot` would draw: the numbers of each curve by its name, and gnuplot's script."""
    path = program.FOLDER / "figure.gp"
    program.apical("plot", *words, "-o", path)
    text = path.read_text(encoding="utf-8")
    curves = {}
    for name, rows in re.findall(r"^\$(\w+) << EOD\n(.*?)^EOD$", text, re.DOTALL | re.MULTILINE):
        curves[name] = np.array([[float(one) for one in row.split()] for row in rows.splitlines() if row])
    return curves, text


class Figures(unittest.TestCase):
    def tearDown(self):
        plt.close("all")


class OfARun(Figures):
    def test_the_loss_has_the_blocks_and_names_of_apical_plot(self):
        curves, script = script_of(program.rflo(), "loss")
        with apical.open_run(program.rflo()) as run:
            axes = run.plot("loss")
        np.testing.assert_allclose(axes.lines[0].get_xydata(), curves["panel1_curve1"], rtol=1e-12)
        self.assertIn(f"set label '{axes.get_title('left')}'", script)
        self.assertIn(f"set label '{axes.get_ylabel()}'", script)
        self.assertIn(f"set xlabel '{axes.get_xlabel()}'", script)
        self.assertEqual("loss, means of 2 steps", axes.get_title("left"))

    def test_chosen_blocks_and_steps_are_those_of_apical_plot(self):
        with apical.open_run(program.rflo()) as run:
            for block, (first, last) in ((7, (1, 300)), (7, (20, 100)), (300, (1, 300)), (1, (5, 9))):
                with self.subTest(block=block, steps=(first, last)):
                    curves, _ = script_of(program.rflo(), "loss", "--block", block, "--steps", f"{first}:{last}")
                    drawn = run.plot("loss", block=block, steps=(first, last)).lines[0].get_xydata()
                    np.testing.assert_allclose(drawn, curves["panel1_curve1"][:, :2], rtol=1e-12)

    def test_vectors_are_curves_of_the_first_four_cells(self):
        curves, script = script_of(program.dni_b(), "recurrent.teaching")
        with apical.open_run(program.dni_b()) as run:
            axes = run.plot("recurrent.teaching")
            some = run.plot("recurrent.teaching", cells=[31, 2])
        self.assertEqual([f"cell {k}" for k in range(4)], [one.get_label() for one in axes.lines])
        for k, line in enumerate(axes.lines):
            self.assertIn(f"'cell {k}'", script)
            drawn = curves[f"panel1_lone{k + 1}"][:, :2]  # steps lie ten apart: points, not curves
            np.testing.assert_allclose(line.get_xydata(), drawn, rtol=1e-12)
        self.assertEqual(["cell 31", "cell 2"], [one.get_label() for one in some.lines])

    def test_traces_hold_each_value_over_its_phase(self):
        curves, script = script_of(program.rflo(), "hidden.r", "--steps", "1:5")
        with apical.open_run(program.rflo()) as run:
            axes = run.plot("hidden.r", steps=(1, 5))
            rates = run["hidden.r"]
            self.assertEqual(rates.at(2, "update")[1], axes.lines[1].get_ydata()[3])
            with self.assertRaisesRegex(apical.UsageError, r"not sampled in every step .* steps=\(1, 50\)"):
                run.plot("hidden.r")
            np.testing.assert_array_equal(rates[1:, 1, 0], run.plot("hidden.r", phase="update").lines[0].get_ydata()[1:])
        np.testing.assert_allclose(axes.lines[0].get_xydata(), curves["panel1_curve1"][:, :2], rtol=1e-12)
        self.assertEqual(("rate r", "time (ms)", "hidden.r"),
                         (axes.get_ylabel(), axes.get_xlabel(), axes.get_title("left")))
        self.assertIn("set label 'rate r'", script)
        self.assertIn("phase update", [one.get_label() for one in axes.patches])

    def test_matrices_are_heat_maps_of_one_step(self):
        _, script = script_of(program.rflo(), "W_rec", "--at", 41)
        with apical.open_run(program.rflo()) as run:
            axes = run.plot("W_rec", at=41)
            np.testing.assert_array_equal(run["W_rec"].at(41), axes.images[0].get_array())
        self.assertEqual("W_rec, step 41", axes.get_title("left"))
        for name in (axes.get_title("left"), axes.get_xlabel(), axes.get_ylabel()):
            self.assertIn(f"'{name}'", script)

    def test_chosen_cells_and_missing_synapses_are_told(self):
        with apical.open_run(program.dni_b()) as run:
            axes = run.plot("W_in")
            self.assertEqual(["0", "3"], [one.get_text() for one in axes.get_yticklabels()])
        with apical.open_run(program.sparse()) as run:
            drawn = run.plot("W_rec").images[0].get_array()
            np.testing.assert_array_equal(np.isnan(run["W_rec"][-1]), drawn.mask)

    def test_evaluations_are_drawn_beside_the_loss(self):
        curves, _ = script_of(program.dni_b(), "loss")
        with apical.open_run(program.dni_b()) as run:
            axes = run.plot("loss")
        self.assertEqual("frozen", axes.lines[1].get_label())
        np.testing.assert_allclose(axes.lines[1].get_xydata(), curves["panel1_curve2"], rtol=1e-12)

    def test_spikes_are_a_raster(self):
        with apical.open_run(program.spiking()) as run:
            axes = run.plot("rec.spikes", steps=(1, 30))
            early = run.spikes["rec"].frame().query("step <= 30")
        np.testing.assert_array_equal(early[["time_ms", "cell"]], axes.lines[0].get_xydata())

    def test_panels_can_be_given(self):
        with apical.open_run(program.rflo()) as run:
            figure, panels = plt.subplots(2)
            self.assertIs(panels[1], run.plot("loss", "W_rec", axes=panels)[1])
            self.assertEqual(3, len(figure.axes))  # and that of the colours
            with self.assertRaisesRegex(apical.UsageError, "axes has 2 panels, and 1 are drawn"):
                run.plot("loss", axes=panels)

    def test_what_cannot_be_drawn_is_refused(self):
        with apical.open_run(program.rflo()) as run:
            for words, choices, why in ((["W_rec[1, 2]"], {}, "no address of one quantity"),
                                        (["hidden.r"], {"phase": "updat"}, 'Did you mean "update"'),
                                        (["hidden.r"], {"phase": "update", "cells": [99]}, "no cell 99"),
                                        (["loss"], {"block": 0}, "block 0"),
                                        (["loss"], {"steps": (900, 950)}, "was not sampled in steps 900 to 950"),
                                        (["W_rec"], {"at": 110}, "not sampled in step 110")):
                with self.subTest(words=words, **choices), self.assertRaisesRegex(apical.UsageError, why):
                    run.plot(*words, **choices)

    def test_blocks_are_readable_numbers(self):
        self.assertEqual([1, 2, 5, 10, 20, 5000], [readable_block(n) for n in (200, 201, 1000, 1001, 2001, 10**6)])


class OfASweep(Figures):
    def test_learning_curves_are_those_of_apical_plot(self):
        curves, script = script_of(program.sweep_file())
        axes = apical.open_sweep(program.sweep_file()).plot()
        for k, line in enumerate(axes.lines[:4]):
            np.testing.assert_allclose(line.get_xydata(), curves[f"panel1_curve{k + 1}"][:, :2], rtol=1e-12)
            self.assertIn(f"'{line.get_label()}'", script)
        bounds = {text.get_text() for text in axes.texts}
        self.assertEqual({"nothing known", "only lag 5 known", "only lag 3 known", "both known (the floor)"}, bounds)

    def test_final_losses_stand_against_a_key(self):
        curves, script = script_of(program.sweep_file(), "--against", "size")
        axes = apical.open_sweep(program.sweep_file()).plot(against="size")
        for k, drawn in enumerate(axes.containers):
            np.testing.assert_allclose(drawn.lines[0].get_xydata(), curves[f"panel1_curve{k + 1}"][:, :2], rtol=1e-12)
        self.assertEqual(("final loss", "population.hidden.size"), (axes.get_ylabel(), axes.get_xlabel()))
        self.assertIn(f"set xlabel '{axes.get_xlabel()}'", script)

    def test_a_key_that_was_not_swept_is_refused(self):
        with self.assertRaisesRegex(apical.UsageError, 'Did you mean "population.hidden.size"'):
            apical.open_sweep(program.sweep_file()).plot(against="population.hidden.sise")


if __name__ == "__main__":
    unittest.main()
