"""Pages of circuits with interneurons that are cells, with few synapses, and with phases in turn."""
import h5py
import numpy

from page_reading import array, check, folder, kinds_in_legend, opens_silently, pixels, series, text


def edge(browser, title):
    """The classes of an edge of the drawing."""
    return browser.value("[...document.querySelectorAll('.drawing .edge')].filter((one) => one.querySelector('title').textContent"
                         f" === '{title}').map((one) => one.getAttribute('class'))")


def shows_interneurons(browser):
    opens_silently(browser, folder + "vip.html")
    browser.run("showOne(5)")
    browser.drawn()
    file = h5py.File(folder + "vip.h5")
    names = browser.value("timeLine.interneurons.map((one) => one.name)")
    check("cells that inhibit have a lane, those that inhibit other interneurons, too", names == ["vip", "sst", "pv"], names)
    for name in names:
        # A row of before the first step stands at the beginning.
        stored = file[f"state/{name}/rate"][5].mean(axis=1).tolist()
        seen = browser.value(f"[0, 1].map((p) => timeLine.recordedAt({series(name + '.r')}, 5, p))")
        check("which has their mean rates", seen == stored and sorted(seen) == [0, 1], name, seen, stored)
    check("a gate that cells make stands in the drawing on the path to the soma",
          edge(browser, "gate.disinhibition->hidden.soma") == ["edge"] and
          edge(browser, "hidden.apical->gate.disinhibition") == ["edge"])
    check("and inhibition ends on it once, whatever the phases",
          edge(browser, "sst.soma->gate.disinhibition") == ["edge inhibitory"], edge(browser, "sst.soma->gate.disinhibition"))
    check("the legend has the gate and no interneuron of a timetable", kinds_in_legend(browser) == [
        "box", "oval", "small box", "line", "⊣", "dashed", "dotted", "◇"], kinds_in_legend(browser))
    said = browser.value("[0, 0.004, 0.1, 0.999, 1, 2].map((open) => timeLine.openness(open))")
    check("numbers of gates are short", said == ["< 0.01", "< 0.01", "0.10", "> 0.99", "open", "2.00"], said)


def shows_when_gates_moved(browser):
    opens_silently(browser, folder + "late.html")
    browser.run("showOne(5)")
    browser.drawn()
    gate = "timeLine.gates.find((one) => one.name === 'disinhibition')"
    # Steps of 10 ms; meant to be open in the last 4, 1 ms late.
    moves = browser.value(f"{gate}.moves.filter((one) => one.at >= 4 && one.at < 6).map((one) => [one.at, one.opens])")
    check("a late gate moves when its events say", numpy.allclose(moves, [[4.1, 0], [4.7, 1], [5.1, 0], [5.7, 1]]), moves)
    # Step 5 lasts from 40 to 50 ms: open until 41 ms, meant to be from 46 on, open from 47 on.
    # Lanes of 26 pixels, or with their names above them, where there is little room, of 41.
    top = browser.value(f"((above) => 22 + (26 + above) * (1 + timeLine.gates.indexOf({gate})) + above + 4)(timeLine.left() ? 0 : 15)")
    at = [(browser.value(f"timeLine.x(4 + {ms} / 10)"), top) for ms in (0.5, 2.0, 6.5, 7.5)]
    # What is meant lies under what was, and is nearer to the colour of paper.
    late, shut, meant, open_ = pixels(browser, "#timeline", at)
    late, meant, open_ = (abs(numpy.array(one, int) - shut).sum() for one in (late, meant, open_))
    check("it is drawn open from move to move", min(late, open_) > meant > 0, late, shut, meant, open_)


