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
                // When all charts are about to be drawn, a resize has drawn this one as it was.
                if (!first && !this.drawing && !asked && (Math.abs(from - shown.from) > 1e-9 || Math.abs(to - shown.to) > 1e-9)) show(from, to);
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
