"""Charts: which steps they show, and how."""
import numpy

from page_reading import chart, check, run, series, text, window


def shows_numbers_of_the_file(browser):
    steps = run["axes/coarse+beginning+end/step"][1:]  # curves begin with the first step
    voltage = run["state/hidden/apical/voltage"][1:]
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
    # The rows are 1..50, 51, 101, ...: in sight are the last one before 75 and the first one after 225.
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


def holds_values_over_their_phases(browser):
    rate = run["state/hidden/rate"][5, :, 0].astype("f4")
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
    check("axes are named", sorted(titles) == ["loss [nats]", "rate"] + ["step (10 ms each)"] * 2, titles)
    phases = browser.value("[...document.querySelectorAll('#phases span')].map((one) => one.textContent)")
    check("the colours of phases are named", phases == ["forward, 6 ms", "update, 4 ms"], phases)


def joins_no_samples_far_apart(browser):
    steps = run["axes/coarse+beginning+end/step"][:]
    points = browser.value(f"pointsOf(line({series('hidden.soma.v')}, 1, 0), 0, 300, 4000)")
    x = [x for x, y in zip(points["x"], points["y"]) if y is None]
    wanted = [(a + b) / 2 for a, b in zip(steps, steps[1:]) if b - a > 1]
    check("between steps that were not sampled is a gap", len(x) > 3 and x == wanted, x, wanted)
    check("nothing else is lost", [y for y in points["y"] if y is not None] ==
          run["state/hidden/soma/voltage"][1:, 1, 0].astype("f4").tolist())  # step 0 has no voltage
    # Rows 10 apart are joined, one 100 later is not; of a thinned part pairs stand for 5 rows each.
    part = "{begin: 0, points: %d, per: %d}"
    for given, most, wanted in [("[1, 11, 21, 121, 131]", 20, [0, 1, 1, 0, 1]), ("[1, 2, 3, 5]", 1, [0, 1, 1, 0])]:
        seen = browser.value(f"Array.from(joinedPoints({given}, [{part % (len(wanted), 1)}], {most}))")
        check("joined are rows that are near each other", seen == wanted, seen)
    seen = browser.value(f"Array.from(joinedPoints([1, 5, 6, 10, 20, 24], [{part % (6, 5)}], 1))")
    check("also where rows are thinned", seen == [0, 1, 1, 1, 0, 1], seen)
    usual = browser.value(f"usualDistance([1, 11, 21, 121, 131], [{part % (5, 1)}])")
    check("far is twice what is usual", usual == 20, usual)


def shows_lone_samples(browser):
    """Beside two hundred points that are joined, samples of two equal phases each."""
    browser.run("""window.usualLines = cells.charts[1].lines;
        const x = Array.from({length: 200}, (_, k) => k / 4), y = x.map((x) => x / 50);
        for (const step of [100, 150, 250]) { x.push(step - 20, step - 0.004, step); y.push(NaN, 0.5, 0.5); }
        cells.charts[1].lines = () => ({lines: [{x, y, label: "cell 0"}], note: "", isPhased: true});
        cells.charts[1].draw();""")
    # A dot is 4.4 pixels wide: it is drawn also a pixel and a half beside its middle.
    covered = browser.value("""((graph) => {
        const canvas = graph.hidden_, paint = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
        paint.drawImage(canvas, 0, 0);
        const {data} = paint.getImageData(0, 0, canvas.width, canvas.height), pixel = (at) => Math.floor(at * devicePixelRatio);
        const alpha = (x, y) => data[4 * (pixel(y) * canvas.width + pixel(x)) + 3];
        return [100, 150, 250, 180].map((step) => [[-1.5, 0], [1.5, 0], [0, -1.5], [0, 1.5]].map(
            ([x, y]) => alpha(graph.toDomXCoord(step) + x, graph.toDomYCoord(0.5) + y)));
    })(cells.charts[1].graph)""")
    check("samples that no line leads through are dots", numpy.min(covered[:3]) > 200, covered)
    check("where there is none is no more than the grid", numpy.max(covered[3]) < 100, covered)
    browser.run("cells.charts[1].lines = usualLines; cells.charts[1].draw()")
    rows = "[[0, 1], [1, 2], [2, NaN], [3, 5], [3.5, null], [4, NaN], [5, 1], [6, 1], [7, 1], [8, NaN], [9, 4]]"
    lone = [browser.value(f"[...loneRows({rows}, 1, {width}, {turns}, {turn})]")
            for width, turns, turn in ((1.5, 1, 0), (0.5, 1, 0), (3, 2, 0), (3, 2, 1))]
    check("lone is a stretch that is narrower than a dot", lone[:2] == [[0, 1, 3, 10], [3, 10]], lone)
    check("and where curves coincide each has its turn", lone[2:] == [[0, 1, 6, 7, 8], [3, 10]], lone)


