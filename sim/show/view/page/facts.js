// What was run and found: the head of the page, the audit, and what was thinned.
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

// A line for each criterion, in the words of the audit.
function askedOf(names) {
    const lines = names.map((name) => [name, run.asked.filter((one) => one.column === name).map((one) => one.asked).join("; ")]);
    return element("dl", {id: "asked"}, ...lines.flatMap(([name, asked]) => [element("dt", {textContent: name}), element("dd", {textContent: asked})]));
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
    place.append(element("div", {className: "scroll"}, table), askedOf(names));
    const found = audit.findings ?? [], beyond = audit.beyond ?? [];
    if (found.length === 0) place.append(element("p", {textContent: "No operation breaks a criterion of the paper."}));
    place.append(...found.map((one) => finding(one, true)));
    if (beyond.length) place.append(element("details", {}, element("summary", {textContent: `Beyond the paper's criteria: ${beyond.length} findings`}),
        element("p", {className: "hint", textContent: "What else a critic would ask of a circuit; it never changes the verdict."}), ...beyond.map((one) => finding(one, false))));
}

// How far the run came.
function stepsText() {
    const of = run.steps_planned >= 0 && run.steps_completed !== run.steps_planned ? ` of ${whole(run.steps_planned)}` : "";
    if (run.failure) return `${whole(Math.max(0, run.steps_completed))}${of}; then the run failed`;
    if (run.steps_completed >= 0) return whole(run.steps_completed) + of;
    return `rows up to step ${whole(run.last_step)}${of}; ` + (run.goes_on ? "the run goes on" : "nothing writes it: the run was killed");
}

function setUpFacts() {
    const facts = [["steps", stepsText()], ["seed", run.seed]];
    if (run.step_ms > 0) facts.push(["a step", `${number(run.step_ms)} ms`]);
    if (run.final_loss !== null) facts.push(["loss at the end", run.final_loss < 1e6 ? run.final_loss.toFixed(5) : number(run.final_loss)]);
    if (audit) facts.push(["audit", audit.passes ? "passes the paper's criteria" : "fails the paper's criteria"]);
    facts.push(["made by", `apical ${run.version}, ${run.compiler}`]);
    for (const [name, text] of facts) byId("facts").append(element("div", {}, element("dt", {textContent: name}), element("dd", {textContent: text})));
    byId("failure").hidden = !run.failure;
    byId("failure").textContent = `The run failed: ${run.failure}`;
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
    const beyond = [...run.series, ...run.matrices].filter((one) => one.beyond > 0);
    if (beyond.length) lines.push(beyond.map((one) => `${one.address}: ${whole(one.beyond)}`).join(", ") + ` numbers beyond ±3.4e38, or infinite, which the page leaves out.`);
    if (run.events.count) lines.push(run.events.count > run.events.here ? `Of ${whole(run.events.count)} events the first and the last, ${whole(run.events.here)}.` : `All ${whole(run.events.count)} events.`);
    if (run.cells) lines.push(run.cells);
    for (const text of run.left_out) lines.push("Not here: " + text + ".");
    lines.push("Numbers are rounded to 32 bits; the run file has them in full.");
    byId("thinned").append(...lines.map((textContent) => element("li", {textContent})));
}

// As wide as Graphviz made it; on a narrow screen it can be scrolled rather than read with a lens.
function setUpCircuit() {
    const svg = document.querySelector(".drawing svg");
    // Names stand above all edges.
    const names = [...svg.querySelectorAll(".edge text, .cluster text")];
    for (const one of names) one.classList.add("name");
    svg.querySelector("g").append(...names);
    for (const [css, name] of [[":not(.wire) > [stroke-dasharray^='5']", "against"], [" > [stroke-dasharray^='1']", "drives"]])
        for (const one of svg.querySelectorAll(`.edge${css}`)) one.classList.add(name);
    for (const one of svg.querySelectorAll(".edge.inhibitory path")) one.classList.add("inhibits");
    for (const one of svg.querySelectorAll(".node")) one.classList.toggle("gate", !one.matches(".way") && one.querySelector("title").textContent.startsWith("gate."));
    for (const one of byId("circuit-legend").children) one.hidden = !svg.querySelector(one.dataset.of);
    svg.style.minWidth = Math.min(0.65 * svg.width.baseVal.value, 700) + "px";
}

// What of the model file is not what ran.
function setUpModel() {
    const changed = run.differences.filter(([, written]) => written), others = run.differences.length - changed.length;
    const named = changed.slice(0, 5).map(([key, written, ran]) => ran ? `${key} was ${ran}, not ${written}` : `${key} = ${written} does not count`);
    byId("differs").textContent = changed.length
        ? `The run differs from the model file: ${named.join("; ")}${changed.length > 5 ? `; and ${changed.length - 5} more` : ""}.`
        : "Every key of the model file ran as it was written.";
    byId("differences").hidden = run.differences.length === 0;
    byId("differences").firstElementChild.textContent = `What differs: ${changed.length} of the keys that were written, and ${others} that were not: defaults, deduced sizes, and what was set for this run`;
    document.querySelector("#differences tbody").append(...run.differences.map((row) =>
        element("tr", {}, ...row.map((text) => element("td", {textContent: text || "–"})))));
}
