#!/usr/bin/python3
"""Times a feed-forward net of 784-100-10 that learns 28 x 28 images in batches of 20, beside numpy's products of the same equations.

    OPENBLAS_NUM_THREADS=1 bench/batches.py [apical] [images]

Feedback alignment, tanh cells, softmax, one change a batch. Prints the processor's time of an image in both, one thread each, and the ratio. Images are random
bytes. Debian's numpy alone multiplies by a reference BLAS, several times slower than OpenBLAS (libopenblas0, or numpy of pip): the first line says which it is.
"""

import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy

PIXELS, HIDDEN, CLASSES, BATCH, RATE = 784, 100, 10, 20, 1e-3

MODEL = """format = 1
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
[population]
input  = { role = "input" }
label  = { role = "label" }
one    = { role = "constant" }
hidden = { size = 100, activation = "tanh", dendrites = ["feedback"] }
output = { role = "output" }
error  = { role = "error", during = "update" }
[synapses]
W_in  = { from = "input", to = "hidden.soma", during = "forward", init = { normal = "1/sqrt(pre)" } }
b     = { from = "one", to = "hidden.soma", during = "forward", init = { constant = 0.0 } }
W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = "1/sqrt(pre)" } }
b_out = { from = "one", to = "output.soma", during = "forward", init = { constant = 0.0 } }
B_fb  = { from = "error", to = "hidden.feedback", during = "update", init = { normal = "1/sqrt(pre)" } }
[plasticity]
first   = { rule = "feedback_alignment", synapses = ["W_in", "b"], credit = "hidden.feedback", rate = 1e-3, apply = "APPLY" }
readout = { rule = "delta", synapses = ["W_out", "b_out"], rate = 1e-3, apply = "APPLY" }
[batch]
trials = 20
[task]
kind = "mnist"
train_files = ["images.idx", "labels.idx"]
[run]
trials = 100
seed = 1
record_endpoints = false
"""


def write_images(folder, images):
    draws = numpy.random.default_rng(1)
    pixels = draws.integers(0, 256, (images, PIXELS), dtype=numpy.uint8)
    labels = (numpy.arange(images) % CLASSES).astype(numpy.uint8)
    (folder / "images.idx").write_bytes(struct.pack(">4I", 0x803, images, 28, 28) + pixels.tobytes())
    (folder / "labels.idx").write_bytes(struct.pack(">2I", 0x801, images) + labels.tobytes())
    return pixels, labels


def microseconds_of_numpy(pixels, labels, batch):
    """One epoch in batches; the images of a batch are scaled as they are shown."""
    draws = numpy.random.default_rng(2)
    first = draws.normal(size=(PIXELS, HIDDEN)) / numpy.sqrt(PIXELS)
    readout = draws.normal(size=(HIDDEN, CLASSES)) / numpy.sqrt(HIDDEN)
    feedback = draws.normal(size=(CLASSES, HIDDEN)) / numpy.sqrt(CLASSES)
    first_bias, readout_bias = numpy.zeros(HIDDEN), numpy.zeros(CLASSES)
    order = draws.permutation(len(labels))
    began = time.process_time()
    for at in range(0, len(labels), batch):
        chosen = order[at : at + batch]
        x = pixels[chosen] / 255.0
        r = numpy.tanh(x @ first + first_bias)
        v = r @ readout + readout_bias
        y = numpy.exp(v - v.max(axis=1, keepdims=True))
        y /= y.sum(axis=1, keepdims=True)
        error = y
        error[numpy.arange(len(chosen)), labels[chosen]] -= 1.0
        credit = (error @ feedback) * (1.0 - r * r)
        readout -= RATE * (r.T @ error)
        readout_bias -= RATE * error.sum(axis=0)
        first -= RATE * (x.T @ credit)
        first_bias -= RATE * credit.sum(axis=0)
    return (time.process_time() - began) / len(labels) * 1e6


def gigaflops():
    a = numpy.ones((1000, 1000))
    times = []
    for _ in range(2):
        began = time.process_time()
        a @ a
        times.append(time.process_time() - began)
    return 2.0 / min(times)


def seconds_of(program, folder, model, trials):
    began = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "run", model, "-q", "--set", f"run.trials={trials}", "-o", str(folder / "run.h5"), "--force"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime


def microseconds_of_apical(program, folder, apply, images):
    """The slope between two lengths, so that reading the files counts in neither."""
    (folder / "net.toml").write_text(MODEL.replace("APPLY", apply))
    short, long = images // 4 // BATCH * BATCH, images // BATCH * BATCH
    times = [min(seconds_of(program, folder, "net.toml", trials) for _ in range(3)) for trials in (short, long)]
    return (times[1] - times[0]) / (long - short) * 1e6


def main():
    program = str(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "apical").resolve())
    images = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        pixels, labels = write_images(folder, images)
        numpys = min(microseconds_of_numpy(pixels, labels, BATCH) for _ in range(3))
        alone = min(microseconds_of_numpy(pixels, labels, 1) for _ in range(2))
        print(f"numpy {numpy.__version__}, products of 1000 x 1000 at {gigaflops():.1f} GFlop/s")
        print(f"numpy, batches of {BATCH}     {numpys:6.1f} us an image")
        print(f"numpy, image by image   {alone:6.1f} us an image")
        for apply in ("step", "batch"):
            ours = microseconds_of_apical(program, folder, apply, images)
            print(f"apical, apply = {apply:7} {ours:6.1f} us an image, {ours / numpys:.2f} of numpy's batches")


if __name__ == "__main__":
    main()
