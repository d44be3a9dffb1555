// Everything in its place.
setUpFacts();
setUpCircuit();
setUpWindow();
const timeLine = phaseCount > 0 ? new TimeLine() : null;
if (!timeLine) byId("time").hidden = true;
setUpEvents();
const lossChart = setUpLoss();
const numbersChart = setUpNumbers();
const cells = bySteps.length ? new Cells() : null;
if (!cells) byId("cells").hidden = true;
const synapses = run.matrices.length ? new Synapses() : null;
if (!synapses) byId("synapses").hidden = true;
setUpAudit();
setUpModel();
setUpThinned();
showAll();
addEventListener("resize", () => show(shown.from, shown.to));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show(shown.from, shown.to);
    synapses?.draw();
});
