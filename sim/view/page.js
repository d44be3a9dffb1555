// What the page does with the numbers in it. Step s of a run spans x from s - 1 to s.
"use strict";

const byId = (id) => document.getElementById(id);
const run = JSON.parse(byId("run").textContent);
const audit = JSON.parse(byId("audit-data").textContent);
const buffer = (() => {
    const text = atob(byId("data").textContent);
    const bytes = new Uint8Array(text.length);
    for (let k = 0; k < text.length; ++k) bytes[k] = text.charCodeAt(k);
    byId("data").textContent = "";
    return bytes.buffer;
})();
const floats = (at, count) => new Float32Array(buffer, at * 4, count);
const doubles = (at, count) => new Float64Array(buffer.slice(at * 4, at * 4 + count * 8));
const whole = (number) => Math.round(number).toLocaleString("en");
const milliseconds = (x) => x.toLocaleString("en", {maximumFractionDigits: 6});
const number = (x) => x === null || Number.isNaN(x) ? "–" : Number(x.toPrecision(5)).toString();
const theme = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
};
const clamp = (x, least, greatest) => Math.max(least, Math.min(greatest, x));
// The first index from which on `array` is not below x.
const lowerBound = (array, x) => {
    let low = 0, high = array.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (array[middle] < x) low = middle + 1; else high = middle;
    }
    return low;
};
// "previous(hidden.apical.v)": the name within all brackets, and what stands before its first dot.
const innermost = (address) => address.replace(/^.*\(/, "").replace(/\).*$/, "");
const groupOf = (address) => innermost(address).split(".")[0];

// ---- the numbers

const phaseCount = run.phases.length;
const ends = run.phase_end_ms.map((ms) => ms / run.step_ms);

for (const axis of run.axes) {
    axis.steps = doubles(axis.steps, axis.points);
    let point = 0;
    for (const part of axis.segments) {
        part.begin = point;
        point += part.points;
    }
}
for (const one of run.series) {
    one.axis = run.axes[one.axis];
    one.width = one.phases * one.cells;
    one.values = floats(one.at, one.axis.points * one.width);
}
for (const one of run.means) {
    one.steps = doubles(one.steps, one.blocks);
    one.values = floats(one.at, one.blocks);
}
for (const one of run.matrices) {
    one.steps = doubles(one.steps, one.moments);
    one.size = one.post * one.pre;
    one.values = floats(one.at, one.moments * one.size);
}

// What a line of a chart goes through: phase -1 is every phase of what is sampled by phase.
function line(series, phase, cell, label) {
    const all = series.by_phase && phase < 0;
    const p = series.by_phase ? phase : 0;
    const per = all ? series.phases : 1;
    const offset = cell - series.first_cell;
    const steps = series.axis.steps;
    return {
        label, series, per,
        axis: series.axis,
        x: (k) => {
            const at = all ? k % per : p;
            return steps[Math.floor(k / per)] - 1 + (series.by_phase ? ends[at] ?? 1 : 1);
        },
        y: (k) => series.values[Math.floor(k / per) * series.width + (all ? k % per : p) * series.cells + offset],
    };
}

// Points of a line within [from, to] and one on either side; more than `most` are thinned by least
// and greatest. Lines of one axis and phase get the same x.
function pointsOf(one, from, to, most) {
    const steps = one.axis.steps;
    const begin = Math.max(0, lowerBound(steps, from) - 1) * one.per;
    const end = Math.min(steps.length, lowerBound(steps, to + 1) + 1) * one.per;
    const per = end - begin > most ? Math.ceil(2 * (end - begin) / most) : 1;
    const x = [], y = [];
    for (let k = begin; k < end; k += per) {
        if (per === 1) {
            x.push(one.x(k));
            y.push(one.y(k));
            continue;
        }
        let least = NaN, greatest = NaN;
        const last = Math.min(end, k + per) - 1;
        for (let j = k; j <= last; ++j) {
            const value = one.y(j);
            if (!(value >= least)) least = Number.isNaN(value) ? least : value;
            if (!(value <= greatest)) greatest = Number.isNaN(value) ? greatest : value;
        }
        x.push(one.x(k), one.x(last));
        y.push(least, greatest);
    }
    return {x, y};
}

// How many rows two points of an axis stand for in [from, to]; 1 when all are there.
function rowsPerPair(axis, from, to) {
    let per = 1;
    for (const part of axis.segments) {
        if (part.points === 0) continue;
        const first = axis.steps[part.begin], last = axis.steps[part.begin + part.points - 1];
        if (last > from && first <= to) per = Math.max(per, part.per);
    }
    return per;
}

// A number a step as means over blocks, so that noise hides nothing: of the steps in sight where
// all of them are there, otherwise those of the whole run.
function meansOf(one, from, to) {
    const steps = one.axis.steps;
    const begin = lowerBound(steps, from), end = lowerBound(steps, to + 1);
    const means = run.means.find((mean) => mean.address === one.series.address);
    if (rowsPerPair(one.axis, from, to) > 1) {
        const within = means ? lowerBound(means.steps, to) - lowerBound(means.steps, from) : 0;
        if (within < 3) return {...pointsOf(one, from, to, 4000), rows: 1};
        return {x: means.steps, y: means.values, rows: means.rows};
    }
    const rows = end - begin > 400 ? Math.ceil((end - begin) / 200) : 1;
    if (rows === 1) return {...pointsOf(one, from, to, 4000), rows};
    const x = [], y = [];
    for (let k = begin; k < end; k += rows) {
        let sum = 0, count = 0;
        const last = Math.min(end, k + rows) - 1;
        for (let j = k; j <= last; ++j) {
            if (Number.isNaN(one.y(j))) continue;
            sum += one.y(j);
            ++count;
        }
        x.push((steps[k] + steps[last]) / 2);
        y.push(count ? sum / count : NaN);
    }
    return {x, y, rows};
}

