// The 分析 panel: figures of a bot or workflow, each as the API answers it.
import { api, card, DAY, empty, h, isoDay, keep, modal, number, OFFSET, pad, percent, segments, share, t, view, weekdays } from "./lib.js";
import { heatMap, lineChart, shares } from "./chart.js";
import { explain } from "./explain.js";
import { onHint } from "./live.js";
import * as calls from "./figures-calls.js";
import * as sessions from "./figures-sessions.js";

const dayOf = (text) => Math.floor(Date.parse(`${text}T00:00:00Z`) / DAY);

/** Read figures through the code of the API; many requests go in several steps. */
export async function ask(requests, scope, progress = false) {
  const found = [];
  for (let at = 0; at < requests.length; at += 84) {
    const body = { requests: requests.slice(at, at + 84), scope };
    const { responses } = await api("console/data/figures", { method: "POST", body });
    found.push(...responses);
    if (progress) share(found.length / requests.length);
  }
  if (progress) share(null);
  return found.map((one) => ({ ...one, json: JSON.parse(one.body) }));
}

function range(asked, now) {
  const today = Math.floor((now + OFFSET) / DAY);
  let first = today - (asked.range === "30d" ? 29 : 6);
  let last = today;
  if (asked.range === "custom" && asked.from && asked.to) {
    first = dayOf(asked.from);
    last = Math.max(first, dayOf(asked.to));
  }
  const days = last - first + 1;
  return { first, last, days, today, now, before: { first: first - days, last: first - 1 }, start: (day) => day * DAY - OFFSET };
}

