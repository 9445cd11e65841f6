// Charts as SVG: a line, a heat map, shares. Each has a table behind it, and works by keyboard.
import { h, s, t, table } from "./lib.js";

const HEIGHT = 260;
const EDGE = { left: 52, right: 14, top: 14, bottom: 28 };

/** A step of 1, 2 or 5 times a power of ten that parts *most* into about four. */
function step(most) {
  const rough = most / 4 || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 2.5, 5, 10].map((times) => times * power).find((one) => one >= rough);
}

function behind(heads, rows) {
  const box = h("details.behind", { ontoggle: () => { if (box.open && !box.querySelector("table")) { const made = rows(); box.append(table(heads, made)); box.lastElementChild.tabIndex = 0; } } }, h("summary", t("as_table")));
  return box;
}

const line = (cells) => h("tr", cells.map((cell, place) => h(place ? "td.number" : "td", {}, cell)));

/** The frame that charts share: drawing anew at every width, a tip, a cursor moved by pointer and keys. */
function frame({ label, draw, count, move, text, pick }) {
  const svg = s("svg", { role: "img", tabindex: 0, "aria-label": label });
  const tip = h(".tip", { hidden: true });
  const said = h("span", { "aria-live": "polite", class: "skip" });
  let spots = [];
  let here = -1;
  let width = 0;

  function show(place) {
    here = place;
    const spot = spots[place];
    tip.hidden = !spot;
    if (!spot) { draw.cursor(svg, null); return; }
    tip.replaceChildren(...text(place));
    draw.cursor(svg, spot);
    const left = Math.min(Math.max(spot.x - tip.offsetWidth / 2, 0), Math.max(width - tip.offsetWidth, 0));
    const above = spot.y - tip.offsetHeight - 12;
    tip.style.transform = `translate(${left}px, ${above < 0 ? spot.y + 16 : above}px)`;
  }
  function nearest(event) {
    const at = svg.getBoundingClientRect();
    return draw.nearest(spots, event.clientX - at.left, event.clientY - at.top);
  }
  svg.addEventListener("pointermove", (event) => show(nearest(event)));
  svg.addEventListener("pointerleave", () => { if (document.activeElement !== svg) show(-1); });
  svg.addEventListener("click", (event) => { const place = nearest(event); if (spots[place]) pick(place); });
  svg.addEventListener("blur", () => show(-1));
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && spots[here]) { event.preventDefault(); pick(here); return; }
    const next = move(event.key, here < 0 ? 0 : here, here < 0);
    if (next === undefined) return;
    event.preventDefault();
    show(Math.min(Math.max(next, 0), count - 1));
    said.textContent = tip.textContent;
  });
  const box = h("figure.chart", svg, tip, said);
  const observer = new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width);
    if (now && now !== width) { width = now; spots = draw.all(svg, width); show(-1); }
  });
  observer.observe(box);
  return box;
}

/**
 * A line of points {label, title, value, before}; *format* writes a value, *pick* gets the place of a point.
 */