// Rows of a dygraph: all x of all lines in order; null where a line has no point.
function merged(lines) {
    const rows = new Map();
    lines.forEach(({x, y}, k) => {
        let before = -Infinity;
        for (let i = 0; i < x.length; ++i) {
            // Two points of one pair may have the same x.
            const at = x[i] === before ? x[i] + 1e-9 * Math.max(1, Math.abs(x[i])) : x[i];
            before = x[i];
            let row = rows.get(at);
            if (!row) rows.set(at, row = [at, ...new Array(lines.length).fill(null)]);
            row[k + 1] = y[i];
        }
    });
    return [...rows.values()].sort((a, b) => a[0] - b[0]);
}

// ---- which steps are shown

const lastStep = Math.max(1, run.last_step);
const shown = {from: 0, to: lastStep};
const redraws = [];
let asked = false;

function show(from, to) {
    const width = clamp(to - from, 1, lastStep);
    shown.from = clamp(from, 0, lastStep - width);
    shown.to = shown.from + width;
    if (!asked) requestAnimationFrame(() => {
        asked = false;
        for (const redraw of redraws) redraw();
    });
    asked = true;
}
const showAll = () => show(0, lastStep);
function zoom(factor, centre = (shown.from + shown.to) / 2) {
    const width = clamp((shown.to - shown.from) * factor, 1, lastStep);
    const from = centre - (centre - shown.from) / (shown.to - shown.from) * width;
    show(from, from + width);
}
function move(part) {
    const by = (shown.to - shown.from) * part;
    show(shown.from + by, shown.to + by);
}
function showOne(step) { show(step - 1, step); }

function setUpWindow() {
    byId("all").onclick = showAll;
    byId("narrower").onclick = () => zoom(0.5);
    byId("wider").onclick = () => zoom(2);
    byId("earlier").onclick = () => move(-0.5);
    byId("later").onclick = () => move(0.5);
    byId("one").onclick = () => showOne(Math.floor((shown.from + shown.to) / 2) + 1);
    const typed = () => {
        const from = byId("from").valueAsNumber, to = byId("to").valueAsNumber;
        if (Number.isFinite(from) && Number.isFinite(to)) show(from - 1, Math.max(from, to));
    };
    byId("from").onchange = byId("to").onchange = typed;
    byId("from").max = byId("to").max = lastStep;
    const seen = new Set();
    for (const axis of run.axes) {
        for (const {first, last} of axis.windows) {
            const name = `${whole(first)} to ${whole(last)}`;
            if (first === 1 && last >= lastStep || seen.has(name) || seen.size >= 6) continue;
            seen.add(name);
            const button = element("button", {type: "button", textContent: name, onclick: () => show(first - 1, last)});
            button.setAttribute("aria-label", `Steps ${name}`);
            byId("windows").append(button);
        }
    }
    if (seen.size) byId("windows").prepend(element("span", {textContent: "Step by step:"}));
    redraws.push(() => {
        byId("from").value = Math.floor(shown.from + 1e-6) + 1;
        byId("to").value = Math.ceil(shown.to - 1e-6);
    });
}

// ---- charts

// From where to where the label of a tick is a whole step.
function stepTicks(from, to, pixels) {
    const most = Math.max(2, Math.floor(pixels / 80));
    let every = 1;
    for (let power = 1; (to - from) / every > most; power *= 10)
        for (const digit of [1, 2, 5]) if ((to - from) / every > most) every = digit * power;
    const ticks = [];
    for (let step = Math.ceil(from / every) * every; step <= to; step += every) ticks.push({v: step, label: whole(step)});
    return ticks;
}

function momentText(x) {
    const step = Math.ceil(x - 1e-6);
    const part = x - step + 1;
    const phase = ends.findIndex((end) => Math.abs(end - part) < 1e-6);
    return `step ${whole(step)}` + (phase >= 0 && phaseCount > 1 ? `, ${run.phases[phase]}` : "");
}

const interaction = (() => {
    const usual = Dygraph.defaultInteractionModel;
    return {
        mousedown: usual.mousedown,
        willDestroyContextMyself: usual.willDestroyContextMyself,
        dblclick: (event, graph) => {
            graph.updateOptions({valueRange: null}, true);
            showAll();
        },
    };
})();

const colours = () => Array.from({length: 8}, (_, k) => theme("c" + k));

