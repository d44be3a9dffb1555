// Phases, gates, interneurons, what the experimenter does, and which steps were sampled.
class TimeLine {
    constructor() {
        this.canvas = byId("timeline");
        this.gates = run.gates.map((gate) => ({
            ...gate, recorded: run.series.find((one) => one.address === (gate.by_cells ? gate.opens + ".gate" : "gate." + gate.name)),
            moves: gate.late ? this.movesOf(gate.name) : [],
        }));
        // Each beside the largest mean rate that is shown of it.
        this.interneurons = (run.interneurons ?? []).map((name) => {
            const recorded = run.series.find((one) => one.address === name + ".r");
            return {name, recorded, largest: recorded ? this.largestMean(recorded) : 0};
        });
        this.events = run.interventions ?? [];
        // What is sampled by phase may be so on more than one axis.
        this.sampled = [...new Set(run.series.filter((one) => one.by_phase).map((one) => one.axis))];
        this.canvas.onkeydown = pressWindow;
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
        byId("phases").append(...run.phases.map((name, p) => {
            const mark = element("b");
            mark.style.setProperty("--mark", `var(--c${p % 8})`);
            const begin = p ? run.phase_end_ms[p - 1] : 0, turn = iterationsOf(p);
            const length = turn ? turn.ms[p - turn.first] : run.phase_end_ms[p] - begin;
            return element("span", {}, mark, `${name}, ${milliseconds(length)} ms${turn ? ` × ${turn.repeat}` : ""}`);
        }));
        redraws.push(() => this.draw());
    }
    left() { return this.canvas.clientWidth > 600 ? 130 : 0; }
    plotWidth() { return Math.max(1, this.canvas.clientWidth - this.left() - 1); }
    x(at) { return this.left() + (at - shown.from) / (shown.to - shown.from) * this.plotWidth(); }
    stepAt(x) { return shown.from + (x - this.left()) / this.plotWidth() * (shown.to - shown.from); }

