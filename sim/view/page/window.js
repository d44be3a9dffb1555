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
