"use strict";
// What the page does with the numbers in it. Its scripts, joined in the order of embed.cmake, share
// one scope. Step s of a run spans x from s - 1 to s.

const byId = (id) => document.getElementById(id);
const run = JSON.parse(byId("run").textContent);
const audit = JSON.parse(byId("audit-data").textContent);
const buffer = (() => {
    const text = atob(byId("data").textContent);
    const bytes = new Uint8Array(text.length);
    for (let k = 0; k < text.length; ++k) bytes[k] = text.charCodeAt(k);
    byId("data").textContent = "";
    return bytes.buffer;
})();
const floats = (at, count) => new Float32Array(buffer, at * 4, count);
const doubles = (at, count) => new Float64Array(buffer.slice(at * 4, at * 4 + count * 8));
const whole = (number) => Math.round(number).toLocaleString("en");
const milliseconds = (x) => x.toLocaleString("en", {maximumFractionDigits: 6});
const number = (x) => {
    if (x === null || Number.isNaN(x)) return "–";
    return Math.abs(x) < 1e6 ? Number(x.toPrecision(5)).toString() : x.toExponential(3);
};
const theme = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
const element = (tag, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
};
const clamp = (x, least, greatest) => Math.max(least, Math.min(greatest, x));
// The first index from which on `array` is not below x.
const lowerBound = (array, x) => {
    let low = 0, high = array.length;
    while (low < high) {
        const middle = (low + high) >> 1;
        if (array[middle] < x) low = middle + 1; else high = middle;
    }
    return low;
};
// "previous(hidden.apical.v)": the name within all brackets, and what stands before its first dot.
const innermost = (address) => address.replace(/^.*\(/, "").replace(/\).*$/, "");
const groupOf = (address) => innermost(address).split(".")[0];
// "change(eligibility(W_in))": what it is of, "eligibility(W_in)".
const subjectOf = (address) => address.replace(/^[^(]*\((.*)\)$/, "$1");
