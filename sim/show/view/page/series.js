// The numbers of the file: series, their points in a window, means.
const phaseCount = run.phases.length;
const ends = run.phase_end_ms.map((ms) => ms / run.step_ms);
// Phases that take place several times in a step, one by itself or several in turn.
const iterationsOf = (p) => (run.iterations ?? []).find((one) => one.first <= p && p <= one.last);
const isInTurn = (p) => { const turn = iterationsOf(p); return turn !== undefined && turn.last > turn.first; };
// Where phases begin, of those in turn in the last iteration, whose numbers are recorded.
const begins = run.phases.map((_, p) => isInTurn(p) && iterationsOf(p).first === p ? ends[p] - iterationsOf(p).ms[0] / run.step_ms : p > 0 ? ends[p - 1] : 0);
// Calls with from where to where phase p takes place in a step, and whether it is the last time.
const mostTurns = 100;
function eachTime(step, p, action) {
    const turn = iterationsOf(p);
    if (!isInTurn(p)) return action(step - 1 + begins[p], step - 1 + ends[p], true);
    const sum = (count) => turn.ms.slice(0, count).reduce((a, b) => a + b, 0) / run.step_ms;
    const first = ends[turn.last] - turn.repeat * sum(turn.ms.length), times = Math.min(turn.repeat, mostTurns);
    const wider = turn.repeat / times, at = p - turn.first;
    for (let k = 0; k < times; ++k) {
        const begin = step - 1 + first + k * wider * sum(turn.ms.length);
        action(begin + wider * sum(at), begin + wider * sum(at + 1), k === times - 1);
    }
}

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
    one.tau_ms = run.slow.find((slow) => slow.address === one.address)?.tau_ms ?? 0;
}
// Which points of `steps` are joined with the one before: those that are at most so many steps apart
// for each row between them. Two points of a thinned part have per - 1 rows between them.
function joinedPoints(steps, segments, most) {
    const joined = new Uint8Array(steps.length);
    for (const part of segments)
        for (let i = part.begin === 0 ? 1 : 0; i < part.points; ++i) {
            const rows = part.per === 1 || i % 2 === 0 ? 1 : part.per - 1;
            joined[part.begin + i] = steps[part.begin + i] - steps[part.begin + i - 1] <= rows * most;
        }
    return joined;
}
// Twice the usual distance of rows: what is further apart is not joined.
function usualDistance(steps, segments) {
    const distances = [];
    for (const part of segments)
        for (let i = part.begin === 0 ? 1 : 0; i < part.points; ++i) {
            const rows = part.per === 1 || i % 2 === 0 ? 1 : part.per - 1;
            distances.push((steps[part.begin + i] - steps[part.begin + i - 1]) / rows);
        }
    return 2 * (distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1);
}
for (const axis of run.axes) {
    // Cells may do anything between two steps; a number of a step is a curve over the steps.
    axis.consecutive = joinedPoints(axis.steps, axis.segments, 1);
    axis.near = joinedPoints(axis.steps, axis.segments, usualDistance(axis.steps, axis.segments));
}
for (const one of run.means) {
    one.steps = doubles(one.steps, one.blocks);
    one.values = floats(one.at, one.blocks);
}
for (const one of run.matrices) {
    one.steps = doubles(one.steps, one.moments);
    one.size = one.post * one.pre;
    const whole = [{begin: 0, points: one.moments, per: 1}];
    one.near = joinedPoints(one.steps, whole, usualDistance(one.steps, whole));
    one.values = floats(one.at, one.moments * one.size);
    if (one.synapses === undefined) continue;
    one.exists = new Uint8Array(one.size);
    for (const place of doubles(one.synapses_at, one.synapses)) one.exists[place] = 1;
}
// Matrices of sets that lack synapses and are stored with all of their pairs.
for (const one of run.matrices) {
    const shape = ({post, pre, chosen_post, chosen_pre}) => JSON.stringify([post, pre, chosen_post, chosen_pre]);
    const connected = run.matrices.find((other) => other.address === `connected(${innermost(one.address)})`);
    if (!one.exists && connected && connected !== one && shape(one) === shape(connected)) one.exists = Uint8Array.from(connected.values.subarray(0, one.size));
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
        // Whether its points k - 1 and k are joined.
        joined: (k) => k % per !== 0 || (series.by_cell || series.by_phase ? series.axis.consecutive : series.axis.near)[k / per] === 1,
        x: (k) => {
            const at = all ? k % per : p;
            return steps[Math.floor(k / per)] - 1 + (series.by_phase ? ends[at] ?? 1 : 1);
        },
        y: (k) => series.values[Math.floor(k / per) * series.width + (all ? k % per : p) * series.cells + offset],
    };
}

// Where a line that goes on is no line: between its last point and x.
function addGap(points, x) {
    if (points.x.length === 0) return;
    points.x.push((points.x[points.x.length - 1] + x) / 2);
    points.y.push(NaN);
}

