// A chart that follows the steps in sight.
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
    const step = Math.ceil(x - 1e-7);
    const part = x - step + 1;
    const phase = ends.findIndex((end, p) => Math.abs(end - part) < 1e-7 || Math.abs(phaseBegin(p) - part) < 1e-7);
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

const stepTitle = run.step_ms > 0 ? `step (${number(run.step_ms)} ms each)` : "step";
// What stands at the axis of a quantity: "voltage", "voltage [mV]".
const withUnit = (name, unit) => unit && unit !== "1" ? `${name} [${unit}]` : name;
const labelFont = "11px system-ui, DejaVu Sans, sans-serif";
const labelHeight = 13;
const dotWidth = 4.4;

// Shades of the phases after the first, as those of `apical plot`.
function shadePhases(paint, area, graph) {
    paint.fillStyle = theme("ink");
    for (let step = Math.floor(shown.from) + 1; step <= Math.ceil(shown.to); ++step) {
        for (let p = 1; p < phaseCount; ++p) {
            paint.globalAlpha = Math.min(0.3, 0.08 * p);
            eachTime(step, p, (from, to) => {
                const begin = graph.toDomXCoord(from), end = graph.toDomXCoord(to);
                paint.fillRect(begin, area.y, end - begin, area.h);
            });
        }
    }
    paint.globalAlpha = 1;
}

// Rising places at least `apart` from each other, none beyond `last` while there is room.
function pushedApart(places, apart, last) {
    const pushed = [...places];
    for (let k = 1; k < pushed.length; ++k) pushed[k] = Math.max(pushed[k], pushed[k - 1] + apart);
    for (let k = pushed.length - 1, most = last; k >= 0; --k, most -= apart) pushed[k] = Math.min(pushed[k], most);
    return pushed;
}

const charts = new Set();

