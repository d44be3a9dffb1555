// What the event queue did in the steps in sight.
const mostEvents = 100;

if (run.events.count) {
    run.events.times = doubles(run.events.times, run.events.here);
    run.events.steps = doubles(run.events.steps, run.events.here);
    run.events.what = floats(run.events.what, run.events.here);
}

// Those of the steps in sight, and what to say of them.
function eventsInSight() {
    const {steps, what, times, names, count, here, first} = run.events;
    const begin = lowerBound(steps, Math.floor(shown.from + 1e-6) + 1);
    const end = lowerBound(steps, Math.ceil(shown.to - 1e-6) + 1);
    const most = Math.min(end, begin + mostEvents);
    const rows = [];
    for (let k = begin; k < most; ++k) {
        const [kind, target] = names[what[k]];
        rows.push([milliseconds(times[k]), whole(steps[k]), kind, target]);
    }
    const some = end > most ? `, the first ${mostEvents} of them here` : "";
    // Between its first and its last events the page has none.
    const cut = here < count && shown.to > (first > 0 ? steps[first - 1] : 0) && shown.from + 1 < (steps[first] ?? Infinity);
    return {rows, text: `${whole(end - begin)} events in these steps${some}` + (cut ? `; of the ${whole(count)} of the run the page has the first and the last, ${whole(here)}` : "")};
}

function setUpEvents() {
    if (!run.events.count) return;
    const body = document.querySelector("#events tbody");
    byId("events").hidden = false;
    redraws.push(() => {
        const {rows, text} = eventsInSight();
        byId("events-text").textContent = text;
        body.replaceChildren(...rows.map((row) => element("tr", {}, ...row.map((textContent) => element("td", {textContent})))));
    });
}
