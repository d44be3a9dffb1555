"""page_test.py FOLDER: what the pages of runs do in one browser. Says what does not hold, and fails then.

    run     all recorded rows are in the page
    bare    nothing was recorded by phase
    little  made with little room, so that rows are thinned, matrices and events left out
    lost    a run that failed, with numbers that no float holds
    killed  a run of which nothing says how it ended, and nothing writes it
    growing the same, while something writes it
"""
import sys

import h5py
import numpy

from browser import Browser

folder = sys.argv[1] + "/"
run = h5py.File(folder + "run.h5")
failures = 0


def check(sentence, holds, *seen):
    global failures
    if holds:
        return
    failures += 1
    print("does not hold:", sentence, *seen)


def window(browser):
    return browser.value("[shown.from, shown.to]")


def text(browser, css):
    return browser.value(f"document.querySelector('{css}').textContent")


def rgb(browser, name):
    """A colour of the theme."""
    code = browser.value(f"theme('{name}')")
    return numpy.array([int(code[k:k + 2], 16) for k in (1, 3, 5)])


def pixels(browser, css, at):
    """Colours of a canvas, read from a copy so that it stays where it is fast."""
    return browser.value(f"""((canvas, at) => {{
        const paint = new OffscreenCanvas(1, 1).getContext("2d", {{willReadFrequently: true}});
        return at.map(([x, y]) => {{
            paint.globalCompositeOperation = "copy";
            paint.drawImage(canvas, -x, -y);
            return Array.from(paint.getImageData(0, 0, 1, 1).data.slice(0, 3));
        }});
    }})(document.querySelector('{css}'), {[[int(x), int(y)] for x, y in at]})""")


def series(address):
    return f"run.series.find((one) => one.address === '{address}')"


def array(browser, expression):
    """As floats; what JSON has no number for is none."""
    return numpy.array(browser.value(f"Array.from({expression})"), dtype=float)


def chart(browser):
    return browser.picture("#cell-charts .chart:nth-child(2) canvas")


def opens_silently(browser, path):
    browser.post("url", {"url": "about:blank"})
    browser.log("browser")
    browser.requests()
    browser.open(path)
    wanted = browser.requests()
    check("nothing but the page is asked for", wanted == ["file://" + path], wanted)
    log = browser.log("browser")
    check("the console stays empty", log == [], log)


def shows_numbers_of_the_file(browser):
    steps = run["axes/coarse+beginning+end/step"][:]
    voltage = run["state/hidden/apical/voltage"][:]
    find = series("hidden.apical.v")
    for row, phase, cell in [(0, 0, 0), (7, 1, 5), (len(steps) - 1, 0, 31)]:
        x, y = browser.value(f"(({{x, y}}) => [x({row}), y({row})])(line({find}, {phase}, {cell}))")
        check("a voltage is the file's", y == numpy.float32(voltage[row, phase, cell]), y)
        check("it stands at the end of its phase", abs(x - (steps[row] - [0.4, 0][phase])) < 1e-9, x)
    loss = browser.value(f"Array.from({series('loss')}.values)")
    check("the loss is the file's", loss == run["signals/loss"][:].astype("f4").tolist())


def zooms_by_keyboard(browser):
    before, drawn, timeline = window(browser), chart(browser), browser.picture("#timeline")
    check("at first all steps are shown", before == [0, 300], before)
    browser.press("#timeline", "+")
    check("+ halves the steps around their middle", window(browser) == [75, 225], window(browser))
    check("a zoom changes what a chart draws", chart(browser) != drawn)
    graph = browser.value("(({graph}) => [graph.xAxisRange(), graph.getValue(0, 0), graph.getValue(graph.numRows() - 1, 0)])"
                          "(cells.charts[1])")
    # Of the rows 1..50, 51, 101, ... the last one before 75 and the first one after 225.
    check("it is of the steps in sight, with a point on either side", graph == [[75, 225], 50.6, 251], graph)
    labels = browser.value("[...document.querySelectorAll('#loss .dygraph-axis-label-x')].map((one) => Number(one.textContent))")
    check("its axis too", len(labels) > 1 and 75 <= min(labels) and max(labels) <= 225, labels)
    check("a zoom changes the time line", browser.picture("#timeline") != timeline)
    browser.press("#timeline", "left")
    check("an arrow moves by a quarter", window(browser) == [37.5, 187.5], window(browser))
    browser.press("#timeline", *["+"] * 12)
    check("a step is the narrowest", window(browser)[1] - window(browser)[0] == 1, window(browser))
    browser.press("#timeline", "end")
    check("End leads to the last step", window(browser) == [299, 300], window(browser))
    values = browser.value("[byId('from').value, byId('to').value]")
    check("the inputs say which step is shown", values == ["300", "300"], values)
    said = text(browser, "#timeline-text")
    check("the text says its time", said.startswith("Step 300, 2,990 to 3,000 ms"), said)
    browser.press("#timeline", "0")
    check("0 shows all", window(browser) == before, window(browser))
    check("and the chart as it was", chart(browser) == drawn)


