// The tables of every table service, with their rows.
import { button, card, code, drawer, empty, h, keep, linkRow, number, pairs, t, table, tried, view, when } from "./lib.js";
import { afterCalls } from "./live.js";

const ROWS = 200;

export async function mount(main, overview) {
  const list = h("nav.picks", { "aria-label": t("tables") });
  const shown = h("div");
  const title = (name) => overview.services.find((one) => one.name === name)?.title || name;
  main.append(h(".head", h("h1", t("tables")), h("span.grow"), button(t("reload"), () => load())), h(".list-detail", h(".card.flush", list), shown));
  const mark = (one) => [one.service, one.scope, one.base, one.table].join("|");

  async function load(quiet = false) {
    const found = await tried("tables?limit=0", { quiet });
    if (!found) return;
    const asked = view();
    const current = found.tables.find((one) => asked.table && mark(one).endsWith(asked.table)) || found.tables[0];
    const groups = Map.groupBy(found.tables, (one) => one.service);
    list.replaceChildren(...[...groups].flatMap(([service, tables]) => [h("h3", title(service)), ...tables.map((one) => h("a", {
      href: `?table=${encodeURIComponent(mark(one))}`, "aria-current": one === current ? "true" : undefined,
      onclick: (event) => { event.preventDefault(); keep({ table: mark(one) }, true); load(); },
    }, h("b", one.name), h(".small.quiet", `${one.base} / ${one.table}`), h(".small.quiet", t("rows_value", { count: number(one.count) }), one.scope ? ` · ${one.scope}` : "")))]));
    if (!current) { list.replaceChildren(h("p.quiet", "")); shown.replaceChildren(card("", empty(t("no_tables"), h("p", t("no_tables_why"))))); return; }
    await draw(current, quiet);
  }

  async function draw(one, quiet) {
    const query = new URLSearchParams({ service: one.service, base: one.base, table: one.table, limit: ROWS });
    const found = await tried(`tables?${query}`, { quiet });
    const full = found?.tables.find((each) => mark(each) === mark(one));
    if (!full) return;
      shown.replaceChildren(h("section.card.flush",
      h("header", h("h2", full.name), h("span.badge", title(full.service)), h("span.grow"), h("span.small.quiet", t("rows_value", { count: number(full.count) }))),
      full.rows.length ? table(full.fields.map((field) => h("span", { title: field.id }, field.name, " ", h("span.badge", field.type))),
        full.rows.map((row) => linkRow(() => open(full, row), full.fields.map((field) => h("td", cell(row[field.name], field.type)))))) : empty(t("no_rows")),
      full.count > full.rows.length && h("p.small.quiet", t("first_rows", { count: full.rows.length }))));
  }

  const cell = (value, type) => (type?.startsWith("date") && typeof value === "number" ? h("span.nowrap", { title: value }, when(value)) : value == null ? h("span.quiet", "—") : typeof value === "object" ? h("span.mono", JSON.stringify(value)) : String(value));
  const open = (full, row) => drawer(full.name, (content) => content.append(pairs(full.fields.map((field) => [field.name, cell(row[field.name], field.type)])), h("div", h("h3", "JSON"), code(JSON.stringify(row)))));

  await load();
  afterCalls(() => load(true));
  addEventListener("popstate", () => load());
}
