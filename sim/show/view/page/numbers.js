// Loss, alignment and other numbers of a step.
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
    const beyond = beyondNote(all.reduce((sum, one) => sum + one.series.beyond, 0));
    return {lines: [...lines, ...extra], note: joined(note, beyond)};
}

function setUpLoss() {
    const loss = numbersOfStep.find((one) => one.address === "loss");
    if (!loss) {
        byId("loss").append(element("p", {className: "hint", textContent: run.no_loss ? `There is no loss: the circuit has ${run.no_loss}.` : "The loss was not recorded: [record.loss] with what = \"loss\" does."}));
        return null;
    }
    const chart = new Chart(byId("loss"), "loss of a step" + (run.bounds.length ? ", and what the best network would reach" : ""), withUnit("loss", loss.units), () => {
        const bounds = run.bounds.map((bound) => ({
            label: `${bound.name} ${bound.loss.toFixed(4)}`, dashed: true,
            x: [shown.from, shown.to], y: [bound.loss, bound.loss],
        }));
        return smoothed([line(loss, -1, 0, "loss")], bounds);
    });
    redraws.push(() => chart.draw());
    return chart;
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
        return null;
    }
    const select = byId("numbers");
    const names = [...kinds.keys()].sort((a, b) => (b === "cosine") - (a === "cosine"));
    for (const name of names) select.append(element("option", {value: name, textContent: name.replace("_", " ")}));
    let chart = null;
    const choose = () => {
        chart?.remove();
        const all = kinds.get(select.value);
        chart = new Chart(byId("number-chart"), all.length === 1 ? all[0].long_name : select.value.replace("_", " "),
            withUnit(select.value.replace(/_/g, " "), all[0].units), () => smoothed(all.map((one) => line(one, -1, 0, all.length === 1 ? one.address : one.address.startsWith("true_") ? one.address : subjectOf(one.address)))));
        chart.draw();
    };
    select.onchange = choose;
    redraws.push(() => chart ? chart.draw() : choose());
    return () => chart;
}