def shows_gates_of_one_step(browser):
    browser.run("showOne(5)")
    browser.drawn()
    for gate in ("perisomatic", "disinhibition"):
        stored = run[f"gates/{gate}"][4].tolist()
        seen = browser.value("[0, 1].map((p) => timeLine.gateAt("
                             f"timeLine.gates.find((gate) => gate.name === '{gate}'), 5, p))")
        check("a gate opens", len(seen) == 2 and 0 < sum(one["open"] for one in seen) < 2, seen)
        check("a gate is as it was recorded", [one["open"] for one in seen] == [x > 0 for x in stored])
        check("a sampled step is told from the others", all(one["recorded"] for one in seen))
    # A tenth and seven tenths of the step, in the lane of the first gate.
    width = browser.value("byId('timeline').clientWidth") - 131
    forward, update = pixels(browser, "#timeline", [(130 + part * width, 53) for part in (0.1, 0.7)])
    paper = rgb(browser, "paper").tolist()
    check("the gate of the soma is drawn open, then closed", forward != paper and update == paper, forward, update)
    browser.run("showAll()")
    browser.drawn()


def shows_events_of_one_step(browser):
    stored, step = {1: []}, 1
    for time, kind, target in run["events"][:].tolist():
        step = int(time / 10 + 1e-9) + 1 if not stored.get(step) else step
        stored.setdefault(step, []).append([f"{time:.6f}".rstrip("0").rstrip("."), str(step), kind.decode(), target.decode()])
        if kind == b"step end":
            step += 1
    browser.run("showOne(5)")
    browser.drawn()
    seen = browser.value("[...document.querySelectorAll('#events tbody tr')].map((row) => [...row.cells].map("
                         "(cell) => cell.textContent))")
    check("the events of a step are the file's", len(seen) > 4 and seen == stored[5], seen, stored[5])
    browser.run("show(0, 50)")
    browser.drawn()
    count, here = sum(len(stored[s]) for s in range(1, 51)), len(browser.value("[...document.querySelectorAll('#events tbody tr')]"))
    check("when they are many, the first are listed", count > here == 100, here)
    check("and it is said", text(browser, "#events-text") == f"{count} events in these steps, the first 100 of them here",
          text(browser, "#events-text"))
    browser.run("showAll()")
    browser.drawn()


def holds_values_over_their_phases(browser):
    rate = run["state/hidden/rate"][4, :, 0].astype("f4")
    browser.run("showOne(5)")
    browser.drawn()
    seen = browser.value("(({graph}) => Array.from({length: graph.numRows()}, (_, k) => "
                         "[graph.getValue(k, 0), graph.getValue(k, 1)]))(cells.charts[0])")
    wanted = numpy.array([[4, rate[0]], [4.6, rate[0]], [4.6, rate[1]], [5, rate[1]]])
    check("a value is held from its phase's beginning to its end",
          numpy.shape(seen) == wanted.shape and numpy.allclose(seen, wanted, rtol=0, atol=2e-6), seen)
    said = browser.value("[4.000001, 4.6, 4.600001, 5].map(momentText)")
    check("and named by its phase", said == ["step 5, forward"] * 2 + ["step 5, update"] * 2, said)
    shades = browser.value("""((graph) => {
        const row = graph.hidden_.getContext('2d').getImageData(0, graph.getArea().y + 2, graph.hidden_.width, 1).data;
        return [4.3, 4.7, 4.9].map((x) => row[4 * Math.round(graph.toDomXCoord(x) * devicePixelRatio) + 3]);
    })(cells.charts[0].graph)""")
    check("which is explained", text(browser, "#held-text").startswith("Not shaded is the phase forward; shaded is update. ") and
          browser.value("byId('held-text').checkVisibility()"))
    check("phases after the first are shaded", shades[0] == 0 and shades[1] == shades[2] > 0, shades)
    browser.run("showAll()")
    browser.drawn()
    check("and only where single steps can be seen", browser.value("!cells.charts[0].isShaded && byId('held-text').hidden"))
    gap = browser.value(f"heldOf(line({series('hidden.r')}, -1, 0), 50, 101)")
    check("between steps that were not sampled is a gap", numpy.allclose(
        gap["x"], [50, 50.6, 50.6, 51, 75.5, 100, 100.6, 100.6, 101], rtol=0, atol=2e-6) and gap["y"][4] is None, gap)
    titles = browser.value("[...document.querySelectorAll('#cell-charts .chart:first-child .dygraph-label, "
                           "#loss .dygraph-label')].map((one) => one.textContent)")
    check("axes are named", sorted(titles) == ["loss", "rate"] + ["step (10 ms each)"] * 2, titles)
    phases = browser.value("[...document.querySelectorAll('#phases span')].map((one) => one.textContent)")
    check("the colours of phases are named", phases == ["forward, 6 ms", "update, 4 ms"], phases)


