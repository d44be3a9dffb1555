// The numbers of the file: series, their points in a window, means.
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

// Where the values of a step's phases begin; a moment later, so that each is told from the one before.
const phaseBegin = (p) => (p > 0 ? ends[p - 1] : 0) + 1e-6;

// The same of what is sampled in every phase: each value from where its phase begins to its end, and
// a gap where steps were not sampled.
function heldOf(one, from, to) {
    const steps = one.axis.steps, x = [], y = [];
    const begin = lowerBound(steps, from + 1e-9), end = lowerBound(steps, to + 1);
    for (let row = begin; row < end; ++row) {
        if (row > begin && steps[row] > steps[row - 1] + 1) {
            x.push((steps[row - 1] + steps[row] - 1) / 2);
            y.push(NaN);
        }
        for (let p = 0; p < one.per; ++p) {
            x.push(steps[row] - 1 + phaseBegin(p), steps[row] - 1 + ends[p]);
            y.push(one.y(row * one.per + p), one.y(row * one.per + p));
        }
    }
    return {x, y};
}

// Indices of lines that cannot be told apart, being closer everywhere than a two-hundredth of what
// the chart shows.
function coinciding(lines) {
    const all = lines.flatMap(({y}) => Array.from(y)).filter(Number.isFinite);
    const near = (all.reduce((most, v) => Math.max(most, v), -Infinity) - all.reduce((least, v) => Math.min(least, v), Infinity)) / 200;
    const same = (a, b) => a === b || Math.abs(a - b) <= near || Number.isNaN(a) && Number.isNaN(b);
    const alike = (one, other) => one.y.some(Number.isFinite) && one.x.length === other.x.length && !one.dashed && !other.dashed &&
        Array.from(one.x).every((x, k) => x === other.x[k] && same(one.y[k], other.y[k]));
    const groups = [];
    lines.forEach((one, k) => {
        const group = groups.find(([first]) => alike(lines[first], one));
        if (group) group.push(k); else groups.push([k]);
    });
    return groups.filter((group) => group.length > 1);
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