    draw() {
        const names = ["phase", ...this.gates.map((gate) => gate.name), ...this.interneurons.map((one) => one.name), ...this.events.map((one) => `event ${one.name}`), "sampled"];
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
            else if (k <= this.gates.length + this.interneurons.length) this.drawCells(this.interneurons[k - 1 - this.gates.length], top + above);
            else if (k < names.length - 1) this.drawEvent(this.events[k - 1 - this.gates.length - this.interneurons.length], top + above);
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
    // Calls with step, phase, where on the canvas it begins and ends, and whether it is the last of
    // those that it takes place in the step, of which the recorded numbers are.
    eachPhase(action) {
        for (let step = Math.floor(shown.from) + 1; step <= Math.ceil(shown.to); ++step)
            for (let p = 0; p < phaseCount; ++p)
                eachTime(step, p, (from, to, isLast) => action(step, p, this.x(from), this.x(to), isLast));
    }
    tooFine(top, colour) {
        const paint = this.paint;
        paint.globalAlpha = 0.25;
        paint.fillStyle = colour;
        paint.fillRect(this.left(), top + 3, this.plotWidth(), 16);
        paint.globalAlpha = 1;
    }
    // Returns whether there is place for it. With a rim it can be read before any colour.
    text(text, from, to, y, colour, rim) {
        const paint = this.paint, begin = Math.max(from, this.left()), end = Math.min(to, this.left() + this.plotWidth());
        if (paint.measureText(text).width > end - begin - 6) return false;
        paint.textAlign = "center";
        if (rim) {
            paint.strokeStyle = rim;
            paint.lineWidth = 3;
            paint.lineJoin = "round";
            paint.strokeText(text, (begin + end) / 2, y);
            paint.lineWidth = 1;
        }
        paint.fillStyle = colour;
        paint.fillText(text, (begin + end) / 2, y);
        return true;
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
            const turn = iterationsOf(p);
            if (!isInTurn(p)) this.text(turn ? `${run.phases[p]} × ${turn.repeat}` : run.phases[p], begin, end, top + 11, theme("ink")) || this.text(run.phases[p], begin, end, top + 11, theme("ink"));
        });
        this.nameTurns(top);
    }
    // Over phases that are carried out in turn: their names, and how often.
    nameTurns(top) {
        for (const {first, last, repeat, ms} of run.iterations ?? []) {
            const names = run.phases.slice(first, last + 1), length = repeat * ms.reduce((a, b) => a + b, 0) / run.step_ms;
            for (let step = Math.floor(shown.from) + 1; first < last && step <= Math.ceil(shown.to); ++step) {
                const end = step - 1 + ends[last], from = this.x(end - length), to = this.x(end);
                for (const text of [`${names.join(", ")} in turn × ${repeat}`, `${names.join(", ")} × ${repeat}`, `× ${repeat}`])
                    if (this.text(text, from, to, top + 11, theme("ink"), theme("paper"))) break;
            }
        }
    }
    // The mean over the cells that are shown, where that step was sampled.
    recordedAt(one, step, phase) {
        if (!one) return undefined;
        const row = lowerBound(one.axis.steps, step);
        const part = one.axis.segments.findLast((part) => part.begin <= row);
        if (one.axis.steps[row] !== step || part.per !== 1) return undefined;
        const first = row * one.width + phase * one.cells;
        return one.values.subarray(first, first + one.cells).reduce((a, b) => a + b, 0) / one.cells;
    }
    // Over all that is here of it.
    largestMean(one) {
        let most = 0;
        for (let first = 0; first < one.values.length; first += one.cells)
            most = Math.max(most, Math.abs(one.values.subarray(first, first + one.cells).reduce((a, b) => a + b, 0) / one.cells) || 0);
        return most;
    }
    // How far it is open: recorded, otherwise as the model means it to be.
    gateAt(gate, step, phase) {
        const number = this.recordedAt(gate.recorded, step, phase);
        if (number !== undefined) return {open: number, recorded: true};
        return this.meant(gate, phase);
    }
    meant(gate, phase) { return {open: gate.open[phase] ? 1 : gate.closed ?? 0, recorded: false}; }
    // When the gate moved, in steps, of a late one whose events were recorded.
    movesOf(name) {
        const {count, names, what, times} = run.events;
        if (!count) return [];
        const opens = names.map(([kind, target]) => target === name && {"gate opens": 1, "gate closes": 0}[kind]);
        return Array.from(times, (ms, k) => ({at: ms / run.step_ms, opens: opens[what[k]]})).filter(({opens}) => opens === 0 || opens === 1);
    }
    // Between its first and its last events the page has none.
    movesAreKnown() {
        const {count, here, first, times} = run.events;
        return count === here || (first > 0 && shown.to <= times[first - 1] / run.step_ms);
    }
    // From move to move; behind it, when it is meant to be open.
    drawMoves(gate, top, colour) {
        const paint = this.paint;
        const bar = (from, to, share, alpha) => {
            const height = share > 0 ? Math.max(2, 18 * share) : 0;
            paint.globalAlpha = alpha;
            paint.fillStyle = colour;
            paint.fillRect(this.x(from), top + 20 - height, Math.max(1, this.x(to) - this.x(from)), height);
            paint.globalAlpha = 1;
        };
        for (let step = Math.floor(shown.from) + 1; step <= Math.ceil(shown.to); ++step)
            for (let p = 0; p < phaseCount; ++p)
                if (gate.open[p]) eachTime(step, p, (from, to) => bar(from, to, 1, 0.25));
        [{at: 0, opens: 0}, ...gate.moves].forEach(({at, opens}, k, all) => {
            const until = all[k + 1]?.at ?? lastStep;
            if (until < shown.from || at > shown.to) return;
            const share = opens ? 1 : gate.closed ?? 0;
            bar(at, until, share, 0.85);
            if (share > 0) this.text(this.openness(share), this.x(at), this.x(until), top + 11, share === 1 ? theme("paper") : theme("ink"), share < 1 ? theme("paper") : "");
        });
    }
    drawGate(gate, top) {
        const colour = theme("c2");
        if (!this.isFine()) {
            this.tooFine(top, colour);
            const open = run.phases.filter((_, p) => gate.open[p]).join(", ");
            this.text(`${gate.by_cells ? "cells open" : "opens"} ${gate.opens} during ${open || "no phase"}`, this.left(), this.left() + this.plotWidth(), top + 11, theme("ink"));
            return;
        }
        if (gate.moves.length && this.movesAreKnown()) return this.drawMoves(gate, top, colour);
        this.eachPhase((step, p, begin, end, isLast) => {
            const {open, recorded} = isLast ? this.gateAt(gate, step, p) : this.meant(gate, p);
            this.paint.globalAlpha = recorded ? 0.85 : 0.35;
            const share = clamp(open, 0, 1), height = Math.max(2, 18 * share);
            this.paint.fillStyle = open > 0 ? colour : theme("soft");
            this.paint.fillRect(begin, top + 20 - height, Math.max(1, end - begin), height);
            this.paint.globalAlpha = 1;
            if (open > 0) this.text(this.openness(open), begin, end, top + 11, recorded && share === 1 ? theme("paper") : theme("ink"), share < 1 ? theme("paper") : "");
        });
    }
    openness(open) {
        if (open === 1) return "open";
        return open < 0.005 ? "< 0.01" : open > 0.995 && open < 1 ? "> 0.99" : open.toFixed(2);
    }
    // Their mean rate in each phase that was sampled.
    drawCells(one, top) {
        if (!this.isFine() || !one.recorded) {
            if (one.recorded) this.tooFine(top, theme("c0"));
            this.text(one.recorded ? `mean rate of ${one.name} up to ${number(Number(one.largest.toPrecision(3)))}: zoom in to see it` : `${one.name}.r was not recorded`, this.left(), this.left() + this.plotWidth(), top + 11, theme("ink"));
            return;
        }
        this.eachPhase((step, p, begin, end, isLast) => {
            const rate = isLast ? this.recordedAt(one.recorded, step, p) : undefined;
            if (rate === undefined) return;
            const height = one.largest > 0 ? Math.max(2, 18 * clamp(Math.abs(rate) / one.largest, 0, 1)) : 2;
            this.paint.globalAlpha = 0.85;
            this.paint.fillStyle = rate ? theme("c0") : theme("soft");
            this.paint.fillRect(begin, top + 20 - height, Math.max(1, end - begin), height);
            this.paint.globalAlpha = 1;
            this.text(number(Number(rate.toPrecision(2))), begin, end, top + 11, theme("ink"), theme("paper"));
        });
    }
    // From its beginning to its end, each time that it comes; one that stays has no end.
    drawEvent({begin, lasts, period}, top) {
        const paint = this.paint, first = period ? Math.max(0, Math.floor((shown.from - begin) / period)) : 0;
        const last = period ? Math.floor((shown.to - begin) / period) : 0;
        if (period && period * this.pixelsPerStep() < 2) return this.tooFine(top, theme("c1"));
        paint.fillStyle = theme("c1");
        paint.globalAlpha = 0.7;
        for (let k = first; k <= last; ++k) {
            const from = begin + k * period, to = lasts < 0 ? lastStep : from + lasts;
            if (from <= shown.to && to >= shown.from) paint.fillRect(this.x(from), top + 3, Math.max(1, this.x(to) - this.x(from)), 16);
        }
        paint.globalAlpha = 1;
    }
    drawSamples(top) {
        this.paint.fillStyle = theme("c0");
        for (const axis of this.sampled) this.drawSamplesOf(axis, top);
    }
    drawSamplesOf(axis, top) {
        const paint = this.paint;
        for (const part of axis.segments) {
            const steps = axis.steps.subarray(part.begin, part.begin + part.points);
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
        const sampled = this.sampled.length ? `; ${whole(run.phase_steps)} steps were sampled by phase in all` : "";
        const steps = (from === to ? `Step ${whole(from)}` : `Steps ${whole(from)} to ${whole(to)}`) + time;
        byId("timeline-text").textContent = steps + sampled + ".";
        for (const [name, value] of [["min", 1], ["max", lastStep], ["now", from], ["text", steps]]) this.canvas.setAttribute("aria-value" + name, value);
    }
}