def names_levels_beside_the_plot(browser):
    check("names are pushed apart", browser.value("pushedApart([10, 12, 90, 95], 13, 100)") == [10, 23, 87, 100])
    boxes = browser.value("[...document.querySelectorAll('#loss .levels span')].map((one) => "
                          "(({top, bottom, left, right}) => [top, bottom, left, right])(one.getBoundingClientRect()))")
    check("each level has its name", len(boxes) == 4, boxes)
    check("none on another", all(a[1] <= b[0] + 0.01 for a, b in zip(boxes, boxes[1:])), boxes)
    plot = browser.value("(({left, right}) => [left, right])(lossChart.plot.getBoundingClientRect())")
    area = browser.value("lossChart.graph.getArea()")
    check("nor on the curve", all(plot[0] + area["x"] + area["w"] <= box[2] and box[3] <= plot[1] for box in boxes), plot, area, boxes)


def tells_coinciding_curves_apart(browser):
    names = ["W_in", "W_rec", "b", "recurrent"]
    cosine = [run[f"signals/alignment/{name}/cosine"][:] for name in names]
    check("these do coincide", all(numpy.allclose(one, cosine[0], rtol=0, atol=1e-5, equal_nan=True) for one in cosine))
    said = text(browser, "#number-chart .caption")
    check("curves that coincide are named", said.endswith("coincide: their colours take turns.") and
          sorted(said.split(" coincide")[0].split(". ")[-1].split(", ")) == names, said)
    drawn = browser.value("""((canvas, colours) => {
        const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return colours.map((code) => {
            const rgb = [1, 3, 5].map((k) => parseInt(code.slice(k, k + 2), 16));
            let count = 0;
            for (let k = 0; k < data.length; k += 4) count += rgb.every((one, c) => Math.abs(data[k + c] - one) < 6) && data[k + 3] > 200;
            return count;
        });
    })(numbersChart().graph.hidden_, numbersChart().lines().lines.map((_, k) => theme('c' + k)))""")
    check("and each can be seen", len(drawn) == 5 and min(drawn) > 20, drawn)
    apart = browser.value("coinciding([{x: [1, 2], y: [0, 1]}, {x: [1, 2], y: [0, 0.99]}, {x: [1, 2], y: [0, 0.996]}, {x: [1, 3], y: [0, 1]}])")
    check("those that differ by more than a two-hundredth do not", apart == [[0, 2]], apart)
    check("nor do gaps", browser.value("coinciding([{x: [1], y: [NaN]}, {x: [1], y: [NaN]}])") == [])


def explains(browser):
    asked = browser.value("[...document.querySelectorAll('#asked dt')].map((one) => [one.textContent, one.nextSibling.textContent])")
    check("each criterion of the audit has its line", [name for name, _ in asked] == ["online", "i", "ii", "iii", "iv", "v", "vi"] and
          ["v", "noise is each cell's own"] in asked and all(words for _, words in asked), asked)
    check("so has what is beyond the paper", "never changes the verdict" in text(browser, "#verdict details .hint"))
    check("the drawing has a legend of all kinds of edges in it", kinds_in_legend(browser) == [
        "box", "oval", "small box", "line", "dashed", "dotted", "grey"], kinds_in_legend(browser))


