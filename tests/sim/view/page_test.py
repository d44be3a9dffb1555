"""page_test.py RUN.h5 PAGE.html BARE.html: what the page of a run does in a browser, and the page of
a run that recorded nothing by phase. Says what does not hold, and fails then."""
import sys

import h5py
import numpy

from browser import Browser

run_path, page, bare = sys.argv[1:]
run = h5py.File(run_path)
failures = 0


def check(sentence, holds, *seen):
    global failures
    if holds:
        return
    failures += 1
    print("does not hold:", sentence, *seen)


def window(browser):
    return browser.value("[shown.from, shown.to]")


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
    find = "run.series.find((one) => one.address === 'hidden.apical.v')"
    for row, phase, cell in [(0, 0, 0), (7, 1, 5), (len(steps) - 1, 0, 31)]:
        x, y = browser.value(f"(({{x, y}}) => [x({row}), y({row})])(line({find}, {phase}, {cell}))")
        check("a voltage is the file's", y == numpy.float32(voltage[row, phase, cell]), y)
        check("it stands at the end of its phase", abs(x - (steps[row] - [0.4, 0][phase])) < 1e-9, x)
    loss = browser.value("Array.from(run.series.find((one) => one.address === 'loss').values)")
    check("the loss is the file's", loss == run["signals/loss"][:].astype("f4").tolist())


def zooms_by_keyboard(browser):
    before, drawn, timeline = window(browser), chart(browser), browser.picture("#timeline")
    check("at first all steps are shown", before == [0, 300], before)
    browser.press("#timeline", "+")
    check("+ halves the steps around their middle", window(browser) == [75, 225], window(browser))
    check("a zoom changes what a chart draws", chart(browser) != drawn)
    check("a zoom changes the time line", browser.picture("#timeline") != timeline)
    browser.press("#timeline", "left")
    check("an arrow moves by a quarter", window(browser) == [37.5, 187.5], window(browser))
    browser.press("#timeline", *["+"] * 12)
    check("a step is the narrowest", window(browser)[1] - window(browser)[0] == 1, window(browser))
    browser.press("#timeline", "end")
    check("End leads to the last step", window(browser) == [299, 300], window(browser))
    values = browser.value("[byId('from').value, byId('to').value]")
    check("the inputs say which step is shown", values == ["300", "300"], values)
    text = browser.value("byId('timeline-text').textContent")
    check("the text says its time", text.startswith("Step 300, 2,990 to 3,000 ms"), text)
    browser.press("#timeline", "0")
    check("0 shows all", window(browser) == before, window(browser))
    check("and the chart as it was", chart(browser) == drawn)


def shows_gates_of_one_step(browser):
    browser.run("showOne(5)")
    browser.drawn()
    for gate in ("perisomatic", "disinhibition"):
        stored = run[f"gates/{gate}"][4].tolist()
        seen = browser.value("[0, 1].map((p) => new TimeLine().gates.filter((gate) => gate.name === "
                             f"'{gate}').map((gate) => new TimeLine().gateAt(gate, 5, p))[0])")
        check("a gate is as it was recorded", [one["open"] for one in seen] == [x > 0 for x in stored])
        check("a sampled step is told from the others", all(one["recorded"] for one in seen))
    # A tenth and seven tenths of the step, in the lane of the first gate.
    forward, update = browser.value(
        "((canvas) => ((row) => [0.1, 0.7].map((part) => Array.from(row.slice(4 * Math.round(130 + part * "
        "(canvas.clientWidth - 131))).slice(0, 4))))(canvas.getContext('2d').getImageData(0, 53, "
        "canvas.clientWidth, 1).data))(byId('timeline'))")
    check("the gate of the soma is drawn open, then closed", forward != update, forward, update)
    browser.run("showAll()")
    browser.drawn()