// A chart of `lines()`: [{label, x, y, dashed}], drawn anew whenever the steps in sight change.
class Chart {
    constructor(place, title, lines) {
        this.lines = lines;
        this.heading = element("h3", {textContent: title});
        this.plot = element("div", {className: "plot"});
        this.plot.setAttribute("role", "img");
        this.plot.setAttribute("aria-label", title);
        this.legend = element("div", {className: "legend"});
        this.note = element("p", {className: "caption"});
        this.box = element("div", {className: "chart"}, this.heading, this.plot, this.legend, this.note);
        place.append(this.box);
    }
    draw() {
        const {lines, note} = this.lines();
        const data = merged(lines);
        this.note.textContent = note;
        if (data.length === 0) data.push([shown.from, ...lines.map(() => null)]);
        const palette = colours();
        const series = {};
        lines.forEach((one, k) => {
            series[one.label] = {
                color: one.dashed ? theme("soft") : palette[(one.colour ?? k) % 8],
                strokePattern: one.dashed ? [[6, 4], [2, 3], [10, 3, 2, 3], [1, 2]][k % 4] : null,
                drawPoints: !one.dashed && one.x.length < 150,
            };
        });
        const options = {
            file: data, labels: ["step", ...lines.map((one) => one.label)], series,
            dateWindow: [shown.from, shown.to],
            axes: {
                x: {ticker: (a, b, pixels) => stepTicks(a, b, pixels), drawGrid: false},
                y: {axisLabelWidth: 62, pixelsPerLabel: 28, axisLabelFormatter: (v) => Number(v.toPrecision(4)).toString()},
            },
            gridLineColor: theme("line"), axisLineColor: theme("line"),
        };
        this.dashed = lines.filter((one) => one.dashed);
        if (this.graph) {
            this.drawing = true;
            this.graph.updateOptions(options);
            this.drawing = false;
            return;
        }
        const {file, ...others} = options;
        this.graph = new Dygraph(this.plot, file, {
            ...others,
            legend: "always", labelsDiv: this.legend, legendFormatter: (about) => this.legendText(about),
            connectSeparatedPoints: true, strokeWidth: 1.4, pointSize: 2.2, highlightCircleSize: 3.5,
            underlayCallback: (paint, area, graph) => this.nameDashed(paint, area, graph),
            interactionModel: interaction, animatedZooms: false, xRangePad: 0, yRangePad: 6,
            zoomCallback: (from, to) => { if (from !== shown.from || to !== shown.to) show(from, to); },
            drawCallback: (graph, first) => {
                const [from, to] = graph.xAxisRange();
                if (!first && !this.drawing && (Math.abs(from - shown.from) > 1e-9 || Math.abs(to - shown.to) > 1e-9)) show(from, to);
            },
        });
    }
    // The name of a line that does not change stands on it.
    nameDashed(paint, area, graph) {
        paint.font = "11px system-ui, DejaVu Sans, sans-serif";
        paint.fillStyle = theme("soft");
        paint.textAlign = "right";
        paint.textBaseline = "bottom";
        let above = -Infinity;
        for (const one of this.dashed ?? []) {
            const y = graph.toDomYCoord(one.y[0]) - 1;
            if (Math.abs(y - above) >= 10) paint.fillText(one.label, area.x + area.w - 3, y);
            above = y;
        }
    }
    legendText(about) {
        const names = new Set((this.dashed ?? []).map((one) => one.label));
        const spans = about.series.filter((one) => !names.has(one.label)).map((one) => {
            const value = about.x === undefined || one.y === undefined ? "" : ` ${number(one.y)}`;
            return `<i><b style="color:${one.color}">${one.labelHTML}</b>${value}</i>`;
        });
        return (about.x === undefined ? "" : `<i>${momentText(about.x)}</i>`) + spans.join("");
    }
    remove() {
        this.graph?.destroy();
        this.box.remove();
    }
}

function thinnedNote(axis) {
    const per = rowsPerPair(axis, shown.from, shown.to);
    return per > 1 ? `Two points are the least and the greatest of ${whole(per)} recorded rows.` : "";
}

// ---- loss, alignment and other numbers of a step

const numbersOfStep = run.series.filter((one) => !one.by_cell && !one.by_phase);

function smoothed(all, extra = []) {
    let rows = 1, note = "";
    const lines = all.map((one) => {
        const means = meansOf(one, shown.from, shown.to);
        rows = Math.max(rows, means.rows);
        if (means.rows === 1) note = note || thinnedNote(one.axis);
        return {...means, label: one.label};
    });
    if (rows > 1) note = `Means of ${whole(rows)} recorded rows; zoom in for each.`;
    return {lines: [...lines, ...extra], note};
}

function setUpLoss() {
    const loss = numbersOfStep.find((one) => one.address === "loss");
    if (!loss) {
        byId("loss").append(element("p", {className: "hint", textContent: "The loss was not recorded: [record.loss] with what = \"loss\" does."}));
        return;
    }
    const chart = new Chart(byId("loss"), "loss of a step" + (run.bounds.length ? ", and what the best network would reach" : ""), () => {
        const bounds = run.bounds.map((bound) => ({
            label: `${bound.name} ${bound.loss.toFixed(4)}`, dashed: true,
            x: [shown.from, shown.to], y: [bound.loss, bound.loss],
        }));
        return smoothed([line(loss, -1, 0, "loss")], bounds);
    });
    redraws.push(() => chart.draw());
}

