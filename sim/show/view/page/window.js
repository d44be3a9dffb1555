// Which steps are shown: from `shown.from` to `shown.to`, in all charts.
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

// The step nearest to the middle of those in sight in which something was sampled by phase; of a run
// without such steps, in which anything was.
function nearestSampled() {
    const middle = (shown.from + shown.to + 1) / 2;
    const byPhase = run.series.filter((one) => one.by_phase);
    const sampled = byPhase.length ? byPhase.map((one) => one.axis.steps)
        : [...run.series.map((one) => one.axis.steps), ...run.matrices.map((one) => one.steps)];
    let nearest = NaN;
    for (const steps of new Set(sampled)) {
        const above = lowerBound(steps, middle);
        for (const step of [steps[above - 1], steps[above]])
            if (step >= 1 && !(Math.abs(step - middle) >= Math.abs(nearest - middle))) nearest = step;
    }
    return Number.isNaN(nearest) ? Math.floor(middle) : nearest;
}

// What keys do wherever steps are in sight. It returns nothing: a handler's false would take a key,
// such as Tab, from the browser.
function pressWindow(event) {
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

function setUpWindow() {
    byId("all").onclick = showAll;
    byId("narrower").onclick = () => zoom(0.5);
    byId("wider").onclick = () => zoom(2);
    byId("earlier").onclick = () => move(-0.5);
    byId("later").onclick = () => move(0.5);
    byId("one").onclick = () => showOne(nearestSampled());
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
