"""page_test.py FOLDER: what the pages of runs do in one browser. Says what does not hold, and fails then.

    run     all recorded rows are in the page
    bare    nothing was recorded by phase
    little  made with little room, so that rows are thinned, matrices and events left out
    lost    a run that failed, with numbers that no float holds
    killed  a run of which nothing says how it ended, and nothing writes it
    growing the same, while something writes it
    vip     a circuit whose interneurons are cells
    few     one with few synapses, stored by rows and as a matrix
    turns   one with phases in turn, wires and dendrites that move the soma
"""
import sys

import numpy

from browser import Browser
from charts_of_page import (chooses_cells, holds_values_over_their_phases, keeps_what_is_asked_for,
                            draws_slow_voltages_by_their_solution, joins_no_samples_far_apart,
                            names_levels_beside_the_plot, shows_lone_samples, shows_numbers_of_the_file, tells_coinciding_curves_apart,
                            zooms_by_dragging, zooms_by_keyboard)
from circuits_of_page import reads_richer_circuits
from lacking_pages import says_what_it_left_out, shows_a_failed_run, thins
from page_reading import chart, check, failures, folder, kinds_in_legend, opens_silently, pixels, rgb, run, text


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


def explains(browser):
    asked = browser.value("[...document.querySelectorAll('#asked dt')].map((one) => [one.textContent, one.nextSibling.textContent])")
    check("each criterion of the audit has its line", [name for name, _ in asked] == ["online", "i", "ii", "iii", "iv", "v", "vi"] and
          ["v", "noise is each cell's own"] in asked and all(words for _, words in asked), asked)
    check("so has what is beyond the paper", "never changes the verdict" in text(browser, "#verdict details .hint"))
    check("the drawing has a legend of all kinds of edges in it", kinds_in_legend(browser) == [
        "box", "oval", "small box", "line", "⊣", "dashed", "dotted", "grey"], kinds_in_legend(browser))


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
    for begin, end, wanted in [(9, 20, [row_of_step(10)] + [row_of_step(20)] * 2), (60, 90, [row_of_step(51)] * 3), (0, 300, [0, last, last])]:
        browser.run(f"show({begin}, {end})")
        browser.drawn()
        check("it leads through the steps in sight, or stays before them", slider() == wanted, slider())
        said = text(browser, "#moment-text")
        step = run["axes/coarse+beginning+end/step"][wanted[2]]
        check("and says its step", said.startswith(f"step {step} "), said)


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
    # The steps are 1 to 50, then 51, 101, 151: there a row differs from the one before.
    change = strength[:] - strength[0]
    post, pre = numpy.unravel_index(abs(change[52]).argmax(), change[52].shape)
    browser.run("byId('moment').value = 52; byId('moment').oninput()")
    check("later ones are drawn with their change", is_drawn(browser, change[52], abs(change).max(), post, pre))


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


def row_of_step(step):
    return run["axes/coarse+beginning+end/step"][:].tolist().index(step)


def leads_to_a_sampled_step(browser):
    for begin, end, wanted in [(0, 300, 151), (60, 80, 51), (100, 140, 101), (0, 300, 151)]:
        browser.run(f"show({begin}, {end})")
        browser.drawn()
        browser.click("#one")
        seen = browser.value("[shown.from + 1, shown.to]")
        check("one step is one that was sampled", seen == [wanted, wanted], seen, wanted)
        check("so that charts have something to show", browser.value("cells.charts[0].hasValue(0)"))
    browser.run("showAll()")
    browser.drawn()


def reads_charts_by_keyboard(browser):
    browser.run("show(2, 4)")
    browser.drawn()
    rates = run["state/hidden/rate"][row_of_step(3), :, 0].astype("f4")
    for keys, phase, value in [(("right",), "forward", rates[0]), (("right", "right"), "update", rates[1])]:
        browser.press("#cell-charts .plot", *keys)
        said = text(browser, "#cell-charts .legend")
        check("arrows read a chart", said.startswith(f"step 3, {phase}cell 0 {float(f'{value:.5g}'):g}"), said, value)
    browser.press("#cell-charts .plot", "-")
    check("other keys are those of the time line", browser.value("[shown.from, shown.to]") == [1, 5], browser.value("[shown.from, shown.to]"))
    browser.run("document.activeElement.blur(); showAll()")
    browser.drawn()
    check("a chart that is left reads nothing", text(browser, "#cell-charts .legend").startswith("cell 0cell"))