// A chart of `lines(chart)`: [{label, x, y, dashed}], drawn anew whenever the steps in sight change.
// A dashed line stays at its level, and its name stands beside it.
class Chart {
    constructor(place, title, axisTitle, lines) {
        this.axisTitle = axisTitle;
        this.lines = lines;
        this.heading = element("h3", {textContent: title});
        this.plot = element("div", {className: "plot"});
        this.plot.tabIndex = 0;
        this.plot.setAttribute("role", "application");
        this.plot.setAttribute("aria-roledescription", "chart");
        this.plot.setAttribute("aria-label", `${title}: arrow keys read its values`);
        this.plot.onkeydown = (event) => this.press(event);
        this.plot.onfocus = () => this.legend.setAttribute("aria-live", "polite");
        this.plot.onblur = () => {
            this.legend.removeAttribute("aria-live");
            this.graph?.clearSelection();
        };
        this.legend = element("div", {className: "legend"});
        this.note = element("p", {className: "caption"});
        this.levels = element("div", {className: "levels"});
        const frame = element("div", {className: "frame"}, this.plot, this.levels);
        this.box = element("div", {className: "chart"}, this.heading, frame, this.legend, this.note);
        place.append(this.box);
        charts.add(this);
    }
    // Arrow keys lead from point to point in sight; all others are those of the time line.
    press(event) {
        const by = {ArrowLeft: -1, ArrowRight: 1}[event.key];
        if (event.key === "Escape") this.graph.clearSelection();
        if (!by || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) {
            pressWindow(event);
            return;
        }
        event.preventDefault();
        const inSight = (row) => {
            const x = this.graph.getValue(row, 0);
            return x >= shown.from && x <= shown.to && this.hasValue(row);
        };
        const rows = this.graph.numRows(), selected = this.graph.getSelection();
        let row = selected >= 0 ? selected + by : by > 0 ? 0 : rows - 1;
        while (row >= 0 && row < rows && !inSight(row)) row += by;
        if (row >= 0 && row < rows) this.graph.setSelection(row);
    }
    // Whether any line has a point in this row.
    hasValue(row) {
        for (let k = 1; k < this.graph.numColumns(); ++k) if (Number.isFinite(this.graph.getValue(row, k) ?? NaN)) return true;
        return false;
    }
    // Whether single steps can be seen, and so their phases.
    isFine() { return phaseCount > 0 && ends.length === phaseCount && this.plot.clientWidth / (shown.to - shown.from) >= 8; }
    // How line k looks; it leaves those below it to be seen, with which it coincides or which have
    // many points as well. Few points are dots, and of many those that no line leads through.
    style(one, k, lines, groups, data) {
        const group = groups.find((group) => group.includes(k));
        const colour = theme("c" + (one.colour ?? k) % 8);
        const many = lines.length > 1 && one.x.length > 600;
        if (one.dashed) return {color: theme("soft"), strokePattern: [[6, 4], [2, 3], [10, 3, 2, 3], [1, 2]][k % 4], strokeWidth: 1.4, drawPoints: false};
        const above = group ? group.indexOf(k) : 0;
        const few = !group && !one.held && one.x.length < 150;
        const dots = loneRows(data, k + 1, dotWidth * (shown.to - shown.from) / this.plot.clientWidth, group?.length ?? 1, above);
        return {
            color: many ? colour + "70" : colour,
            strokePattern: above ? [8 * (group.length - above), 8 * above] : null,
            strokeWidth: many ? 0.7 : 1.4,
            drawPoints: few || dots.size > 0,
            drawPointCallback: (graph, name, paint, x, y, colour, size, row) => {
                if (few || dots.has(row)) Dygraph.Circles.DEFAULT(graph, name, paint, x, y, colour, size);
            },
        };
    }
    draw() {
        const {lines, note, isPhased} = this.lines(this);
        const data = merged(lines);
        const groups = coinciding(lines);
        this.note.textContent = joined(note, ...groups.map((group) => `${group.map((k) => lines[k].label).join(", ")} coincide: their colours take turns.`));
        this.isShaded = isPhased && this.isFine();
        this.hasRoom = this.plot.clientWidth > 480;
        if (data.length === 0) data.push([shown.from, ...lines.map(() => null)]);
        const series = {};
        lines.forEach((one, k) => { series[one.label] = this.style(one, k, lines, groups, data); });
        this.dashed = lines.filter((one) => one.dashed);
        // Dygraphs clears no more than its new plot area: with another gap what was drawn beyond it
        // would stay, under the names of levels.
        const gap = this.levelRoom();
        if (this.graph && gap !== this.gap) {
            this.graph.destroy();
            this.graph = null;
        }
        this.gap = gap;
        const options = {
            file: data, labels: ["step", ...lines.map((one) => one.label)], series,
            dateWindow: [shown.from, shown.to],
            axes: {
                x: {ticker: (a, b, pixels) => stepTicks(a, b, pixels), drawGrid: false},
                y: {axisLabelWidth: 76, pixelsPerLabel: 28, axisLabelFormatter: (v) => Number(v.toPrecision(8)).toString()},
            },
            xlabel: stepTitle, ylabel: this.axisTitle, xLabelHeight: 15, rightGap: gap,
            gridLineColor: theme("line"), axisLineColor: theme("line"),
        };
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
            connectSeparatedPoints: true, pointSize: dotWidth / 2, highlightCircleSize: 3.5,
            underlayCallback: (paint, area, graph) => {
                if (this.isShaded) shadePhases(paint, area, graph);
                this.nameLevels(area, graph);
            },
            interactionModel: interaction, animatedZooms: false, xRangePad: 0, yRangePad: 6,
            zoomCallback: (from, to) => { if (from !== shown.from || to !== shown.to) show(from, to); },
            drawCallback: (graph, first) => {
                const [from, to] = graph.xAxisRange();
                // When all charts are about to be drawn, a resize has drawn this one as it was.
                if (!first && !this.drawing && !asked && (Math.abs(from - shown.from) > 1e-9 || Math.abs(to - shown.to) > 1e-9)) show(from, to);
            },
        });
    }
    // What the names of levels take at the right of the plot; where that is too much, they are in
    // the legend.
    levelRoom() {
        if (!this.hasRoom || this.dashed.length === 0) return 5;
        const paint = new OffscreenCanvas(1, 1).getContext("2d");
        paint.font = labelFont;
        return 12 + Math.ceil(Math.max(...this.dashed.map((one) => paint.measureText(one.label).width)));
    }
    nameLevels(area, graph) {
        if (!this.hasRoom) return this.levels.replaceChildren();
        const levels = this.dashed.map((one) => ({name: one.label, y: graph.toDomYCoord(one.y[0])})).sort((a, b) => a.y - b.y);
        const places = pushedApart(levels.map(({y}) => y), labelHeight, area.y + area.h);
        this.levels.replaceChildren(...levels.map(({name}, k) => {
            const label = element("span", {textContent: name});
            label.style.left = area.x + area.w + 5 + "px";
            label.style.top = places[k] - labelHeight / 2 + "px";
            return label;
        }));
    }
    legendText(about) {
        const levels = new Set((this.dashed ?? []).map((one) => one.label));
        const spans = about.series.filter((one) => !(this.hasRoom && levels.has(one.label))).map((one) => {
            if (levels.has(one.label)) return `<i>${one.dashHTML} ${one.labelHTML}</i>`;
            const value = about.x === undefined || one.y === undefined ? "" : ` ${number(one.y)}`;
            return `<i><b style="color:${one.color.slice(0, 7)}">${one.labelHTML}</b>${value}</i>`;
        });
        return (about.x === undefined ? "" : `<i>${momentText(about.x)}</i>`) + spans.join("");
    }
    // In pixels: two charts of cells beside each other.
    roomOnPaper() { return this.box.parentElement.classList.contains("charts") ? 315 : 640; }
    fit(room) { this.plot.parentElement.style.zoom = Math.min(1, room / this.plot.clientWidth); }
    remove() {
        charts.delete(this);
        this.graph?.destroy();
        this.box.remove();
    }
}

const joined = (...sentences) => sentences.filter(Boolean).join(" ");

// Of numbers that no chart can show.
function beyondNote(count) {
    if (count === 0) return "";
    return `${whole(count)} recorded number${count > 1 ? "s are" : " is"} beyond ±3.4e38, or infinite: a gap here.`;
}

function thinnedNote(axis) {
    const per = rowsPerPair(axis, shown.from, shown.to);
    return per > 1 ? `Two points are the least and the greatest of ${whole(per)} recorded rows.` : "";
}