def kinds_in_legend(browser):
    return browser.value("[...document.querySelectorAll('#circuit-legend li')].filter((one) => one.checkVisibility()).map("
                         "(one) => one.textContent.split(':')[0])")


def shows_the_model_that_ran(browser):
    check("the model is shown as it ran", text(browser, "#ran") == run.attrs["resolved"])
    check("and as it was written", text(browser, "#written") == run.attrs["model"])
    changed = text(browser, "#differs")
    check("it is said that they differ", "record.coarse.every was 50, not 1000; " in changed, changed)
    rows = browser.value("[...document.querySelectorAll('#differences tbody tr')].map((row) => [...row.cells].map((one) => one.textContent))")
    for row in (["run.steps", "100000", "300"], ["diagnose.alignment", "–", "true"], ["population.input.size", "–", "2"]):
        check("and in what", row in rows, row)
    check("not where they agree", not any(row[0] in ("phase.0.ms", "run.seed") for row in rows), rows)


def leads_the_slider_through_the_steps_in_sight(browser):
    def slider():
        return browser.value("['min', 'max', 'value'].map((name) => Number(byId('moment')[name]))")
    last = len(run["synapses/W_rec/strength"]) - 1
    browser.run("byId('moment').max = 10; byId('matrix').onchange()")
    check("the slider leads through all rows", slider() == [0, last, last], slider())
    for begin, end, wanted in [(9, 20, [9, 19, 19]), (60, 90, [50, 50, 50]), (0, 300, [0, last, last])]:
        browser.run(f"show({begin}, {end})")
        browser.drawn()
        check("it leads through the steps in sight, or stays before them", slider() == wanted, slider())
        said = text(browser, "#moment-text")
        step = run["axes/coarse+beginning+end/step"][wanted[2]]
        check("and says its step", said.startswith(f"step {step} "), said)


def chooses_cells(browser):
    browser.run("byId('chosen').value = ''")
    browser.press("#chosen", "7, 30:32", "\ue007")
    legend = text(browser, "#cell-charts .legend")
    check("the chosen cells are named", legend == "cell 7cell 30cell 31", legend)
    rates = run["state/hidden/rate"][:, :, [7, 30, 31]].astype("f4")
    drawn = [[browser.value(f"cells.charts[0].graph.getValue({k}, {1 + cell})") for cell in range(3)] for k in (0, 1, 90)]
    check("the chosen cells are drawn", drawn == rates.reshape(-1, 3)[[0, 1, 90]].tolist(), drawn)
    browser.press("#chosen", "2", "\ue007")
    check("a cell that is not there is refused",
          browser.value("byId('chosen').getAttribute('aria-invalid')") == "true")
    said = text(browser, "#chosen-text")
    check("the message says which there are", "from 0 to 31" in said, said)
    browser.click("#next-cells")
    check("the next cells follow", browser.value("byId('chosen').value") == "10, 1, 2")
    browser.run("byId('phase').value = '0'; byId('phase').onchange()")
    browser.drawn()
    drawn = browser.value("(({graph}) => [graph.numRows(), graph.getValue(5, 0), graph.getValue(5, 2)])(cells.charts[0])")
    check("a phase alone is drawn", drawn == [len(rates), 5.6, run["state/hidden/rate"][5, 0, 1].astype("f4")], drawn)
    browser.run("byId('group').value = 'output'; byId('group').onchange()")
    browser.drawn()
    names = browser.value("[...document.querySelectorAll('#cell-charts h3')].map((one) => one.textContent)")
    check("another population has its own charts",
          [name.split(":")[0] for name in names] == ["output.r", "output.soma.v"], names)


def is_drawn(browser, strengths, most, post, pre):
    """Whether a synapse has the colour of its strength, between those of zero and of the largest."""
    strength = strengths[post, pre] / most
    zero = rgb(browser, "zero")
    wanted = zero + (rgb(browser, "high" if strength > 0 else "low") - zero) * numpy.sqrt(abs(strength))
    side = browser.value("byId('strengths').width / synapses.one.pre")
    seen = pixels(browser, "#strengths", [((pre + 0.5) * side, (post + 0.5) * side)])[0]
    return bool(numpy.all(numpy.abs(numpy.array(seen) - wanted) <= 2))