// Points of a line within [from, to] and one on either side; more than `most` are thinned by least
// and greatest. Between samples that are far apart is a gap. Lines of one axis and phase get the
// same x.
function pointsOf(one, from, to, most) {
    const steps = one.axis.steps;
    const begin = Math.max(0, lowerBound(steps, from) - 1) * one.per;
    const end = Math.min(steps.length, lowerBound(steps, to + 1) + 1) * one.per;
    const per = end - begin > most ? Math.ceil(2 * (end - begin) / most) : 1;
    const points = {x: [], y: []};
    for (let k = begin; k < end; k += per) {
        if (!one.joined(k)) addGap(points, one.x(k));
        if (per === 1) {
            points.x.push(one.x(k));
            points.y.push(one.y(k));
            continue;
        }
        let least = NaN, greatest = NaN, joined = true;
        const last = Math.min(end, k + per) - 1;
        for (let j = k; j <= last; ++j) {
            const value = one.y(j);
            if (!(value >= least)) least = Number.isNaN(value) ? least : value;
            if (!(value <= greatest)) greatest = Number.isNaN(value) ? greatest : value;
            joined &&= j === k || one.joined(j);
        }
        points.x.push(one.x(k));
        points.y.push(least);
        if (!joined) addGap(points, one.x(last));
        points.x.push(one.x(last));
        points.y.push(greatest);
    }
    return points;
}

// Where the values of a step's phases begin; a moment later, so that each is told from the one before.
const phaseBegin = (p) => begins[p] + 1e-6;
// Before it are iterations of which nothing is known.
const isAfterGap = (p) => isInTurn(p) && iterationsOf(p).first === p;

// The same of what is sampled in every phase: each value from where its phase begins to its end, and
// a gap where steps were not sampled. What relaxes with a time constant goes on from the end of the
// phase before, as long as that is known: v(t) = I + (v(0) - I) exp(-t / tau), I being constant
// within a phase.
const partsOfPhase = 24;

function heldOf(one, from, to) {
    const steps = one.axis.steps, points = {x: [], y: []}, tau = one.series.tau_ms / run.step_ms;
    const begin = lowerBound(steps, from + 1e-9), end = lowerBound(steps, to + 1);
    for (let row = begin; row < end; ++row) {
        if (row > begin && steps[row] > steps[row - 1] + 1) addGap(points, steps[row] - 1);
        for (let p = 0; p < one.per; ++p) {
            const at = steps[row] - 1, value = one.y(row * one.per + p);
            if (isAfterGap(p)) addGap(points, at + begins[p]);
            if (tau > 0) {
                addRelaxed(points, at, p, valueBefore(one, row, p), value, tau);
                continue;
            }
            points.x.push(at + phaseBegin(p), at + ends[p]);
            points.y.push(value, value);
        }
    }
    return points;
}

// At the end of the phase before; voltages begin at 0.
function valueBefore(one, row, p) {
    const steps = one.axis.steps, k = row * one.per + p;
    if (isAfterGap(p)) return NaN;
    if (p > 0) return one.y(k - 1);
    if (steps[row] === 1) return 0;
    return row > 0 && steps[row - 1] === steps[row] - 1 ? one.y(k - 1) : NaN;
}

function addRelaxed(points, at, p, before, value, tau) {
    const begin = begins[p], length = ends[p] - begin;
    for (let part = 0; part <= partsOfPhase && !Number.isNaN(before); ++part) {
        const x = length * part / partsOfPhase;
        const share = Math.expm1(-x / tau) / Math.expm1(-length / tau);
        points.x.push(at + begin + (part === 0 ? 1e-6 : x));
        points.y.push(before + share * (value - before));
    }
    if (Number.isNaN(before)) {
        points.x.push(at + ends[p]);
        points.y.push(value);
    }
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
    const points = {x: [], y: []};
    for (let k = begin; k < end; k += rows) {
        let sum = 0, count = 0;
        const last = Math.min(end, k + rows) - 1;
        for (let j = k; j <= last; ++j) {
            if (Number.isNaN(one.y(j))) continue;
            sum += one.y(j);
            ++count;
        }
        if (k > begin && !one.joined(k)) addGap(points, (steps[k] + steps[last]) / 2);
        points.x.push((steps[k] + steps[last]) / 2);
        points.y.push(count ? sum / count : NaN);
    }
    return {...points, rows};
}

// The rows in which a column has a number, and between gaps no line that is wider than `width`. Of
// columns that coincide in such stretches each has every `turns`-th of them, from `turn` on.
function loneRows(data, column, width, turns, turn) {
    const lone = new Set();
    let stretch = [], count = 0;
    const end = () => {
        if (stretch.length === 0) return;
        if (data[stretch[stretch.length - 1]][0] - data[stretch[0]][0] < width && count++ % turns === turn)
            for (const row of stretch) lone.add(row);
        stretch = [];
    };
    data.forEach((row, k) => {
        if (row[column] === null) return;
        if (Number.isNaN(row[column])) end(); else stretch.push(k);
    });
    end();
    return lone;
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
