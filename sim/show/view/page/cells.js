// Voltages and rates of chosen cells.
const bySteps = run.series.filter((one) => one.by_cell);
const mostCells = 8;

// The cells of a quantity that the page has, and where their numbers are.
const cellsShown = (one) => {
    const columns = Array.from({length: one.cells}, (_, k) => one.first_cell + k);
    return one.chosen ? columns.map((k) => one.chosen[k]) : columns;
};
const columnOf = (one, cell) => one.first_cell + cellsShown(one).indexOf(cell);

// "0, 3, 8:11" as numbers, the last not included, as everywhere else. Null when it is none such.
function cellsOf(text, known) {
    const found = [], end = known[known.length - 1] + 1;
    for (const part of text.split(/[\s,]+/).filter(Boolean)) {
        const match = /^(\d+)(?::(\d+))?$/.exec(part);
        if (!match) return null;
        const from = Number(match[1]), to = match[2] === undefined ? from + 1 : Number(match[2]);
        if (!known.includes(from) || to > end || to <= from) return null;
        for (const cell of known)
            if (cell >= from && cell < to && found.length <= mostCells && !found.includes(cell)) found.push(cell);
    }
    return found.length && found.length <= mostCells ? found : null;
}

class Cells {
    constructor() {
        this.groups = [...new Set(bySteps.map((one) => groupOf(one.address)))];
        const best = bySteps.filter((one) => one.by_phase && one.path.endsWith("/voltage")).map((one) => groupOf(one.address));
        const count = (name) => best.filter((other) => other === name).length;
        this.groups.sort((a, b) => count(b) - count(a));
        for (const name of this.groups) byId("group").append(element("option", {value: name, textContent: name}));
        byId("phase").append(element("option", {value: "-1", textContent: "every phase"}));
        run.phases.forEach((name, k) => byId("phase").append(element("option", {value: String(k), textContent: name})));
        byId("phase").value = "-1";
        byId("group").onchange = () => this.chooseGroup();
        byId("chosen").onchange = () => this.chooseCells();
        byId("phase").onchange = () => this.draw();
        byId("previous-cells").onclick = () => this.shift(-1);
        byId("next-cells").onclick = () => this.shift(1);
        byId("held-text").textContent = `Not shaded is the phase ${run.phases[0]}; shaded is ${run.phases.slice(1).join(", then darker ")}. In every phase a value is held until the phase ends${run.slow.length ? ", but a voltage with a time constant relaxes" : ""}; where steps were not sampled there is a gap.${(run.iterations ?? []).length ? " Values of phases that take place several times in a step are those behind the last iteration." : ""}`;
        this.charts = [];
        this.chooseGroup();
        redraws.push(() => this.draw());
    }
    chooseGroup() {
        const name = byId("group").value;
        this.quantities = bySteps.filter((one) => groupOf(one.address) === name);
        const order = (one) => one.address === `${name}.r` ? 0 : one.address === `${name}.soma.v` ? 1 : one.by_phase ? 2 : 3;
        this.quantities.sort((a, b) => order(a) - order(b));
        const main = this.quantities.filter((one) => order(one) < 3);
        this.checked = new Set(main.length ? main : this.quantities);
        byId("quantities").replaceChildren(...this.quantities.map((one) => {
            const box = element("input", {type: "checkbox", checked: this.checked.has(one)});
            box.onchange = () => {
                if (box.checked) this.checked.add(one); else this.checked.delete(one);
                this.rebuild();
            };
            return element("label", {}, box, " " + one.address);
        }));
        this.known = cellsShown(this.quantities[0]);
        this.cells = this.known.slice(0, 3);
        byId("chosen").value = this.cells.join(", ");
        this.rebuild();
    }
    chooseCells() {
        const first = this.known[0], end = this.known[this.known.length - 1] + 1;
        const cells = cellsOf(byId("chosen").value, this.known);
        byId("chosen").setAttribute("aria-invalid", String(cells === null));
        if (cells === null) {
            const which = this.quantities[0].chosen ? `of the cells ${this.known.slice(0, 40).join(", ")}${this.known.length > 40 ? ", ..." : ""}` : `cells from ${first} to ${end - 1}`;
            byId("chosen-text").textContent = `Expected up to ${mostCells} ${which}, such as ${first}, or ${first}:${Math.min(end, first + 4)} for the first of them.`;
            return;
        }
        this.cells = cells;
        this.draw();
    }
    shift(by) {
        const size = this.known.length;
        const step = by * this.cells.length;
        this.cells = this.cells.map((cell) => this.known[((this.known.indexOf(cell) + step) % size + size) % size]);
        byId("chosen").value = this.cells.join(", ");
        byId("chosen").removeAttribute("aria-invalid");
        this.draw();
    }
    rebuild() {
        for (const chart of this.charts) chart.remove();
        this.charts = this.quantities.filter((one) => this.checked.has(one)).map((one) => {
            const name = one.long_name && one.long_name !== one.address ? `${one.address}: ${one.long_name}` : one.address;
            const kind = one.path.split("/").pop().replace(/_/g, " ");
            return new Chart(byId("cell-charts"), withUnit(name, one.units), withUnit(kind, one.units), (chart) => {
                const phase = Number(byId("phase").value);
                const held = one.by_phase && phase < 0 && chart.isFine() && rowsPerPair(one.axis, shown.from, shown.to) === 1;
                const lines = this.cells.flatMap((cell, k) => {
                    if (!cellsShown(one).includes(cell)) return [];
                    const through = line(one, phase, columnOf(one, cell));
                    const points = held ? heldOf(through, shown.from, shown.to) : pointsOf(through, shown.from, shown.to, 3000);
                    return {...points, label: `cell ${cell}`, colour: k, held};
                });
                return {lines, isPhased: one.by_phase, note: joined(thinnedNote(one.axis), beyondNote(one.beyond))};
            });
        });
        this.draw();
    }
    draw() {
        byId("chosen-text").textContent = run.cells + (this.charts.length ? "" : " No quantity is chosen.");
        for (const chart of this.charts) chart.draw();
        byId("held-text").hidden = phaseCount < 2 || !this.charts.some((chart) => chart.isShaded);
    }
}
