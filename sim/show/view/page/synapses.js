// A matrix in each recorded step, and one synapse through recorded time.
class Synapses {
    constructor() {
        // The recurrent strengths first, then those of other sets, then what rules keep at synapses.
        const set = (one) => run.synapses.find((set) => set.name === one.address);
        const order = (one) => set(one)?.recurrent ? 0 : set(one) ? 1 : 2;
        this.all = [...run.matrices].sort((a, b) => order(a) - order(b));
        for (const one of this.all) byId("matrix").append(element("option", {value: one.address, textContent: `${one.address} (${one.post} × ${one.pre})`}));
        this.canvas = byId("strengths");
        this.cell = {post: 0, pre: 0};
        byId("matrix").onchange = () => this.choose();
        byId("moment").oninput = byId("difference").onchange = () => this.draw();
        this.canvas.onpointermove = (event) => this.point(Math.floor(event.offsetY / this.pixels), Math.floor(event.offsetX / this.pixels));
        this.canvas.onkeydown = (event) => {
            const by = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
            if (!by) return;
            event.preventDefault();
            this.point(this.cell.post + by[0], this.cell.pre + by[1]);
        };
        this.chart = new Chart(byId("strength-chart"), "through recorded time", "strength", () => this.course());
        this.choose();
        redraws.push(() => this.follow() ? this.draw() : this.chart.draw());
        addEventListener("resize", () => this.draw());
    }
    // The chosen synapse through recorded time, over the steps in sight.
    course() {
        const {steps} = this.one, begin = Math.max(0, lowerBound(steps, shown.from) - 1);
        const end = Math.min(steps.length, lowerBound(steps, shown.to + 1) + 1);
        const at = this.cell.post * this.one.pre + this.cell.pre, points = {x: [], y: []};
        for (let k = begin; k < end; ++k) {
            if (k > begin && !this.one.near[k]) addGap(points, steps[k]);
            points.x.push(steps[k]);
            points.y.push(this.at(k, at));
        }
        return {lines: [{label: this.name(), ...points}], note: this.exists(at) ? "" : "No synapse is there."};
    }
    exists(at) { return !this.one.exists || this.one.exists[at] === 1; }
    name() {
        const {address, chosen_pre: pre, chosen_post: post} = this.one;
        return `${address} from ${this.pre} ${pre?.[this.cell.pre] ?? this.cell.pre} to ${this.post} ${post?.[this.cell.post] ?? this.cell.post}`;
    }
    choose() {
        this.one = this.all.find((one) => one.address === byId("matrix").value);
        const set = run.synapses.find((set) => set.name === innermost(this.one.address));
        this.pre = set?.pre ?? "column";
        this.post = set?.post ?? "row";
        byId("moment").max = this.one.moments - 1;
        byId("moment").value = this.one.moments - 1;
        const first = Math.max(0, this.one.exists?.indexOf(1) ?? 0);
        this.cell = {post: Math.floor(first / this.one.pre), pre: first % this.one.pre};
        this.follow();
        this.draw();
    }
    // The slider leads through the steps in sight, or stays at the last one recorded before them.
    // Returns whether it had to move.
    follow() {
        const slider = byId("moment"), before = slider.value, {steps} = this.one;
        const end = lowerBound(steps, Math.ceil(shown.to - 1e-6) + 1);
        const last = Math.max(0, end - 1);
        const first = Math.min(last, lowerBound(steps, shown.from > 1e-6 ? Math.floor(shown.from + 1e-6) + 1 : 0));
        const wasLast = slider.value === slider.max;
        slider.min = first;
        slider.max = last;
        if (wasLast) slider.value = last;
        return slider.value !== before;
    }
    at(moment, k) {
        const now = this.one.values[moment * this.one.size + k];
        return byId("difference").checked ? now - this.one.values[k] : now;
    }
    // The largest magnitude over all recorded time, so that colours can be compared.
    largest() {
        let most = 0;
        for (let m = 0; m < this.one.moments; ++m)
            for (let k = 0; k < this.one.size; ++k) {
                const value = this.exists(k) ? Math.abs(this.at(m, k)) : 0;
                if (value > most && Number.isFinite(value)) most = value;
            }
        return most;
    }
    draw() {
        const {post, pre, address} = this.one, moment = Number(byId("moment").value);
        const key = `${address} ${byId("difference").checked}`;
        if (this.key !== key) this.most = this.largest();
        this.key = key;
        const room = this.canvas.parentElement.clientWidth - 4;
        const ratio = window.devicePixelRatio || 1;
        this.pixels = clamp(Math.min(room / pre, 460 / post), 0.05, 22);
        const step = `step ${whole(this.one.steps[moment])}`;
        byId("moment-text").textContent = `${step} (${whole(moment + 1)} of ${whole(this.one.moments)})`;
        byId("moment").setAttribute("aria-valuetext", step);
        const colour = this.colours();
        this.canvas.classList.toggle("lacking", Boolean(this.one.exists));
        const image = new ImageData(pre, post);
        for (let k = 0; k < post * pre; ++k) if (this.exists(k)) image.data.set(colour(this.at(moment, k)), 4 * k);
        const small = new OffscreenCanvas(pre, post);
        small.getContext("2d").putImageData(image, 0, 0);
        this.canvas.style.width = pre * this.pixels + "px";
        this.canvas.style.height = post * this.pixels + "px";
        this.canvas.width = Math.max(1, Math.round(pre * this.pixels * ratio));
        this.canvas.height = Math.max(1, Math.round(post * this.pixels * ratio));
        const paint = this.canvas.getContext("2d");
        paint.imageSmoothingEnabled = this.pixels * ratio < 1;
        paint.drawImage(small, 0, 0, this.canvas.width, this.canvas.height);
        paint.strokeStyle = theme("ink");
        paint.lineWidth = ratio;
        const side = this.pixels * ratio;
        if (side > 4) paint.strokeRect(this.cell.pre * side + 1, this.cell.post * side + 1, side - 2, side - 2);
        this.drawScale(colour, ratio);
        this.describe(moment);
        this.chart.draw();
    }
    // Between the theme's colours for low, zero and high.
    colours() {
        const rgb = (name) => [1, 3, 5].map((k) => parseInt(theme(name).slice(k, k + 2), 16));
        const low = rgb("low"), zero = rgb("zero"), high = rgb("high");
        return (value) => {
            if (Number.isNaN(value)) return [128, 128, 128, 255];
            const part = this.most > 0 ? clamp(value / this.most, -1, 1) : 0;
            const end = part < 0 ? low : high, by = Math.sqrt(Math.abs(part));
            return [0, 1, 2].map((k) => zero[k] + (end[k] - zero[k]) * by).concat(255);
        };
    }
    drawScale(colour, ratio) {
        const scale = byId("scale"), width = scale.clientWidth;
        scale.width = Math.round(width * ratio);
        scale.height = Math.round(scale.clientHeight * ratio);
        const paint = scale.getContext("2d");
        paint.scale(ratio, ratio);
        for (let x = 0; x < width; ++x) {
            const [r, g, b] = colour((2 * x / width - 1) * this.most);
            paint.fillStyle = `rgb(${r},${g},${b})`;
            paint.fillRect(x, 0, 1, 14);
        }
        paint.font = "12px system-ui, DejaVu Sans, sans-serif";
        paint.fillStyle = theme("soft");
        for (const [part, align] of [[-1, "left"], [0, "center"], [1, "right"]]) {
            paint.textAlign = align;
            paint.fillText(number(part * this.most), (part + 1) / 2 * width, 30);
        }
    }
    point(post, pre) {
        this.cell = {post: clamp(post, 0, this.one.post - 1), pre: clamp(pre, 0, this.one.pre - 1)};
        this.draw();
    }
    describe(moment) {
        const {post, pre} = this.cell, at = post * this.one.pre + pre, value = this.at(moment, at);
        const count = this.one.exists?.reduce((a, b) => a + b, 0);
        const blank = this.one.exists ? ` Blank is where no synapse is: ${whole(count)} of ${whole(this.one.size)} pairs have one.` : "";
        const lost = this.one.beyond ? " " + beyondNote(this.one.beyond).replace("a gap", "grey") : "";
        const fewer = this.one.moments < this.one.rows ? ` Of ${whole(this.one.rows)} recorded rows ${whole(this.one.moments)} are here.` : "";
        byId("strength-text").textContent = `${this.name()}${this.exists(at) ? `${byId("difference").checked ? ", change" : ""}: ${number(value)}` : ": no synapse"}. Rows are ${this.post}, columns ${this.pre}.${blank}${fewer}${lost}`;
    }
}