export async function mount(main, overview) {
  const { bots } = await api("console/data/bots");
  const current = () => ({ range: "7d", by: "day", metric: "", ...view() });
  let asked = current();
  const key = (bot) => `${bot.service}/${bot.scope}/${bot.id}`;
  const panels = { true: sessions, false: calls };
  const known = (bot) => bots.find((one) => one.id === bot && (!asked.scope || one.scope === asked.scope));
  const preferred = bots.find((one) => !one.project) || bots[0];

  function chosen() {
    if (!asked.bot) return preferred;
    const found = known(asked.bot);
    if (found) return found;
    const like = bots.find((one) => Boolean(one.project) === /-/.test(asked.bot)) || preferred;
    return { ...like, id: asked.bot, name: "", kind: asked.kind || "bot", scope: asked.scope || like.scope };
  }

  const body = h(".stack");
  const picker = h("span");
  const when = h("span.row");
  main.append(h(".head", h("h1", t("analysis")), picker, h("span.grow"), when), body);

  function drawPicker() {
    const bot = chosen();
    const list = bots.some((one) => key(one) === key(bot)) ? bots : [...bots, bot];
    const groups = Map.groupBy(list, (one) => `${one.service}\n${one.scope}`);
    const title = (name) => overview.services.find((one) => one.name === name)?.title || name;
    picker.replaceChildren(h("select", {
      "aria-label": t("bot"), onchange: (event) => (event.target.value === "other" ? other() : go(list[event.target.value])),
    }, [...groups].map(([name, members]) => {
      const [service, scope] = name.split("\n");
      const several = [...groups.keys()].filter((one) => one.startsWith(`${service}\n`)).length > 1;
      return h("optgroup", { label: several ? `${title(service)} · ${scope}` : title(service) },
        members.map((one) => h("option", { value: list.indexOf(one), selected: key(one) === key(bot) }, `${one.name || t(`kind_${one.kind}`)} · ${one.id}`)));
    }), h("option", { value: "other" }, t("other_id"))));
  }

  function other() {
    const field = h("input", { required: true, "aria-label": "id", placeholder: "7342866812345678901" });
    const kind = h("select", { "aria-label": t("kind") }, ["bot", "workflow"].map((one) => h("option", { value: one }, t(`kind_${one}`))));
    const open = (event) => { event.preventDefault(); box.close(); go({ id: field.value.trim(), kind: kind.value }); };
    const box = modal(t("other_id"), h("p.quiet", t("other_id_why")), h("form.stack", { onsubmit: open }, h(".row", kind, h("span.grow"), field), h("button.button.main", t("open"))));
    box.addEventListener("close", drawPicker);
  }

  function go(bot) {
    const { id, scope, kind } = bot;
    change({ bot: id, scope: scope && bots.some((one) => one.id === id && one.scope !== scope) ? scope : undefined, kind: kind === "bot" ? undefined : kind, metric: undefined });
  }

  function change(changes) {
    keep(changes, true);
    asked = current();
    draw();
  }
  addEventListener("popstate", () => { asked = current(); draw(); });

  function drawWhen(span) {
    const date = (name, value) => h("input", { type: "date", "aria-label": t(name), value, max: isoDay(span.today), onchange: (event) => event.target.value && change({ range: "custom", from: asked.from || isoDay(span.first), to: asked.to || isoDay(span.last), [name]: event.target.value }) });
    when.replaceChildren(
      segments(t("range"), [["7d", t("days7")], ["30d", t("days30")], ["custom", t("custom")]], asked.range, (value) => change(value === "custom" ? { range: value, from: isoDay(span.first), to: isoDay(span.last) } : { range: value === "7d" ? undefined : value, from: undefined, to: undefined })),
      ...(asked.range === "custom" ? [date("from", isoDay(span.first)), h("span.quiet", "–"), date("to", isoDay(span.last))] : []));
  }

  let latest = 0;
  let now = overview.clock.now;
  async function draw() {
    const mine = ++latest;
    const bot = chosen();
    const span = range(asked, now);
    drawPicker();
    drawWhen(span);
    if (!body.children.length) body.append(h(".cards", [1, 2, 3, 4].map(() => h(".card", h(".skeleton"), h(".skeleton")))), h(".card", h(".skeleton")));
    body.setAttribute("aria-busy", "true");
    try {
      const panel = panels[Boolean(bot.project)];
      const model = await panel.load({ bot, span, asked, ask: (requests, progress) => ask(requests, bot.scope, progress), isCurrent: () => mine === latest });
      if (mine !== latest || !model) return;
      body.replaceChildren(...drawn(model, bot, span));
    } finally {
      body.removeAttribute("aria-busy");
    }
  }

  function drawn(model, bot, span) {
    if (model.refused) return [empty(t("refused"), h("p.mono", model.refused))];
    const open = (figure) => explain({ ...figure, scope: bot.scope });
    const metric = model.metrics.find((one) => one.name === asked.metric) || model.metrics[0];
    const named = (point) => ({ ...point, label: asked.by === "hour" && span.days <= 2 ? point.hour : point.day });
    const points = metric.points(asked.by).map(named);
    const line = card(`${metric.label}`, {
      side: [
        model.metrics.length > 1 && h("select", { "aria-label": t("metric"), onchange: (event) => change({ metric: event.target.value }) }, model.metrics.map((one) => h("option", { value: one.name, selected: one === metric }, one.label))),
        segments(t("granularity"), [["day", t("by_day")], ["hour", t("by_hour"), !model.hourly]], asked.by, (value) => change({ by: value === "day" ? undefined : value })),
      ],
    }, points.length ? lineChart({
      label: metric.label, points, format: metric.format, axis: metric.axis, heads: [t("time"), { number: metric.label }, ...(asked.by === "day" ? [{ number: t("before") }] : [])],
      pick: (place) => open(points[place].figure),
    }) : empty(t("nothing_yet")), asked.by === "day" && h("p.small.quiet", t("dashed", { days: span.days })));
    return [
      h(".cards", model.cards.map((one) => figureCard(one, open, span))),
      model.remark && h("p.note", model.remark),
      line,
      model.heat && card(t("heat"), { side: h("span.small.quiet", model.heat.note) }, heatBox(model.heat, open)),
      model.more && h(".three", model.more.map((one) => extra(one, open))),
      h("p.small.quiet", t("zone_note", { from: isoDay(span.first), to: isoDay(span.last) })),
    ].filter(Boolean);
  }

  function heatBox(heat, open) {
    const box = h("div", h(".skeleton"));
    box.firstElementChild.style.height = "210px";
    heat.cells.then((cells) => {
      if (!cells) return;
      box.replaceChildren(heatMap({
        label: t("heat"), rows: weekdays(), columns: [...Array(24).keys()].map((hour) => pad(hour)),
        cells: cells.map((row) => row.map((cell) => cell && cell.value)),
        format: (value) => t("sessions_value", { value: number(value) }),
        pick: (row, column) => explainCell(cells[row][column], `${weekdays()[row]} ${pad(column)}:00`, open),
      }));
    });
    return box;
  }

  function explainCell(cell, title, open) {
    if (cell.figures.length === 1) open({ ...cell.figures[0], title });
    else open({ title, sum: cell.figures, value: cell.value });
  }

  function extra(one, open) {
    if (one.parts) return card(one.title, one.total, shares({ label: one.title, parts: one.parts, format: (value) => number(value), formatShare: percent, pick: (place) => open(one.parts[place].figure) }));
    if (!one.items.length) return card(one.title, empty(t("nothing_yet")));
    const most = Math.max(...one.items.map((item) => item.value ?? 0), 1);
    return card(one.title, { side: one.side }, h("ol.ranked", one.items.map((item, place) => {
      const bar = h("span.bar-behind");
      bar.style.width = item.value === undefined ? "0" : `calc(${(item.value / most) * 100}% - 34px)`;
      return h("li", h("button", { type: "button", onclick: () => open(item.figure) }, bar, h("span.place", place + 1), h("span", item.label, item.note && h("span.quiet.small", ` ${item.note}`)), h("span.number", item.value === undefined ? "" : number(item.value))));
    })));
  }

  await draw();
  let seen = "";
  let timer;
  onHint((hint) => {
    const mark = `${hint.mode}/${hint.ahead}/${hint.calls}`;
    if (mark === seen) return;
    const first = !seen;
    seen = mark;
    if (first && hint.mode === overview.clock.mode) return;
    clearTimeout(timer);
    timer = setTimeout(async () => { now = (await api("health", { quiet: true })).now; await draw(); }, 700);
  });
}

function figureCard(one, open, span) {
  const [value, unit] = one.format(one.value);
  const by = one.points ? (one.value - one.before) * 100 : ((one.value - one.before) / one.before) * 100;
  const steady = Math.abs(by) < (one.points ? 0.005 : 0.05);
  let change = "—";
  let good;
  if (one.before || (one.points && one.before !== null)) change = `${steady ? "±" : by > 0 ? "+" : "−"}${number(Math.abs(by), one.points ? 2 : 1)}${one.points ? ` ${t("points")}` : "%"}`;
  if (one.wanted && change !== "—" && !steady) good = (one.value > one.before) === (one.wanted === "more");
  const before = one.before === null ? "—" : one.format(one.before).join(" ").trim().replace(" %", "%");
  return h("button.card.figure-card", { type: "button", onclick: () => open({ ...one.figure, title: one.label }), title: t("explain"), "data-figure": one.figure.figure },
    h("span.label", one.label), h("span.value", value, unit && h("small", unit)),
    h("span.change", { title: t("against", { days: span.days }) }, h(`b${good === undefined ? "" : good ? ".good" : ".bad"}`, change), ` ${t("against_value", { days: span.days, value: before })}`));
}
