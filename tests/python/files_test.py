"""Files that are none, or are damaged, are refused in the program's words; growing ones are read."""
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

import h5py

import apical
import program


def changed(name, change):
    """A copy of a run file, after `change` has been done to it."""
    path = program.FOLDER / name
    shutil.copy(program.rflo(), path)
    change(path)
    return path


def with_attribute(name, value):
    def change(path):
        with h5py.File(path, "r+") as file:
            file.attrs[name] = value
    return change


def without_attribute(path):
    with h5py.File(path, "r+") as file:
        del file.attrs["program"]


class Refused(unittest.TestCase):
    def check_same(self, path, code=65):
        said = program.apical("inspect", path, code=code).removeprefix("apical: ").rstrip()
        with self.assertRaises(apical.ApicalError) as raised:
            apical.open_run(path)
        self.assertEqual(said, str(raised.exception))
        self.assertEqual(code, raised.exception.exit_code)

    def test_files_that_are_no_run_files(self):
        text = program.FOLDER / "text.h5"
        text.write_text("step,loss\n", encoding="utf-8")
        self.check_same(text)
        empty = program.FOLDER / "empty.h5"
        empty.touch()
        self.check_same(empty)
        self.check_same(program.FOLDER)
        self.check_same(program.FOLDER / "nothing.h5", code=66)
        self.check_same(changed("bare.h5", without_attribute))

    def test_files_of_a_later_format(self):
        self.check_same(changed("later.h5", with_attribute("format", 9)))
        with self.assertRaisesRegex(apical.BadFile, "is of format 0; expected 1 to 2, which this version reads"):
            apical.open_run(changed("zero.h5", with_attribute("format", 0)))

    def test_files_that_are_cut_off(self):
        for part in (2, 3):
            self.check_same(changed(f"cut{part}.h5", lambda path, part=part: os.truncate(
                path, os.path.getsize(path) // part)))

    def test_results_of_sweeps_as_runs_and_runs_as_results(self):
        with self.assertRaisesRegex(apical.BadFile, "is the result of a sweep, and no run file; `apical.open_sweep`"):
            apical.open_run(program.sweep_file())
        with self.assertRaisesRegex(apical.BadFile, "is a run file, which `apical.open_run` reads"):
            apical.open_sweep(program.rflo())
        with self.assertRaisesRegex(apical.NoSuchInput, "nothing.h5: cannot be read: No such file"):
            apical.open_sweep(program.FOLDER / "nothing.h5")

    def test_results_of_a_later_format(self):
        path = program.FOLDER / "later_sweep.h5"
        shutil.copy(program.sweep_file(), path)
        with_attribute("format", 2)(path)
        with self.assertRaisesRegex(apical.BadFile, "is of format 2; expected 1, which this version reads"):
            apical.open_sweep(path)

    def test_results_that_lack_a_column(self):
        path = program.FOLDER / "lacking.h5"
        shutil.copy(program.sweep_file(), path)
        with h5py.File(path, "r+") as file:
            del file["jobs/seed"]
        with self.assertRaisesRegex(apical.BadFile, 'no dataset "/jobs/seed"'):
            apical.open_sweep(path)

    def test_texts_that_are_damaged(self):
        for name, text, why in (("resolved", "[[[", "settings are no TOML"), ("audit", "{", "audit is no JSON"),
                                ("audit", "[1]", "audit is no object")):
            with self.subTest(name, text=text), apical.open_run(changed("texts.h5", with_attribute(name, text))) as run:
                with self.assertRaisesRegex(apical.BadFile, f"texts.h5: is damaged: its {why}"):
                    repr(run)

    def test_layouts_that_are_damaged(self):
        def take(name):
            def change(path):
                with h5py.File(path, "r+") as file:
                    del file[name]
                    file[name] = [[1.0, 2.0]]
            return change

        with self.assertRaisesRegex(apical.BadFile, 'is damaged: "/axes/.*/step" is no list of steps'):
            apical.open_run(changed("steps.h5", take("axes/loss+coarse+beginning/step")))
        path = program.FOLDER / "post.h5"
        shutil.copy(program.sparse(), path)
        with h5py.File(path, "r+") as file:
            file["synapses/W_rec/post"][3] = 77
        with self.assertRaisesRegex(apical.BadFile, "names other cells than there are"):
            apical.open_run(path)
        shutil.copy(program.spiking(), path)
        with h5py.File(path, "r+") as file:
            file["spikes/other"] = 3
        with self.assertRaisesRegex(apical.BadFile, '"/spikes/other" lacks times, cells or steps'):
            apical.open_run(path)

    def test_sweeps_that_are_not_gathered_yet(self):
        (program.FOLDER / "early.parts").mkdir()
        with self.assertRaisesRegex(apical.NoSuchInput, "has not been gathered yet, its results lie in .*early.parts"):
            apical.open_sweep(program.FOLDER / "early.h5")

    def test_jobs_that_are_not_there(self):
        sweep = apical.open_sweep(program.sweep_file())
        for ask in (sweep.settings, sweep.run):
            with self.assertRaisesRegex(apical.UsageError, "there is no job 99; there are 12, 0 to 11"):
                ask(99)

    def test_exceptions_are_those_of_python_too(self):
        with self.assertRaises(FileNotFoundError):
            apical.open_run("nothing.h5")
        with self.assertRaises(ValueError):
            apical.open_run(changed("later2.h5", with_attribute("format", 9)))
        with apical.open_run(program.rflo()) as run, self.assertRaises(KeyError) as raised:
            run["los"]
        self.assertNotIn("\\", str(raised.exception))  # the sentence, not its quoted form


class Growing(unittest.TestCase):
    def setUp(self):
        self.path = program.FOLDER / f"{self._testMethodName}.h5"
        words = ["run", "rflo", "-q", "-o", self.path, "--steps", "10_000_000_000", "--set", "record.loss.every=1000",
                 "--set", "record.coarse.every=100_000_000"]
        self.run_ = subprocess.Popen([program.PROGRAM, *map(str, words)], cwd=program.SOURCES,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(self.run_.wait)
        self.addCleanup(self.run_.kill)
        for _ in range(1200):
            time.sleep(0.05)
            if self.path.exists() and self.path.stat().st_size > 100_000 and self.opens():
                return
        self.fail("the run does not begin")

    def opens(self):
        try:
            with apical.open_run(self.path) as run:
                return run.last_step > 0
        except apical.ApicalError:
            return False

    def test_runs_are_read_and_looked_at_again(self):
        with apical.open_run(self.path) as run:
            first = run.last_step
            self.assertTrue(run.goes_on)
            self.assertEqual(-1, run.steps_completed)
            for now in run.follow(0.1):
                self.assertEqual(len(now["loss"].steps), len(now["loss"].values))
                if now.last_step > first:
                    break
            before = run["loss"]
            with h5py.File(self.path, "r", swmr=True) as beside:  # another reader in the same process
                self.assertEqual(before[3], beside["signals/loss"][3])
            self.assertIn("; the run goes on", repr(run))
            self.run_.send_signal(signal.SIGKILL)
            self.run_.wait()
            run.refresh()
            self.assertTrue(run.was_killed)
            self.assertEqual(program.said_json("inspect", self.path)["loss"], run.loss)
            self.assertEqual(len(before), len(before.values))
            self.assertIn("nothing writes it: the run was killed", repr(run))

    def test_a_run_that_is_interrupted_ends_what_follows_it(self):
        with apical.open_run(self.path) as run:
            self.run_.send_signal(signal.SIGINT)
            self.run_.wait()
            last = list(run.follow(0.05))[-1]
            self.assertGreater(last.steps_completed, 0)
            self.assertFalse(last.goes_on or last.was_killed)
            self.assertIn(f"{last.steps_completed} of 10000000000", repr(last))


class Beside(unittest.TestCase):
    def test_other_readers_open_the_file_in_the_same_process(self):
        import xarray
        path = program.rflo()
        with apical.open_run(path) as run, h5py.File(path) as file, \
                xarray.open_dataset(path, group="state/hidden", engine="h5netcdf") as data:
            self.assertEqual(file["signals/loss"][5], run["loss"][5])
            self.assertEqual(float(data.rate[3, 0, 1]), run["hidden.r"][3, 0, 1])
        with h5py.File(path) as file, apical.open_run(pathlib.Path(path)) as run:
            self.assertEqual(file["signals/loss"][5], run["loss"][5])

    def test_a_closed_run_says_so(self):
        run = apical.open_run(program.rflo())
        loss = run["loss"].values
        run.close()
        self.assertEqual(300, len(loss))
        self.assertIn("closed", repr(run))
        with self.assertRaisesRegex(apical.UsageError, "the run was closed"):
            run["loss"].values.sum()


if __name__ == "__main__":
    unittest.main()