def says_what_can_be_operated(browser):
    roles = browser.value("[...document.querySelectorAll('canvas[tabindex], .plot')].map((one) => [one.getAttribute('role'), one.tabIndex, typeof one.onkeydown, Boolean(one.getAttribute('aria-label'))])")
    check("what takes keys has a role that says so", len(roles) > 4 and all(role in ("slider", "application") and rest == [0, "function", True]
                                                                           for role, *rest in roles), roles)
    browser.run("show(9, 20)")
    browser.drawn()
    values = browser.value("['min', 'max', 'now', 'text'].map((name) => byId('timeline').getAttribute('aria-value' + name))")
    check("the time line says where it is", values == ["1", "300", "10", "Steps 10 to 20, 90 to 200 ms"], values)
    browser.run("showAll()")
    browser.drawn()
    first = browser.value("byId('matrix').options[0].value")
    check("the first matrix is the recurrent one", first == "W_rec" and browser.value("synapses.one.address") == "W_rec", first)


def prints(browser):
    def media(name):
        browser.post("goog/cdp/execute", {"cmd": "Emulation.setEmulatedMedia", "params": {"media": name}})
    media("print")
    seen = browser.value("['#window', '.hint', '#events', '#previous-cells', 'details:not([open])'].map((css) => document.querySelector(css).checkVisibility())")
    check("on paper there is nothing to click", seen == [False] * 5, seen)
    clipped = browser.value("[...document.querySelectorAll('pre, .scroll, .drawing')].filter((one) => one.checkVisibility() && "
                            "one.scrollHeight > one.clientHeight + 1 && getComputedStyle(one).overflowY !== 'visible').length")
    check("nor is anything clipped", clipped == 0, clipped)
    media("")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    widest = browser.value("Math.max(...[...charts].map((one) => one.graph.hidden_.getBoundingClientRect().width))")
    check("charts are no wider than a page", 0 < widest <= 641, widest)
    check("and light", browser.value("theme('paper')") == "#ffffff" and browser.value("theme('ink')") == "#000000")
    browser.run("dispatchEvent(new Event('afterprint'))")
    browser.drawn()
    check("afterwards all is as it was", browser.value("[...charts].every((one) => one.plot.parentElement.style.zoom === '1') && theme('ink')") != "#000000")


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
    check("the Tab key leaves the time line", visited[visited.index("timeline") + 1] != "timeline",
          visited)


with Browser() as browser:
    opens_silently(browser, folder + "run.html")
    is_named(browser)
    explains(browser)
    shows_the_model_that_ran(browser)
    names_levels_beside_the_plot(browser)
    joins_no_samples_far_apart(browser)
    shows_lone_samples(browser)
    draws_slow_voltages_by_their_solution(browser)
    leads_to_a_sampled_step(browser)
    reads_charts_by_keyboard(browser)
    says_what_can_be_operated(browser)
    prints(browser)
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
    check("its drawing has no legend for what is not in it", kinds_in_legend(browser) == ["box", "oval", "small box", "line", "⊣"], kinds_in_legend(browser))
    hidden = browser.value("['cells', 'synapses', 'events'].map((id) => byId(id).checkVisibility())")
    check("and no empty charts", hidden == [False, False, False], hidden)

    opens_silently(browser, folder + "little.html")
    says_what_it_left_out(browser, thins(browser))
    opens_silently(browser, folder + "lost.html")
    shows_a_failed_run(browser)
    for name, state in (("killed", "nothing writes it: the run was killed"), ("growing", "the run goes on")):
        opens_silently(browser, folder + name + ".html")
        check("a run that did not end says why", text(browser, "#facts dd") == f"rows up to step 100 of 100; {state}", text(browser, "#facts dd"))
    reads_richer_circuits(browser)
    log = browser.log("browser")
    check("all this is silent, too", log == [], log)

sys.exit(1 if failures else 0)