def draws_slow_voltages_by_their_solution(browser):
    """v(t) = I + (v(0) - I) exp(-t / tau), from numbers of its own: tau 7 ms, phases of 6 and 4 ms."""
    drives, tau, before, ends = [[0.8, -0.3], [0.5, 0.5]], 7.0, 0.0, []
    wanted = {}
    for step, of_step in enumerate(drives):
        for (begin, length), drive in zip(((0, 6), (6, 4)), of_step):
            for part in range(25):
                ms = length * part / 24
                wanted[round((step * 10 + begin + ms) / 10, 5)] = drive + (before - drive) * numpy.exp(-ms / tau)
            before = drive + (before - drive) * numpy.exp(-length / tau)
            ends.append(before)
    one = "{per: 2, series: {tau_ms: 7}, axis: {steps: [1, 2]}, y: (k) => %s[k]}" % [float(end) for end in ends]
    seen = browser.value(f"heldOf({one}, 0, 2)")
    check("a slow voltage relaxes", len(seen["x"]) == 100 and all(
        abs(y - wanted[round(x, 5)]) < 1e-9 for x, y in zip(seen["x"], seen["y"])), seen)
    later = browser.value(f"heldOf({one.replace('[1, 2]', '[7, 8]')}, 6, 8)")
    check("from where it is known on", len(later["x"]) == 76 and later["x"][0] == 6.6, later["x"][:3])


def names_levels_beside_the_plot(browser):
    check("names are pushed apart", browser.value("pushedApart([10, 12, 90, 95], 13, 100)") == [10, 23, 87, 100])
    boxes = browser.value("[...document.querySelectorAll('#loss .levels span')].map((one) => "
                          "(({top, bottom, left, right}) => [top, bottom, left, right])(one.getBoundingClientRect()))")
    check("each level has its name", len(boxes) == 4, boxes)
    check("none on another", all(a[1] <= b[0] + 0.01 for a, b in zip(boxes, boxes[1:])), boxes)
    plot = browser.value("(({left, right}) => [left, right])(lossChart.plot.getBoundingClientRect())")
    area = browser.value("lossChart.graph.getArea()")
    def drawn_to():
        """How far to the right the plot's canvas has a line, and where its plot area ends."""
        return browser.value("""(({graph}) => {
            const {x, w} = graph.getArea(), canvas = graph.hidden_, paint = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
            paint.drawImage(canvas, 0, 0);
            const data = paint.getImageData(0, 0, canvas.width, canvas.height).data;
            let last = 0;
            for (let k = 3; k < data.length; k += 4) if (data[k] > 0) last = Math.max(last, (k - 3) / 4 % canvas.width);
            return [last / devicePixelRatio, x + w];
        })(lossChart)""")
    for width in ("''", "'500px'", "''"):
        browser.run(f"document.body.style.width = {width}; dispatchEvent(new Event('resize'))")
        browser.drawn()
        last, end = drawn_to()
        check("nor does a line go on under a name, after the page was narrower", end - 3 <= last <= end + 1, width, last, end)
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


def chooses_cells(browser):
    browser.run("byId('chosen').value = ''")
    browser.press("#chosen", "7, 30:32", "\ue007")
    legend = text(browser, "#cell-charts .legend")
    check("the chosen cells are named", legend == "cell 7cell 30cell 31", legend)
    rates = run["state/hidden/rate"][1:, :, [7, 30, 31]].astype("f4")
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
    gaps = int((numpy.diff(run["axes/coarse+beginning+end/step"][1:]) > 1).sum())
    check("a phase alone is drawn", drawn == [len(rates) + gaps, 5.6, run["state/hidden/rate"][6, 0, 1].astype("f4")], drawn)
    browser.run("byId('group').value = 'output'; byId('group').onchange()")
    browser.drawn()
    names = browser.value("[...document.querySelectorAll('#cell-charts h3')].map((one) => one.textContent)")
    check("another population has its own charts",
          [name.split(":")[0] for name in names] == ["output.r", "output.soma.v"], names)


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


def keeps_what_is_asked_for(browser):
    browser.run("document.body.style.width = '700px'; show(100, 200); dispatchEvent(new Event('resize'))")
    browser.drawn()
    check("a chart that gets another size shows the same steps", window(browser) == [100, 200], window(browser))
    browser.run("document.body.style.width = ''; dispatchEvent(new Event('resize')); showAll()")
    browser.drawn()
