// Spikes of each population, a tick each, in the steps in sight.
class Raster {
    constructor(one) {
        this.one = one;
        this.times = doubles(one.times, one.here);
        this.which = floats(one.which, one.here);
        this.canvas = element("canvas");
        this.canvas.setAttribute("role", "img");
        this.canvas.style.width = "100%";
        this.text = element("p", {className: "caption"});
        byId("rasters").append(element("h3", {textContent: `${one.population}.spikes`}), this.canvas, this.text);
    }
    draw() {
        const {one, times, which, canvas} = this;
        const height = clamp(one.cells * 6, 40, 260), width = canvas.clientWidth, ratio = window.devicePixelRatio || 1;
        canvas.style.height = height + "px";
        canvas.width = Math.round(width * ratio);
        canvas.height = Math.round(height * ratio);
        const paint = canvas.getContext("2d");
        paint.scale(ratio, ratio);
        paint.fillStyle = theme("ink");
        const begin = lowerBound(times, shown.from), end = lowerBound(times, shown.to + 1e-9), row = height / one.cells;
        for (let k = begin; k < end; ++k)
            paint.fillRect((times[k] - shown.from) / (shown.to - shown.from) * width, height - (which[k] + 1) * row, 1.2, Math.max(1, row * 0.8));
        // Between its first and its last spikes the page has none.
        const cut = one.here < one.count && shown.to > (one.first > 0 ? times[one.first - 1] : 0) && shown.from < (times[one.first] ?? Infinity);
        const text = `${whole(end - begin)} spikes of ${whole(one.cells)} cells in these steps, cell 0 below` + (cut ? `; of the ${whole(one.count)} of the run the page has the first and the last, ${whole(one.here)}` : "");
        this.text.textContent = text;
        canvas.setAttribute("aria-label", text);
    }
}

function setUpSpikes() {
    if (!run.spikes?.length) return;
    byId("spikes").hidden = false;
    const rasters = run.spikes.map((one) => new Raster(one));
    redraws.push(() => { for (const raster of rasters) raster.draw(); });
}