function setUpNumbers() {
    const kinds = new Map();
    for (const one of numbersOfStep) {
        if (one.address === "loss") continue;
        const kind = one.address.includes("(") ? one.address.split("(")[0].replace(/^true_/, "") : one.address;
        kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
    }
    if (kinds.size === 0) {
        byId("number-chart").append(element("p", {className: "hint", textContent: "Nothing of the kind was recorded; [diagnose] alignment = true measures how far the changes are from the exact gradient."}));
        byId("numbers").parentElement.hidden = true;
        return;
    }
    const select = byId("numbers");
    const names = [...kinds.keys()].sort((a, b) => (b === "cosine") - (a === "cosine"));
    for (const name of names) select.append(element("option", {value: name, textContent: name.replace("_", " ")}));
    let chart = null;
    const choose = () => {
        chart?.remove();
        const all = kinds.get(select.value);
        chart = new Chart(byId("number-chart"), all.length === 1 ? all[0].long_name : select.value.replace("_", " "),
            () => smoothed(all.map((one) => line(one, -1, 0, all.length === 1 ? one.address : one.address.startsWith("true_") ? one.address : innermost(one.address)))));
        chart.draw();
    };
    select.onchange = choose;
    redraws.push(() => chart ? chart.draw() : choose());
}

// ---- cells

const bySteps = run.series.filter((one) => one.by_cell);
const mostCells = 8;

// "0, 3, 8:11" as numbers, the last not included, as everywhere else. Null when it is none such.
function cellsOf(text, first, end) {
    const found = [];
    for (const part of text.split(/[\s,]+/).filter(Boolean)) {
        const match = /^(\d+)(?::(\d+))?$/.exec(part);
        if (!match) return null;
        const from = Number(match[1]), to = match[2] === undefined ? from + 1 : Number(match[2]);
        if (from < first || to > end || to <= from) return null;
        for (let cell = from; cell < to && found.length <= mostCells; ++cell) if (!found.includes(cell)) found.push(cell);
    }
    return found.length && found.length <= mostCells ? found : null;
}

class Cells {
    constructor() {
        this.groups = [...new Set(bySteps.map((one) => groupOf(one.address)))];
        const best = bySteps.filter((one) => one.by_phase && one.path.endsWith("/voltage")).map((one) => groupOf(one.address));
        const count = (name) => best.filter((other) => other === name).length;
        this.groups.sort((a, b) => count(b) - count(a));
        for (const name of this.groups) byId("group").append(element("option", {value: name, textContent: name}));
        byId("phase").append(element("option", {value: "-1", textContent: "every phase"}));
        run.phases.forEach((name, k) => byId("phase").append(element("option", {value: String(k), textContent: name})));
        byId("phase").value = "-1";
        byId("group").onchange = () => this.chooseGroup();
        byId("chosen").onchange = () => this.chooseCells();
        byId("phase").onchange = () => this.draw();
        byId("previous-cells").onclick = () => this.shift(-1);
        byId("next-cells").onclick = () => this.shift(1);
        this.charts = [];
        this.chooseGroup();
        redraws.push(() => this.draw());
    }
    chooseGroup() {
        const name = byId("group").value;
        this.quantities = bySteps.filter((one) => groupOf(one.address) === name);
        const order = (one) => one.address === `${name}.r` ? 0 : one.address === `${name}.soma.v` ? 1 : one.by_phase ? 2 : 3;
        this.quantities.sort((a, b) => order(a) - order(b));
        const main = this.quantities.filter((one) => order(one) < 3);
        this.checked = new Set(main.length ? main : this.quantities);
        byId("quantities").replaceChildren(...this.quantities.map((one) => {
            const box = element("input", {type: "checkbox", checked: this.checked.has(one)});
            box.onchange = () => {
                if (box.checked) this.checked.add(one); else this.checked.delete(one);
                this.rebuild();
            };
            return element("label", {}, box, " " + one.address);
        }));
        const {first_cell: first, cells} = this.quantities[0];
        this.first = first;
        this.end = first + cells;
        this.cells = Array.from({length: Math.min(3, cells)}, (_, k) => first + k);
        byId("chosen").value = this.cells.join(", ");
        this.rebuild();
    }
    chooseCells() {
        const cells = cellsOf(byId("chosen").value, this.first, this.end);
        byId("chosen").setAttribute("aria-invalid", String(cells === null));
        if (cells === null) {
            byId("chosen-text").textContent = `Expected up to ${mostCells} cells from ${this.first} to ${this.end - 1}, such as ${this.first}, or ${this.first}:${Math.min(this.end, this.first + 4)} for the first of them.`;
            return;
        }
        this.cells = cells;
        this.draw();
    }
    shift(by) {
        const size = this.end - this.first;
        const step = by * this.cells.length;
        this.cells = this.cells.map((cell) => this.first + ((cell - this.first + step) % size + size) % size);
        byId("chosen").value = this.cells.join(", ");
        byId("chosen").removeAttribute("aria-invalid");
        this.draw();
    }
    rebuild() {
        for (const chart of this.charts) chart.remove();
        this.charts = this.quantities.filter((one) => this.checked.has(one)).map((one) => {
            const name = one.long_name && one.long_name !== one.address ? `${one.address}: ${one.long_name}` : one.address;
            const chart = new Chart(byId("cell-charts"), one.units && one.units !== "1" ? `${name} [${one.units}]` : name, () => {
                const phase = Number(byId("phase").value);
                const lines = this.cells.map((cell, k) => {
                    const through = line(one, phase, cell);
                    return {...pointsOf(through, shown.from, shown.to, 3000), label: `cell ${cell}`, colour: k};
                });
                return {lines, note: thinnedNote(one.axis)};
            });
            return chart;
        });
        this.draw();
    }
    draw() {
        byId("chosen-text").textContent = run.cells + (this.charts.length ? "" : " No quantity is chosen.");
        for (const chart of this.charts) chart.draw();
    }
}

