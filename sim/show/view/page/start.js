// Everything in its place.
setUpFacts();
setUpCircuit();
setUpWindow();
const timeLine = phaseCount > 0 ? new TimeLine() : null;
if (!timeLine) byId("time").hidden = true;
setUpEvents();
setUpSpikes();
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
// On paper: in light colours, and charts no wider than their part of a page. They keep their size in pixels: a canvas
// that gets another one now is printed empty.
function drawForPaper(onPaper) {
    document.documentElement.classList.toggle("on-paper", onPaper);
    for (const redraw of redraws) redraw();
    for (const chart of charts) chart.fit(onPaper ? chart.roomOnPaper() : Infinity);
}
addEventListener("beforeprint", () => drawForPaper(true));
addEventListener("afterprint", () => drawForPaper(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show(shown.from, shown.to);
    synapses?.draw();
});