def moves_the_slider(browser):
    strength = run["synapses/W_rec/strength"]
    last = len(strength) - 1
    most = abs(strength[:]).max()
    check("the slider begins at the last row", browser.value("byId('moment').value") == str(last))
    browser.press("#moment", "left", "left", "left")
    check("arrows move the slider", browser.value("byId('moment').value") == str(last - 3))
    check("the matrix is drawn of that row", all(is_drawn(browser, strength[last - 3], most, post, pre)
                                                 for post, pre in [(0, 5), (7, 7), (31, 30), (20, 3)]))
    browser.press("#strengths", "right", "right", "\ue015")
    said = text(browser, "#strength-text")
    wanted = float(f"{numpy.float32(strength[last - 3, 1, 2]):.5g}")
    check("arrows choose a synapse", said.startswith("W_rec from hidden 2 to hidden 1: "), said)
    check("its strength is the file's", float(said.split(": ")[1].split(". ")[0]) == wanted, said)
    browser.press("#moment", "home")
    browser.click("#difference")
    check("the first row differs from itself by nothing",
          text(browser, "#strength-text").split(": ")[1].startswith("0. "))
    check("and is drawn so", is_drawn(browser, 0 * strength[0], most, 7, 7))
    # Of steps 1 to 50, then 51, 101, 151: there a row differs from the one before.
    change = strength[:] - strength[0]
    post, pre = numpy.unravel_index(abs(change[52]).argmax(), change[52].shape)
    browser.run("byId('moment').value = 52; byId('moment').oninput()")
    check("later ones are drawn with their change", is_drawn(browser, change[52], abs(change).max(), post, pre))


def zooms_by_dragging(browser):
    box = browser.value("(({left, top}, {x, w}) => [left + x, top, w])((lossChart.plot.scrollIntoView({block: 'center'}), "
                        "lossChart.plot.getBoundingClientRect()), lossChart.graph.getArea())")
    left, top, width = map(int, box)
    moves = [{"type": "pointerMove", "x": left + width // 2, "y": top + 80},
             {"type": "pointerDown", "button": 0},
             {"type": "pointerMove", "x": left + width * 3 // 4, "y": top + 82, "duration": 50},
             {"type": "pointerUp", "button": 0}]
    browser.post("actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": moves}]})
    browser.drawn()
    begin, end = window(browser)
    check("dragging over a chart zooms into it", abs(begin - 150) < 3 and abs(end - 225) < 3, begin, end)
    browser.click("#all")


def follows_the_theme(browser):
    def scheme(name):
        features = [{"name": "prefers-color-scheme", "value": name}]
        browser.post("goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia",
                                          "params": {"features": features}})
        browser.drawn()
        return (browser.value("getComputedStyle(document.body).backgroundColor"), chart(browser),
                browser.picture("#strengths"))
    light, dark = scheme("light"), scheme("dark")
    check("paper is white by day", light[0] == "rgb(255, 255, 255)", light[0])
    check("page, charts and matrix follow the theme", all(a != b for a, b in zip(light, dark)))