// ---- phases and gates

class TimeLine {
    constructor() {
        this.canvas = byId("timeline");
        this.gates = run.gates.map((gate) => ({
            ...gate, recorded: run.series.find((one) => one.address === "gate." + gate.name),
        }));
        this.state = run.series.find((one) => one.by_phase)?.axis;
        this.canvas.onkeydown = (event) => this.press(event);
        this.canvas.ondblclick = showAll;
        this.canvas.addEventListener("wheel", (event) => {
            if (!event.ctrlKey) return;
            event.preventDefault();
            zoom(event.deltaY > 0 ? 1.3 : 1 / 1.3, this.stepAt(event.offsetX));
        }, {passive: false});
        this.canvas.onpointerdown = (event) => {
            this.held = {x: event.clientX, ...shown};
            this.canvas.setPointerCapture(event.pointerId);
        };
        this.canvas.onpointermove = (event) => {
            if (!this.held) return;
            const by = (this.held.x - event.clientX) / this.plotWidth() * (this.held.to - this.held.from);
            show(this.held.from + by, this.held.to + by);
        };
        this.canvas.onpointerup = this.canvas.onpointercancel = () => { this.held = null; };
        redraws.push(() => this.draw());
    }
    press(event) {
        const width = shown.to - shown.from;
        const actions = {
            ArrowLeft: () => event.shiftKey ? show(shown.from - 1, shown.to - 1) : move(-0.25),
            ArrowRight: () => event.shiftKey ? show(shown.from + 1, shown.to + 1) : move(0.25),
            "+": () => zoom(0.5), "=": () => zoom(0.5), "-": () => zoom(2), "0": showAll,
            Home: () => show(0, width), End: () => show(lastStep - width, lastStep),
        };
        if (!actions[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        actions[event.key]();
    }
    left() { return this.canvas.clientWidth > 600 ? 130 : 0; }
    plotWidth() { return Math.max(1, this.canvas.clientWidth - this.left() - 1); }
    x(at) { return this.left() + (at - shown.from) / (shown.to - shown.from) * this.plotWidth(); }
    stepAt(x) { return shown.from + (x - this.left()) / this.plotWidth() * (shown.to - shown.from); }

    draw() {
        const names = ["phase", ...this.gates.map((gate) => gate.name), "sampled"];
        const above = this.left() ? 0 : 15, lane = 26 + above;
        const height = 22 + names.length * lane + 4;
        const ratio = window.devicePixelRatio || 1, width = this.canvas.clientWidth;
        this.canvas.style.height = height + "px";
        this.canvas.width = Math.round(width * ratio);
        this.canvas.height = Math.round(height * ratio);
        const paint = this.paint = this.canvas.getContext("2d");
        paint.scale(ratio, ratio);
        paint.font = "12px system-ui, DejaVu Sans, sans-serif";
        paint.textBaseline = "middle";
        this.drawSteps(height);
        names.forEach((name, k) => {
            const top = 22 + k * lane;
            paint.fillStyle = theme("soft");
            paint.textAlign = "left";
            paint.fillText(k > 0 && k <= this.gates.length ? `gate ${name}` : name, 0, above ? top + 7 : top + 12, above ? width : this.left() - 6);
            paint.save();
            paint.beginPath();
            paint.rect(this.left(), top + above, this.plotWidth(), 22);
            paint.clip();
            paint.fillStyle = theme("paper");
            paint.fillRect(this.left(), top + above, this.plotWidth(), 22);
            if (k === 0) this.drawPhases(top + above);
            else if (k <= this.gates.length) this.drawGate(this.gates[k - 1], top + above);
            else this.drawSamples(top + above);
            paint.restore();
        });
        this.describe();
    }
    pixelsPerStep() { return this.plotWidth() / (shown.to - shown.from); }
    isFine() { return this.pixelsPerStep() >= 8 && ends.length === phaseCount && phaseCount > 0; }
    drawSteps(height) {
        const paint = this.paint;
        paint.fillStyle = theme("soft");
        paint.strokeStyle = theme("line");
        paint.textAlign = "center";
        for (const {v, label} of stepTicks(shown.from, shown.to + (this.isFine() ? 1 : 0), this.plotWidth())) {
            const x = this.x(v);
            paint.beginPath();
            paint.moveTo(x, 18);
            paint.lineTo(x, height);
            paint.stroke();
            const half = paint.measureText(label).width / 2, middle = this.isFine() ? this.x(v - 0.5) : x;
            if (middle < this.left() || middle > this.left() + this.plotWidth()) continue;
            paint.fillText(label, clamp(middle, this.left() + half, this.left() + this.plotWidth() - half), 9);
        }
    }
    // Calls with step, phase, and where on the canvas it begins and ends.
    eachPhase(action) {
        for (let step = Math.floor(shown.from) + 1; step <= Math.ceil(shown.to); ++step) {
            for (let p = 0; p < phaseCount; ++p) {
                const begin = this.x(step - 1 + (p ? ends[p - 1] : 0)), end = this.x(step - 1 + ends[p]);
                action(step, p, begin, end);
            }
        }
    }
    tooFine(top, colour) {
        const paint = this.paint;
        paint.globalAlpha = 0.25;
        paint.fillStyle = colour;
        paint.fillRect(this.left(), top + 3, this.plotWidth(), 16);
        paint.globalAlpha = 1;
    }
    text(text, from, to, y, colour) {
        const paint = this.paint, begin = Math.max(from, this.left()), end = Math.min(to, this.left() + this.plotWidth());
        if (paint.measureText(text).width > end - begin - 6) return;
        paint.fillStyle = colour;
        paint.textAlign = "center";
        paint.fillText(text, (begin + end) / 2, y);
    }
    drawPhases(top) {
        const palette = colours();
        if (!this.isFine()) {
            this.tooFine(top, palette[7]);
            this.text(`${whole(shown.to - shown.from)} steps of ${phaseCount} phases: zoom in to see them`, this.left(), this.left() + this.plotWidth(), top + 11, theme("ink"));
            return;
        }
        this.eachPhase((step, p, begin, end) => {
            this.paint.globalAlpha = 0.35;
            this.paint.fillStyle = palette[p % 8];
            this.paint.fillRect(begin, top + 1, Math.max(1, end - begin - 1), 20);
            this.paint.globalAlpha = 1;
            this.text(run.phases[p], begin, end, top + 11, theme("ink"));
        });
    }
    // Whether it is open: recorded where that step was sampled, otherwise by the model.
    gateAt(gate, step, phase) {
        const one = gate.recorded;
        if (one) {
            const row = lowerBound(one.axis.steps, step);
            const part = one.axis.segments.findLast((part) => part.begin <= row);
            if (one.axis.steps[row] === step && part.per === 1) return {open: one.values[row * one.width + phase] > 0, recorded: true};
        }
        return {open: gate.open[phase], recorded: false};
    }
    drawGate(gate, top) {
        const colour = theme("c2");
        if (!this.isFine()) {
            this.tooFine(top, colour);
            const open = run.phases.filter((_, p) => gate.open[p]).join(", ");
            this.text(`opens ${gate.opens} during ${open || "no phase"}`, this.left(), this.left() + this.plotWidth(), top + 11, theme("ink"));
            return;
        }
        this.eachPhase((step, p, begin, end) => {
            const {open, recorded} = this.gateAt(gate, step, p);
            this.paint.globalAlpha = recorded ? 0.85 : 0.35;
            this.paint.fillStyle = open ? colour : theme("soft");
            this.paint.fillRect(begin, open ? top + 2 : top + 18, Math.max(1, end - begin), open ? 18 : 2);
            this.paint.globalAlpha = 1;
            if (open) this.text("open", begin, end, top + 11, recorded ? theme("paper") : theme("ink"));
        });
    }
    drawSamples(top) {
        const paint = this.paint;
        paint.fillStyle = theme("c0");
        if (!this.state) return;
        for (const part of this.state.segments) {
            const steps = this.state.steps.subarray(part.begin, part.begin + part.points);
            const every = part.per === 1 ? 1 : 2;
            const begin = Math.max(0, lowerBound(steps, shown.from) - every), end = lowerBound(steps, shown.to + 1);
            for (let k = begin - begin % every; k < end; k += every) {
                const from = this.x(steps[k] - 1), to = this.x(steps[Math.min(k + every, steps.length) - 1]);
                paint.fillRect(from, top + 6, Math.max(1, to - from - 0.5), 10);
            }
        }
    }
    describe() {
        const from = Math.floor(shown.from + 1e-6) + 1, to = Math.ceil(shown.to - 1e-6);
        const time = run.step_ms > 0 ? `, ${milliseconds((from - 1) * run.step_ms)} to ${milliseconds(to * run.step_ms)} ms` : "";
        const sampled = this.state ? `; ${whole(this.state.rows)} steps were sampled by phase in all` : "";
        byId("timeline-text").textContent = (from === to ? `Step ${whole(from)}` : `Steps ${whole(from)} to ${whole(to)}`) + time + sampled + ".";
    }
}

// ---- synapses

class Synapses {
    constructor() {
        const order = (one) => one.address === "W_rec" ? -1 : 0;
        this.all = [...run.matrices].sort((a, b) => order(a) - order(b));
        for (const one of this.all) byId("matrix").append(element("option", {value: one.address, textContent: `${one.address} (${one.post} × ${one.pre})`}));
        this.canvas = byId("strengths");
        this.cell = {post: 0, pre: 0};
        byId("matrix").onchange = () => this.choose();
        byId("moment").oninput = byId("difference").onchange = () => this.draw();
        this.canvas.onpointermove = (event) => this.point(Math.floor(event.offsetY / this.pixels), Math.floor(event.offsetX / this.pixels));
        this.canvas.onkeydown = (event) => {
            const by = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
            if (!by) return;
            event.preventDefault();
            this.point(this.cell.post + by[0], this.cell.pre + by[1]);
        };
        this.chart = new Chart(byId("strength-chart"), "through recorded time", () => this.course());
        this.choose();
        redraws.push(() => this.chart.draw());
        addEventListener("resize", () => this.draw());
    }
    // The chosen synapse through recorded time, over the steps in sight.
    course() {
        const {steps} = this.one, begin = Math.max(0, lowerBound(steps, shown.from) - 1);
        const x = steps.slice(begin, lowerBound(steps, shown.to + 1) + 1);
        const at = this.cell.post * this.one.pre + this.cell.pre;
        return {lines: [{label: this.name(), x, y: Array.from(x, (_, k) => this.at(begin + k, at))}], note: ""};
    }
    name() { return `${this.one.address} from ${this.pre} ${this.cell.pre} to ${this.post} ${this.cell.post}`; }
    choose() {
        this.one = this.all.find((one) => one.address === byId("matrix").value);
        const set = run.synapses.find((set) => set.name === innermost(this.one.address));
        this.pre = set?.pre ?? "column";
        this.post = set?.post ?? "row";
        const slider = byId("moment");
        slider.max = this.one.moments - 1;
        slider.value = this.one.moments - 1;
        this.cell = {post: 0, pre: 0};
        this.draw();
    }
    at(moment, k) {
        const now = this.one.values[moment * this.one.size + k];
        return byId("difference").checked ? now - this.one.values[k] : now;
    }
    // The largest magnitude over all recorded time, so that colours can be compared.
    largest() {
        let most = 0;
        for (let m = 0; m < this.one.moments; ++m)
            for (let k = 0; k < this.one.size; ++k) {
                const value = Math.abs(this.at(m, k));
                if (value > most && Number.isFinite(value)) most = value;
            }
        return most;
    }
    draw() {
        const {post, pre, address} = this.one, moment = Number(byId("moment").value);
        const key = `${address} ${byId("difference").checked}`;
        if (this.key !== key) this.most = this.largest();
        this.key = key;
        const room = this.canvas.parentElement.clientWidth - 4;
        const ratio = window.devicePixelRatio || 1;
        this.pixels = clamp(Math.min(room / pre, 460 / post), 0.05, 22);
        const step = `step ${whole(this.one.steps[moment])}`;
        byId("moment-text").textContent = `${step} (${whole(moment + 1)} of ${whole(this.one.moments)})`;
        byId("moment").setAttribute("aria-valuetext", step);
        const colour = this.colours();
        const image = new ImageData(pre, post);
        for (let k = 0; k < post * pre; ++k) image.data.set(colour(this.at(moment, k)), 4 * k);
        const small = new OffscreenCanvas(pre, post);
        small.getContext("2d").putImageData(image, 0, 0);
        this.canvas.style.width = pre * this.pixels + "px";
        this.canvas.style.height = post * this.pixels + "px";
        this.canvas.width = Math.max(1, Math.round(pre * this.pixels * ratio));
        this.canvas.height = Math.max(1, Math.round(post * this.pixels * ratio));
        const paint = this.canvas.getContext("2d");
        paint.imageSmoothingEnabled = this.pixels * ratio < 1;
        paint.drawImage(small, 0, 0, this.canvas.width, this.canvas.height);
        paint.strokeStyle = theme("ink");
        paint.lineWidth = ratio;
        const side = this.pixels * ratio;
        if (side > 4) paint.strokeRect(this.cell.pre * side + 1, this.cell.post * side + 1, side - 2, side - 2);
        this.drawScale(colour, ratio);
        this.describe(moment);
        this.chart.draw();
    }
    // Between the theme's colours for low, zero and high.
    colours() {
        const rgb = (name) => [1, 3, 5].map((k) => parseInt(theme(name).slice(k, k + 2), 16));
        const low = rgb("low"), zero = rgb("zero"), high = rgb("high");
        return (value) => {
            if (Number.isNaN(value)) return [128, 128, 128, 255];
            const part = this.most > 0 ? clamp(value / this.most, -1, 1) : 0;
            const end = part < 0 ? low : high, by = Math.sqrt(Math.abs(part));
            return [0, 1, 2].map((k) => zero[k] + (end[k] - zero[k]) * by).concat(255);
        };
    }
    drawScale(colour, ratio) {
        const scale = byId("scale"), width = scale.clientWidth;
        scale.width = Math.round(width * ratio);
        scale.height = Math.round(scale.clientHeight * ratio);
        const paint = scale.getContext("2d");
        paint.scale(ratio, ratio);
        for (let x = 0; x < width; ++x) {
            const [r, g, b] = colour((2 * x / width - 1) * this.most);
            paint.fillStyle = `rgb(${r},${g},${b})`;
            paint.fillRect(x, 0, 1, 14);
        }
        paint.font = "12px system-ui, DejaVu Sans, sans-serif";
        paint.fillStyle = theme("soft");
        for (const [part, align] of [[-1, "left"], [0, "center"], [1, "right"]]) {
            paint.textAlign = align;
            paint.fillText(number(part * this.most), (part + 1) / 2 * width, 30);
        }
    }
    point(post, pre) {
        this.cell = {post: clamp(post, 0, this.one.post - 1), pre: clamp(pre, 0, this.one.pre - 1)};
        this.draw();
    }
    describe(moment) {
        const {post, pre} = this.cell, value = this.at(moment, post * this.one.pre + pre);
        const fewer = this.one.moments < this.one.rows ? ` Of ${whole(this.one.rows)} recorded rows ${whole(this.one.moments)} are here.` : "";
        byId("strength-text").textContent = `${this.name()}${byId("difference").checked ? ", change" : ""}: ${number(value)}. Rows are ${this.post}, columns ${this.pre}.${fewer}`;
    }
}

// ---- audit, facts, what was thinned

function finding(one, isBad) {
    const parts = [
        element("p", {}, element("b", {textContent: one.criterion.replace(/_/g, " ")}), one.subject ? ` · ${one.subject}` : ""),
        element("p", {textContent: one.because + "."}),
    ];
    if (one.evidence) {
        const code = element("pre", {textContent: one.evidence});
        code.tabIndex = 0;
        parts.push(code);
    }
    if (one.further_operations) parts.push(element("p", {className: "hint", textContent: `and ${one.further_operations} further operation${one.further_operations > 1 ? "s" : ""}`}));
    if (one.to_mend) parts.push(element("p", {className: "hint", textContent: "To mend: " + one.to_mend + "."}));
    return element("div", {className: isBad ? "finding bad-one" : "finding"}, ...parts);
}

function setUpAudit() {
    const place = byId("verdict");
    if (!audit) {
        place.append(element("p", {className: "hint", textContent: "The file has no audit."}));
        return;
    }
    const names = Object.keys(audit.criteria);
    const table = element("table", {},
        element("thead", {}, element("tr", {}, ...names.map((name) => element("th", {scope: "col", textContent: name})), element("th", {scope: "col", textContent: "verdict"}))),
        element("tbody", {}, element("tr", {},
            ...names.map((name) => element("td", {className: audit.criteria[name] ? "good" : "bad", textContent: audit.criteria[name] ? "✓ ok" : "✗ fails"})),
            element("td", {className: audit.passes ? "good" : "bad", textContent: audit.passes ? "passes" : "fails"}))));
    place.append(element("div", {className: "scroll"}, table));
    const found = audit.findings ?? [], beyond = audit.beyond ?? [];
    if (found.length === 0) place.append(element("p", {textContent: "No operation breaks a criterion of the paper."}));
    place.append(...found.map((one) => finding(one, true)));
    if (beyond.length) place.append(element("details", {}, element("summary", {textContent: `Beyond the paper's criteria: ${beyond.length} findings`}), ...beyond.map((one) => finding(one, false))));
}

function setUpFacts() {
    const done = run.steps_completed >= 0 ? whole(run.steps_completed) : `rows up to ${whole(run.last_step)}; the run goes on, or it was killed`;
    const facts = [["steps", done], ["seed", run.seed]];
    if (run.step_ms > 0) facts.push(["a step", `${number(run.step_ms)} ms`]);
    if (run.final_loss !== null) facts.push(["loss at the end", run.final_loss.toFixed(5)]);
    if (audit) facts.push(["audit", audit.passes ? "passes the paper's criteria" : "fails the paper's criteria"]);
    facts.push(["made by", `apical ${run.version}, ${run.compiler}`]);
    for (const [name, text] of facts) byId("facts").append(element("div", {}, element("dt", {textContent: name}), element("dd", {textContent: text})));
    if (!run.series.some((one) => one.by_phase)) {
        byId("absent").hidden = false;
        byId("absent").textContent = "Nothing was recorded by phase: there are no voltages, rates or gates to show. A table such as [record.state] with what = [\"hidden.soma.v\", \"hidden.r\"] in the model file records them.";
    }
}

function setUpThinned() {
    const lines = [];
    for (const axis of run.axes) {
        const thinned = axis.segments.filter((part) => part.per > 1);
        const about = [...new Set(run.series.filter((one) => one.axis === axis).map((one) => one.address))];
        const names = about.length > 4 ? `${about.slice(0, 3).join(", ")} and ${about.length - 3} others` : about.join(", ");
        if (thinned.length === 0) {
            lines.push(`${names}: all ${whole(axis.rows)} recorded rows.`);
            continue;
        }
        const rows = thinned.reduce((sum, part) => sum + part.rows, 0);
        const exact = axis.segments.filter((part) => part.per === 1).map((part) => `steps ${whole(axis.steps[part.begin])} to ${whole(axis.steps[part.begin + part.points - 1])}`);
        lines.push(`${names}: ${whole(rows)} of ${whole(axis.rows)} recorded rows are thinned, the least and the greatest of ${whole(thinned[0].per)} rows each, so that no peak is lost` + (exact.length ? `; ${exact.join(", ")} are exact.` : "."));
    }
    const thin = run.matrices.filter((one) => one.moments < one.rows);
    if (run.matrices.length) lines.push(`${run.matrices.length} matrices: ` + (thin.length ? thin.map((one) => `${one.address} in ${whole(one.moments)} of ${whole(one.rows)} recorded rows`).join(", ") + "." : "all recorded rows."));
    if (run.cells) lines.push(run.cells);
    for (const text of run.left_out) lines.push("Not here: " + text + ".");
    lines.push("Numbers are rounded to 32 bits; the run file has them in full.");
    byId("thinned").append(...lines.map((textContent) => element("li", {textContent})));
}

// As wide as Graphviz made it; on a narrow screen it can be scrolled rather than read with a lens.
function setUpCircuit() {
    const svg = document.querySelector(".drawing svg");
    svg.style.minWidth = Math.min(0.65 * svg.width.baseVal.value, 700) + "px";
}

// ----

setUpFacts();
setUpCircuit();
setUpWindow();
if (phaseCount > 0) new TimeLine(); else byId("time").hidden = true;
setUpLoss();
setUpNumbers();
if (bySteps.length) new Cells(); else byId("cells").hidden = true;
const synapses = run.matrices.length ? new Synapses() : null;
if (!synapses) byId("synapses").hidden = true;
setUpAudit();
setUpThinned();
showAll();
addEventListener("resize", () => show(shown.from, shown.to));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show(shown.from, shown.to);
    synapses?.draw();
});
