"""Pages that do not have all that their run has."""
import h5py
import numpy

from page_reading import array, check, folder, rgb, series, text


def thinned(stored, per):
    """The least and the greatest of `per` rows each."""
    groups = [stored[k:k + per] for k in range(0, len(stored), per)]
    return numpy.concatenate([[group.min(axis=0), group.max(axis=0)] for group in groups])


def loses_no_peak(browser, address, steps, stored):
    """Its points from the file's rows, thinned here; returns how many rows two points stand for."""
    segments = browser.value(f"{series(address)}.axis.segments")
    first, wanted, at = 0, [], []
    for one in segments:
        rows = slice(first, first + one["rows"])
        part, part_steps = stored[rows], steps[rows]
        first += one["rows"]
        wanted.append(part if one["per"] == 1 else thinned(part, one["per"]))
        ends = numpy.array([[k, min(k + one["per"], len(part)) - 1] for k in range(0, len(part), one["per"])])
        at.append(part_steps if one["per"] == 1 else part_steps[ends.ravel()])
    check(f"the points of {address} cover its rows", first == len(stored), first)
    wanted = numpy.concatenate(wanted).astype("f4").ravel()
    check("and are the least and the greatest of rows", numpy.array_equal(array(browser, f"{series(address)}.values"), wanted))
    check("each at its steps", numpy.array_equal(array(browser, f"{series(address)}.axis.steps"), numpy.concatenate(at)))
    return max(one["per"] for one in segments)


def thins(browser):
    file = h5py.File(folder + "little.h5")
    loss, voltage = file["signals/loss"], file["state/hidden/apical/voltage"]
    check("rows of the loss are thinned", loses_no_peak(browser, "loss", numpy.arange(1, 2001), loss[:]) > 1)
    cell = browser.value("[cells.known[0], cells.known.at(-1) + 1]")
    check("there are fewer cells", 0 <= cell[0] < cell[1] < 32, cell)
    check("which is said", f"Of up to 32 cells the page has 0 to {cell[1] - 1}" in text(browser, "#chosen-text"))
    steps = file["axes/coarse+end/step"][:]
    per = loses_no_peak(browser, "hidden.apical.v", steps, voltage[:, :, cell[0]:cell[1]])
    check("rows are thinned", per > 1, per)
    note = f"Two points are the least and the greatest of {per} recorded rows."
    check("a chart says so", text(browser, "#cell-charts .chart .caption") == note, text(browser, "#cell-charts .chart .caption"))
    ys = array(browser, f"pointsOf(line({series('hidden.apical.v')}, -1, 0), 0, 2000, 50).y")
    # Every other step was sampled: with a gap between any two.
    check("nor does a narrow chart lose a peak",
          len(ys) <= 104 and numpy.isnan(ys).any() and [numpy.nanmin(ys), numpy.nanmax(ys)] == [voltage[:, :, 0].astype("f4").min(), voltage[:, :, 0].astype("f4").max()])

    means = loss[:].reshape(200, 10).mean(axis=1)
    drawn = numpy.array(browser.value("(({x, y}) => [Array.from(x), Array.from(y)])(meansOf("
                                      f"line({series('loss')}, -1, 0, 'loss'), 0, 2000))"))
    check("the loss is drawn as means over all rows", numpy.allclose(drawn[1], means, rtol=1e-6), drawn[1][:3])
    check("each in the middle of its block", numpy.array_equal(drawn[0], numpy.arange(200) * 10 + 5.5), drawn[0][:3])
    check("which the chart says", text(browser, "#loss .caption") == "Means of 10 recorded rows; zoom in for each.",
          text(browser, "#loss .caption"))
    browser.run("show(1985, 1995)")
    browser.drawn()
    check("where all rows are there, no note says that they are not",
          [text(browser, css) for css in ("#cell-charts .chart .caption", "#loss .caption")] == ["", ""])

    browser.run("showAll()")
    browser.drawn()
    points, width, colour = browser.value("((chart) => [chart.graph.numRows(), chart.graph.getOption('strokeWidth', 'cell 0'), "
                                          "chart.graph.getOption('color', 'cell 0')])(cells.charts.find((one) => one.heading.textContent.startsWith('hidden.apical.v')))")
    check("lines of many points are thin, and those below shine through",
          points > 600 and width < 1 and int(colour[7:], 16) < 128, points, width, colour)
    check("the legend has their full colour", browser.value("document.querySelector('#cell-charts .legend b').style.color") ==
          f"rgb({', '.join(map(str, rgb(browser, 'c0')))})")
    return per


def says_what_it_left_out(browser, per):
    file = h5py.File(folder + "little.h5")
    # coarse: every other of 2000 steps; beginning: 1 to 20; end: 1951 to 2000.
    said = text(browser, "#timeline-text")
    check("all steps that were sampled by phase are counted, each once", "; 1,035 steps were" in said, said)
    moments = browser.value("synapses.one.moments")
    check("rows of a matrix are left out", 2 <= moments < 71, moments)
    about = text(browser, "#thinned")
    count = len(file["events"])
    here = browser.value("run.events.here")
    for sentence in (f"W_rec in {moments} of 71 recorded rows", f"the least and the greatest of {per} rows each",
                     f"Of {count} events the first and the last, {here}."):
        check("what was thinned is said", sentence in about, sentence, about)
    browser.run("showOne(2000)")
    browser.drawn()
    last = [kind.decode() for time, kind, _ in file["events"][:].tolist() if time >= 19990]
    last = last[last.index("step end") + 1:]
    check("the last events are there", browser.value("[...document.querySelectorAll('#events tbody tr')].map((row) => "
                                                     "row.cells[2].textContent)") == last, last)
    browser.run("show(15, 1960)")
    browser.drawn()
    check("between the first and the last events it says that some are missing", text(browser, "#events-text").endswith(
        f"; of the {count} of the run the page has the first and the last, {here}"), text(browser, "#events-text"))


def shows_a_failed_run(browser):
    check("it says why the run failed", text(browser, "#failure") == "The run failed: step 251: hidden.apical.v is inf" and
          browser.value("byId('failure').checkVisibility()"), text(browser, "#failure"))
    check("and how far it came", text(browser, "#facts dd") == "250 of 300; then the run failed", text(browser, "#facts dd"))
    where = array(browser, f"{series('loss')}.values").tolist()
    check("what no float holds is a gap", [k for k, one in enumerate(where) if one != one] == [5, 7])
    note = "2 recorded numbers are beyond ±3.4e38, or infinite: a gap here."
    check("which the chart says", text(browser, "#loss .caption") == note, text(browser, "#loss .caption"))
    about = text(browser, "#thinned")
    check("and the page", all(one in about for one in ("loss: 2", "hidden.apical.v: 1", "numbers beyond")), about)
    colour = rgb(browser, "c0").tolist()
    drawn = browser.value(f"""[...document.querySelectorAll("#loss canvas")].reduce((sum, canvas) => {{
        const paint = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {{willReadFrequently: true}});
        paint.drawImage(canvas, 0, 0);
        const data = paint.getImageData(0, 0, canvas.width, canvas.height).data;
        for (let k = 0; k < data.length; k += 4) sum += {colour}.every((one, c) => data[k + c] === one);
        return sum;
    }}, 0)""")
    check("the others are drawn", drawn > 100, drawn)