def fits(browser, width):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.post("goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": size})
    browser.drawn()
    sizes = browser.value("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    check(f"nothing sticks out at {width} pixels", sizes[0] <= sizes[1], sizes)


def keeps_what_is_asked_for(browser):
    browser.run("document.body.style.width = '700px'; show(100, 200); dispatchEvent(new Event('resize'))")
    browser.drawn()
    check("a chart that gets another size shows the same steps", window(browser) == [100, 200], window(browser))
    browser.run("document.body.style.width = ''; dispatchEvent(new Event('resize')); showAll()")
    browser.drawn()


def is_named(browser):
    nameless = browser.value(
        "[...document.querySelectorAll('button, input, select, canvas[tabindex]')].filter((one) => "
        "one.checkVisibility() && !one.textContent.trim() && !one.getAttribute('aria-label') && !(one.labels?.length)).map("
        "(one) => one.outerHTML)")
    check("everything that takes the keyboard has a name", nameless == [], nameless)
    browser.run("document.activeElement.blur(); scrollTo(0, 0)")
    visited = []
    for _ in range(14):
        browser.press_anywhere("tab")
        visited.append(browser.value("document.activeElement.id"))
    check("the Tab key goes through the page from its top",
          [one for one in visited if one][:9] == ["all", "narrower", "wider", "earlier", "later", "one",
                                              "from", "to", "timeline"], visited)


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
    cell = browser.value("[cells.first, cells.end]")
    check("there are fewer cells", 0 <= cell[0] < cell[1] < 32, cell)
    check("which is said", f"Of up to 32 cells the page has 0 to {cell[1] - 1}" in text(browser, "#chosen-text"))
    steps = file["axes/coarse+end/step"][:]
    per = loses_no_peak(browser, "hidden.apical.v", steps, voltage[:, :, cell[0]:cell[1]])
    check("rows are thinned", per > 1, per)
    note = f"Two points are the least and the greatest of {per} recorded rows."
    check("a chart says so", text(browser, "#cell-charts .chart .caption") == note, text(browser, "#cell-charts .chart .caption"))
    ys = array(browser, f"pointsOf(line({series('hidden.apical.v')}, -1, 0), 0, 2000, 50).y")
    check("nor does a narrow chart lose a peak",
          len(ys) <= 52 and [ys.min(), ys.max()] == [voltage[:, :, 0].astype("f4").min(), voltage[:, :, 0].astype("f4").max()])

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
    check("rows of a matrix are left out", 2 <= moments < 70, moments)
    about = text(browser, "#thinned")
    count = len(file["events"])
    here = browser.value("run.events.here")
    for sentence in (f"W_rec in {moments} of 70 recorded rows", f"the least and the greatest of {per} rows each",
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


with Browser() as browser:
    opens_silently(browser, folder + "run.html")
    is_named(browser)
    explains(browser)
    shows_the_model_that_ran(browser)
    names_levels_beside_the_plot(browser)
    tells_coinciding_curves_apart(browser)
    holds_values_over_their_phases(browser)
    leads_the_slider_through_the_steps_in_sight(browser)
    shows_numbers_of_the_file(browser)
    zooms_by_keyboard(browser)
    shows_gates_of_one_step(browser)
    shows_events_of_one_step(browser)
    zooms_by_dragging(browser)
    follows_the_theme(browser)
    moves_the_slider(browser)
    chooses_cells(browser)
    keeps_what_is_asked_for(browser)
    fits(browser, 1400)
    fits(browser, 400)
    for css in ("#window", "#ran", "#circuit .drawing"):
        shadow = browser.value(f"((one) => one.scrollWidth > one.clientWidth && getComputedStyle(one).backgroundAttachment)(document.querySelector('{css}'))")
        check("what can be scrolled casts a shadow", shadow == "local, local, scroll, scroll", css, shadow)
    check("names of levels are in the legend where there is no room for them", "only lag 3 known 0.5192" in text(browser, "#loss .legend") and
          browser.value("document.querySelectorAll('#loss .levels span').length") == 0, text(browser, "#loss .legend"))
    widest = browser.value("document.querySelector('.drawing svg').getBoundingClientRect().width <= "
                           "document.querySelector('.drawing svg').width.baseVal.value + 1")
    check("the drawing is no larger than it was made", widest)
    log = browser.log("browser")
    check("all this is silent", log == [], log)
    title = text(browser, "h1")
    check("the title is the file's", title == run.attrs["title"], title)

    opens_silently(browser, folder + "bare.html")
    check("a run without phases says so", "Nothing was recorded by phase" in
          browser.value("byId('absent').innerText"))
    check("and shows its loss", browser.value("document.querySelectorAll('#loss canvas').length") > 0)
    browser.run("showOne(5)")
    browser.drawn()
    check("its time line is the model's", text(browser, "#timeline-text") == "Step 5, 40 to 50 ms.", text(browser, "#timeline-text"))
    check("two numbers of one matrix have two names",
          text(browser, "#number-chart .legend") == "W_ineligibility(W_in)", text(browser, "#number-chart .legend"))
    check("its drawing has no legend for what is not in it", kinds_in_legend(browser) == ["box", "oval", "small box", "line"], kinds_in_legend(browser))
    hidden = browser.value("['cells', 'synapses', 'events'].map((id) => byId(id).checkVisibility())")
    check("and no empty charts", hidden == [False, False, False], hidden)

    opens_silently(browser, folder + "little.html")
    says_what_it_left_out(browser, thins(browser))
    opens_silently(browser, folder + "lost.html")
    shows_a_failed_run(browser)
    for name, state in (("killed", "nothing writes it: the run was killed"), ("growing", "the run goes on")):
        opens_silently(browser, folder + name + ".html")
        check("a run that did not end says why", text(browser, "#facts dd") == f"rows up to step 100 of 100; {state}", text(browser, "#facts dd"))
    log = browser.log("browser")
    check("all this is silent, too", log == [], log)

sys.exit(1 if failures else 0)
