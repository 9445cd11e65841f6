// The difference of two texts, by lines, and inside of changed lines by words. Nothing is reformatted.
import { h, t } from "./lib.js";

const MOST = 2500;
const AROUND = 3;
const LONG = 240;

/** Pairs [kind, item]: "same", "out" (only in the first), "in" (only in the second). */
export function steps(first, second) {
  let start = 0;
  while (start < first.length && start < second.length && first[start] === second[start]) start += 1;
  let end = 0;
  while (end < first.length - start && end < second.length - start && first[first.length - 1 - end] === second[second.length - 1 - end]) end += 1;
  const a = first.slice(start, first.length - end);
  const b = second.slice(start, second.length - end);
  const same = (items) => items.map((item) => ["same", item]);
  const middle = a.length * b.length > MOST * MOST ? [...a.map((item) => ["out", item]), ...b.map((item) => ["in", item])] : longest(a, b);
  return [...same(first.slice(0, start)), ...middle, ...same(first.slice(first.length - end))];
}

/** The longest common subsequence, found from the end. */
function longest(a, b) {
  const width = b.length + 1;
  const lengths = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] = a[i] === b[j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const found = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { found.push(["same", a[i]]); i += 1; j += 1; }
    else if (j >= b.length || (i < a.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) { found.push(["out", a[i]]); i += 1; }
    else { found.push(["in", b[j]]); j += 1; }
  }
  return found;
}

const words = (text) => text.match(/[\p{L}\p{N}_.-]+|\s+|./gu) || [];

/** Two lines side by side in the order of the text, with the words that differ marked. */
function pair(first, second) {
  const found = steps(words(first), words(second));
  const side = (kind) => h(`div.${kind}`, `${kind === "out" ? "−" : "+"} `, found.filter(([one]) => one === "same" || one === kind).map(([one, word]) => (one === "same" ? word : h("mark", word))));
  return [side("out"), side("in")];
}

/** The lines of a text; a long one, such as JSON without line breaks, ends after each object or member too. */
const lines = (text) => text.split("\n").flatMap((line) => (line.length > LONG ? line.split(/(?<=[[:,])(?=\{)|(?<=\},)/).flatMap((part) => (part.length > LONG ? part.split(/(?<=,)(?=")/) : part)) : line));

export function difference(first, second) {
  if (first === second) return h("p.quiet", t("no_difference"));
  const rows = [];
  const found = steps(lines(first), lines(second));
  for (let at = 0; at < found.length;) {
    const [kind, text] = found[at];
    if (kind === "same") { rows.push(["same", h("div", `  ${text}`)]); at += 1; continue; }
    const run = [];
    while (at < found.length && found[at][0] !== "same") { run.push(found[at]); at += 1; }
    const out = run.filter(([one]) => one === "out").map(([, one]) => one);
    const into = run.filter(([one]) => one === "in").map(([, one]) => one);
    for (let place = 0; place < Math.max(out.length, into.length); place += 1) {
      if (place < out.length && place < into.length) rows.push(...pair(out[place], into[place]).map((row) => ["changed", row]));
      else if (place < out.length) rows.push(["changed", h("div.out", `− ${out[place]}`)]);
      else rows.push(["changed", h("div.in", `+ ${into[place]}`)]);
    }
  }
  return h(".diff", { tabindex: 0 }, near(rows));
}

/** The rows around changes; the others are counted. */
function near(rows) {
  const shown = rows.map((_, place) => rows.slice(Math.max(0, place - AROUND), place + AROUND + 1).some(([kind]) => kind === "changed"));
  const out = [];
  for (let at = 0; at < rows.length;) {
    if (shown[at]) { out.push(rows[at][1]); at += 1; continue; }
    let count = 0;
    while (at < rows.length && !shown[at]) { count += 1; at += 1; }
    out.push(h("div.skip-lines", t("equal_lines", { count })));
  }
  return out;
}