def leaves_blank_where_no_synapse_is(browser):
    opens_silently(browser, folder + "few.html")
    check("an inhibitory population has a lane", browser.value("timeLine.interneurons.map((one) => one.name)") == ["inh"])
    for address in ("W_ee", "W_dense", "eligibility(W_ee)"):
        browser.run(f"byId('matrix').value = '{address}'; synapses.choose()")
        browser.drawn()
        exists = array(browser, "synapses.one.exists").reshape(browser.value("[synapses.one.post, synapses.one.pre]"))
        check("some pairs have a synapse", 0 < exists.sum() < exists.size, address, exists.sum())
        post, pre = map(int, numpy.argwhere(exists == 1)[0])
        check("the chosen one exists", browser.value("[synapses.cell.post, synapses.cell.pre]") == [post, pre])
        check("and has its number", ": no synapse" not in text(browser, "#strength-text"), text(browser, "#strength-text"))
        check("how many there are is said", f"{int(exists.sum())} of {exists.size} pairs" in text(browser, "#strength-text"))
        post, pre = map(int, numpy.argwhere(exists == 0)[-1])
        browser.run(f"synapses.point({post}, {pre})")
        browser.drawn()
        check("another is told to be none", ": no synapse." in text(browser, "#strength-text"), text(browser, "#strength-text"))
        check("beside its empty chart, too", text(browser, "#strength-chart .caption") == "No synapse is there.")
        browser.run("synapses.point(0, 0)")
        browser.drawn()
        side = browser.value("synapses.pixels * (window.devicePixelRatio || 1)")
        alpha = browser.value("""((canvas, x, y) => {
            const paint = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
            paint.drawImage(canvas, -x, -y);
            return paint.getImageData(0, 0, 1, 1).data[3];
        })""" + f"(byId('strengths'), {int((pre + 0.5) * side)}, {int((post + 0.5) * side)})")
        check("and its place is blank", alpha == 0, address, alpha)
    stored = h5py.File(folder + "few.h5")["synapses/W_ee/strength"]
    seen = browser.value("run.matrices.find((one) => one.address === 'W_ee').exists.reduce((a, b) => a + b, 0)")
    check("there are as many synapses as the file has numbers", seen == stored.shape[1], seen, stored.shape)


def shows_phases_in_turn(browser):
    opens_silently(browser, folder + "turns.html")
    browser.run("showOne(2)")
    browser.drawn()
    times = browser.value("(() => { const all = []; for (const p of [1, 2]) eachTime(1, p, (from, to, isLast) => "
                          "all.push([p, from * run.step_ms, to * run.step_ms, isLast])); return all; })()")
    # 2 ms before the group; 1 ms and 3 ms, three times.
    wanted = [[p, 2 + 4 * k + begin, 2 + 4 * k + end, k == 2] for p, begin, end in ((1, 0, 1), (2, 1, 4)) for k in range(3)]
    check("phases in turn have a place for each iteration", numpy.allclose(times, wanted), times)
    check("the legend of phases has their length and how often", text(browser, "#phases") == "forward, 2 mstop, 1 ms × 3bottom, 3 ms × 3update, 5 ms × 2",
          text(browser, "#phases"))
    # Step of 24 ms; the tops of the bars, where no name stands.
    top = browser.value("timeLine.left() ? 23 : 38")
    at = [(browser.value(f"timeLine.x(1 + {2 + 4 * k + part} / 24)"), top) for k in range(3) for part in (0.5, 2.5)]
    seen = pixels(browser, "#timeline", at)
    check("each is drawn in its colour", seen[0::2] == [seen[0]] * 3 and seen[1::2] == [seen[1]] * 3 and seen[0] != seen[1], seen)
    held = browser.value(f"(({{x, y}}) => [Array.from(x), Array.from(y)])(heldOf(line({series('lower.r')}, -1, 0), 1, 2))")
    inside = [x for x, y in zip(*held) if y is not None and 1 + 2.01 / 24 < x < 1 + 9.99 / 24]
    check("nothing is said of iterations before the last", inside == [], held)
    stored = h5py.File(folder + "turns.h5")["state/lower/rate"][2, :, 0].astype("f4").tolist()
    seen = [y for y in held[1] if y is not None][1::2]
    check("numbers are those behind the last", seen[:4] == stored, seen, stored)
    check("a wire is dashed and in the legend", edge(browser, "label.soma->upper.basal") == ["edge wire"] and
          "dashed, one to one" in kinds_in_legend(browser), kinds_in_legend(browser))
    check("so are dendrites that move the soma", edge(browser, "upper.basal->upper.soma") == ["edge coupling"] and
          "thick" in kinds_in_legend(browser))


def reads_richer_circuits(browser):
    shows_interneurons(browser)
    shows_when_gates_moved(browser)
    leaves_blank_where_no_synapse_is(browser)
    shows_phases_in_turn(browser)