def chooses_cells(browser):
    drawn = chart(browser)
    browser.run("byId('chosen').value = ''")
    browser.press("#chosen", "7, 30:32", "\ue007")
    legend = browser.value("document.querySelector('#cell-charts .legend').textContent")
    check("the chosen cells are named", legend == "cell 7cell 30cell 31", legend)
    check("other cells are drawn otherwise", chart(browser) != drawn)
    browser.press("#chosen", "2", "\ue007")
    check("a cell that is not there is refused",
          browser.value("byId('chosen').getAttribute('aria-invalid')") == "true")
    text = browser.value("byId('chosen-text').textContent")
    check("the message says which there are", "from 0 to 31" in text, text)
    browser.click("#next-cells")
    check("the next cells follow", browser.value("byId('chosen').value") == "10, 1, 2")
    drawn = chart(browser)
    browser.run("byId('phase').value = '0'; byId('phase').onchange()")
    browser.drawn()
    check("a phase alone is drawn otherwise", chart(browser) != drawn)
    browser.run("byId('group').value = 'output'; byId('group').onchange()")
    browser.drawn()
    names = browser.value("[...document.querySelectorAll('#cell-charts h3')].map((one) => one.textContent)")
    check("another population has its own charts",
          [name.split(":")[0] for name in names] == ["output.r", "output.soma.v"], names)


def moves_the_slider(browser):
    strength = run["synapses/W_rec/strength"]
    last = len(strength) - 1
    drawn = browser.picture("#strengths")
    check("the slider begins at the last row", browser.value("byId('moment').value") == str(last))
    browser.press("#moment", "left", "left", "left")
    check("arrows move the slider", browser.value("byId('moment').value") == str(last - 3))
    check("the matrix is drawn of that row", browser.picture("#strengths") != drawn)
    browser.press("#strengths", "right", "right", "\ue015")
    text = browser.value("byId('strength-text').textContent")
    wanted = float(f"{numpy.float32(strength[last - 3, 1, 2]):.5g}")
    check("arrows choose a synapse", text.startswith("W_rec from hidden 2 to hidden 1: "), text)
    check("its strength is the file's", float(text.split(": ")[1].split(". ")[0]) == wanted, text)
    browser.press("#moment", "home")
    browser.click("#difference")
    check("the first row differs from itself by nothing",
          browser.value("byId('strength-text').textContent").split(": ")[1].startswith("0. "))


def zooms_by_dragging(browser):
    box = browser.value("(({left, top, width}) => [left, top, width])((document.querySelector("
                        "'#loss .plot').scrollIntoView({block: 'center'}), document.querySelector("
                        "'#loss .plot').getBoundingClientRect()))")
    left, top, width = map(int, box)
    moves = [{"type": "pointerMove", "x": left + width // 2, "y": top + 80},
             {"type": "pointerDown", "button": 0},
             {"type": "pointerMove", "x": left + width * 3 // 4, "y": top + 82, "duration": 50},
             {"type": "pointerUp", "button": 0}]
    browser.post("actions", {"actions": [{"type": "pointer", "id": "mouse", "actions": moves}]})
    browser.drawn()
    begin, end = window(browser)
    check("dragging over a chart zooms into it", 100 < begin < 160 and 200 < end < 240, begin, end)
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


with Browser() as browser:
    opens_silently(browser, page)
    is_named(browser)
    shows_numbers_of_the_file(browser)
    zooms_by_keyboard(browser)
    shows_gates_of_one_step(browser)
    zooms_by_dragging(browser)
    follows_the_theme(browser)
    moves_the_slider(browser)
    chooses_cells(browser)
    fits(browser, 1400)
    fits(browser, 400)
    widest = browser.value("document.querySelector('.drawing svg').getBoundingClientRect().width <= "
                           "document.querySelector('.drawing svg').width.baseVal.value + 1")
    check("the drawing is no larger than it was made", widest)
    log = browser.log("browser")
    check("all this is silent", log == [], log)
    title = browser.value("document.querySelector('h1').textContent")
    check("the title is the file's", title == run.attrs["title"], title)

    opens_silently(browser, bare)
    check("a run without phases says so", "Nothing was recorded by phase" in
          browser.value("byId('absent').innerText"))
    check("and shows its loss", browser.value("document.querySelectorAll('#loss canvas').length") > 0)
    before = browser.picture("#timeline")
    browser.run("showOne(5)")
    browser.drawn()
    text = browser.value("byId('timeline-text').textContent")
    check("its time line is the model's", text.startswith("Step 5, 40 to 50 ms") and
          browser.picture("#timeline") != before, text)
    hidden = browser.value("['cells', 'synapses'].map((id) => byId(id).checkVisibility())")
    check("and no empty charts", hidden == [False, False], hidden)

sys.exit(1 if failures else 0)
