"""What the tests of pages read from a page and from the run files beside it."""
import sys

import h5py
import numpy

folder = sys.argv[1] + "/"
run = h5py.File(folder + "run.h5")
failures = []


def check(sentence, holds, *seen):
    if holds:
        return
    failures.append(sentence)
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


def kinds_in_legend(browser):
    return browser.value("[...document.querySelectorAll('#circuit-legend li')].filter((one) => one.checkVisibility()).map("
                         "(one) => one.textContent.split(':')[0])")


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