export function lineChart({ label, points, format, axis = format, pick, heads }) {
  const most = Math.max(...points.map((point) => Math.max(point.value ?? 0, point.before ?? 0)), 0);
  const every = step(most);
  const top = Math.max(Math.ceil(most / every) * every, every);
  const draw = {
    all(svg, width) {
      svg.replaceChildren();
      svg.setAttribute("height", HEIGHT);
      svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
      const inner = { width: width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
      const x = (place) => EDGE.left + (points.length > 1 ? (place / (points.length - 1)) * inner.width : inner.width / 2);
      const y = (value) => EDGE.top + inner.height * (1 - value / top);
      for (let value = 0; value <= top + every / 1000; value += every) {
        svg.append(s("line", { class: "grid", x1: EDGE.left, x2: width - EDGE.right, y1: y(value), y2: y(value) }));
        svg.append(s("text", { x: EDGE.left - 8, y: y(value) + 4, "text-anchor": "end" }, axis(value)));
      }
      const room = Math.max(1, Math.ceil(points.length / Math.max(1, Math.floor(inner.width / 84))));
      points.forEach((point, place) => {
        if (place % room || (place && points.length - place < room / 2 && points.length > 1)) return;
        const anchor = place === 0 && points.length > 1 ? "start" : place === points.length - 1 && points.length > 1 ? "end" : "middle";
        svg.append(s("text", { x: x(place), y: HEIGHT - 8, "text-anchor": anchor }, point.label));
      });
      const path = (of) => points.map((point, place) => [x(place), of(point)]).filter(([, value]) => value != null)
        .map(([across, value], place) => `${place ? "L" : "M"}${across.toFixed(1)} ${y(value).toFixed(1)}`).join("");
      const before = path((point) => point.before);
      if (before) svg.append(s("path", { class: "before", d: before }));
      const now = path((point) => point.value);
      if (now) {
        const last = points.findLastIndex((point) => point.value != null);
        const whole = points[last].partial && last > 0 ? now.slice(0, now.lastIndexOf("L")) : now;
        svg.append(s("path", { class: "area", d: `${now}L${x(last).toFixed(1)} ${y(0)}L${x(0)} ${y(0)}Z` }), s("path", { class: "line", d: whole }));
        if (whole !== now) svg.append(s("path", { class: "line unfinished", d: `M${whole.slice(whole.search(/[ML][^ML]*$/) + 1)}${now.slice(whole.length)}` }));
        if (points.length === 1) svg.append(s("circle", { class: "spot", r: 4, cx: x(0), cy: y(points[0].value) }));
      }
      return points.map((point, place) => ({ x: x(place), y: y(point.value ?? 0), empty: point.value == null }));
    },
    cursor(svg, spot) {
      svg.querySelectorAll(".cursor, .spot.here").forEach((one) => one.remove());
      if (!spot) return;
      svg.append(s("line", { class: "cursor", x1: spot.x, x2: spot.x, y1: EDGE.top, y2: HEIGHT - EDGE.bottom }));
      if (!spot.empty) svg.append(s("circle", { class: "spot here", r: 4.5, cx: spot.x, cy: spot.y }));
    },
    nearest: (spots, across) => spots.reduce((best, spot, place) => (Math.abs(spot.x - across) < Math.abs(spots[best].x - across) ? place : best), 0),
  };
  const shown = (value) => (value == null ? "—" : format(value));
  const steps = { ArrowRight: 1, ArrowLeft: -1, PageDown: 7, PageUp: -7 };
  const box = frame({
    label, draw, pick, count: points.length,
    move: (key, here, first) => (key === "Home" ? 0 : key === "End" ? points.length - 1 : key in steps ? (first ? points.length - 1 : here + steps[key]) : undefined),
    text: (place) => [h("span.quiet", points[place].title), h("b", shown(points[place].value)), points[place].before !== undefined && h("span.quiet", t("before_value", { value: shown(points[place].before) }))].filter(Boolean),
  });
  box.append(behind(heads, () => points.map((point) => line([point.title, shown(point.value), ...(heads.length > 2 ? [shown(point.before)] : [])]))));
  return box;
}

/** Cells of *rows* by *columns*; cells[row][column] is a number, or null where nothing is known. */
export function heatMap({ label, rows, columns, cells, format, pick }) {
  const across = columns.length;
  const most = Math.max(1, ...cells.flat().map((value) => value ?? 0));
  const left = 44;
  const bottom = 22;
  const draw = {
    all(svg, width) {
      const wide = (width - left - 4) / across;
      const high = Math.max(18, Math.min(30, wide * 0.9));
      const height = high * rows.length + bottom;
      svg.replaceChildren();
      svg.setAttribute("height", height);
      svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
      const spots = [];
      rows.forEach((name, row) => {
        svg.append(s("text", { x: left - 8, y: high * (row + 0.5) + 4, "text-anchor": "end" }, name));
        columns.forEach((_, column) => {
          const value = cells[row][column];
          const cell = s("rect", { class: "cell", x: left + wide * column, y: high * row, width: wide, height: high, rx: 4 });
          cell.style.fill = value === null ? "transparent" : value === 0 ? "var(--sunk)" : `color-mix(in oklab, var(--accent) ${Math.round(14 + 86 * (value / most) ** 0.8)}%, var(--paper))`;
          svg.append(cell);
          spots.push({ x: left + wide * (column + 0.5), y: high * (row + 0.5), wide, high });
        });
      });
      const room = wide < 22 ? 6 : 3;
      columns.forEach((name, column) => { if (column % room === 0) svg.append(s("text", { x: left + wide * (column + 0.5), y: height - 6, "text-anchor": "middle" }, name)); });
      return spots;
    },
    cursor(svg, spot) {
      svg.querySelector(".cell-cursor")?.remove();
      if (spot) svg.append(s("rect", { class: "cell-cursor", x: spot.x - spot.wide / 2 + 1, y: spot.y - spot.high / 2 + 1, width: spot.wide - 2, height: spot.high - 2, rx: 4 }));
    },
    nearest: (spots, at, down) => {
      const column = Math.floor((at - left) / (spots[0].wide));
      const row = Math.floor(down / spots[0].high);
      return column < 0 || column >= across || row < 0 || row >= rows.length ? -1 : row * across + column;
    },
  };
  const value = (place) => cells[Math.floor(place / across)][place % across];
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across };
  const box = frame({
    label, draw, count: rows.length * across,
    pick: (place) => { if (value(place) !== null) pick(Math.floor(place / across), place % across); },
    move: (key, here, first) => (key in steps ? (first ? 0 : here + steps[key]) : undefined),
    text: (place) => [h("span.quiet", `${rows[Math.floor(place / across)]} ${columns[place % across]}:00–${columns[place % across]}:59`), h("b", value(place) === null ? "—" : format(value(place)))],
  });
  box.append(behind(["", ...columns.map((column) => ({ number: column }))], () => rows.map((name, row) => line([name, ...cells[row].map((one) => (one === null ? "—" : one))]))));
  return box;
}

/** Parts of a whole: {label, value, share}. */
export function shares({ label, parts, format, formatShare, pick }) {
  const svg = s("svg", { role: "img", "aria-label": label, height: 18, viewBox: "0 0 1000 18", preserveAspectRatio: "none" });
  const total = parts.reduce((sum, part) => sum + part.value, 0) || 1;
  let from = 0;
  parts.forEach((part, place) => {
    const wide = (part.value / total) * 1000;
    svg.append(s("rect", { class: `share c${place}`, x: from, y: 0, width: Math.max(wide - 2, 0), height: 18 }));
    from += wide;
  });
  const rows = parts.map((part, place) => h("button", { type: "button", onclick: () => pick(place) },
    h(`i.c${place}`), h("span", part.label), h("span.number", format(part.value)), h("span.number.quiet", formatShare(part.share))));
  return h("figure.chart", svg, h(".legend", rows));
}
