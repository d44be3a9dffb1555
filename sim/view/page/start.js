// ---- everything in its place

setUpFacts();
setUpCircuit();
setUpWindow();
if (phaseCount > 0) new TimeLine(); else byId("time").hidden = true;
setUpLoss();
setUpNumbers();
if (bySteps.length) new Cells(); else byId("cells").hidden = true;
const synapses = run.matrices.length ? new Synapses() : null;
if (!synapses) byId("synapses").hidden = true;
setUpAudit();
setUpThinned();
showAll();
addEventListener("resize", () => show(shown.from, shown.to));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show(shown.from, shown.to);
    synapses?.draw();
});
