// The calls of the journal as they come in, and the way to each.
import { agreed, callPage, clockTime, empty, h, keep, linkRow, number, query, segments, select, statusBadge, t, table, tried, view } from "./lib.js";
import { onHint } from "./live.js";
import * as one from "./call.js";

const MAX_ROWS = 300;
const PAUSE = 350;

export async function mount(main, overview) {
  const place = location.pathname.match(/\/calls\/(.+)$/);
  if (place) { await one.mount(main, place[1], overview); return; }
  await list(main, overview);
}

async function list(main, overview) {
  let asked = view();
  let newest = 0;
  let paused = false;
  let held = 0;
  let reading = false;
  let again = false;
  const marked = new Set();
  const body = h("tbody");
  const count = h("span.quiet.small");
  const fresh = h("button.button.little.main", { hidden: true, onclick: () => { scrollTo({ top: 0 }); load(); } });
  const compare = h("button.button", { disabled: true, onclick: () => { const [first, second] = [...marked].sort((a, b) => a - b); location.href = callPage(`${first}..${second}`); } }, t("compare"));
  const pause = h("button.button", { "aria-pressed": "false", onclick: () => { paused = !paused; pause.textContent = t(paused ? "resume" : "pause"); pause.setAttribute("aria-pressed", String(paused)); if (!paused) load(); } }, t("pause"));
  const more = h("button.button", { hidden: true, onclick: () => load(true) }, t("older"));
  const nothing = h("div");

  let typing;
  const search = h("input", { type: "search", value: asked.text || "", placeholder: t("search_calls"), "aria-label": t("search_calls"), size: 26, oninput: () => { clearTimeout(typing); typing = setTimeout(() => change({ text: search.value }), 250); } });
  const services = [["", t("all_services")], ...overview.services.map((service) => [service.name, service.title])];
  main.append(
    h(".head", h("h1", t("calls")), count, h("span.grow"), compare, pause,
      h("button.button.bad", { onclick: async () => { if (await agreed(t("clear_question"), t("clear"))) { await tried("journal", { method: "DELETE" }); load(); } } }, t("clear"))),
    h(".stack",
      h(".row", search, select(t("service"), services, asked.service || "", (service) => change({ service })),
        segments(t("show"), [["", t("all")], ["failed", t("failed")], ["faults", t("by_scenario")], ["near", t("near_misses")]], asked.only || "", (only) => change({ only })), asked.scenario && h("span.chip.warn", `${t("scenario")}: ${asked.scenario}`), h("span.grow"), fresh),
      h("section.card.flush", table([h("span.skip", t("compare")), t("time"), t("status"), t("service"), t("request"), { number: t("duration") }], body, "table.calls"), nothing),
      h(".row", more)));

  function change(changes) { keep(changes); asked = view(); load(); }

  const filters = (extra) => query({ service: asked.service, text: asked.text, only: asked.only, scenario: asked.scenario, bot: asked.bot, ...extra });

  /** Read the newest calls, or those after the last that is shown; or older ones. */
  async function load(older = false, after = 0) {
    const limits = older ? { before: body.lastElementChild?.dataset.id } : after ? { after } : {};
    const found = await tried(`console/data/calls?${filters(limits)}`, { quiet: Boolean(after) });
    if (!found) return;
    const rows = found.calls.map((call) => row(call, after && found.calls.length < 20));
    if (older) body.append(...rows);
    else if (after && !found.more) body.prepend(...rows);
    else body.replaceChildren(...rows);
    while (!older && body.children.length > MAX_ROWS) body.lastElementChild.remove();
    if (!older) { newest = found.newest; held = 0; fresh.hidden = true; if (!after || found.more) more.hidden = !found.more; }
    else more.hidden = !found.more;
    count.textContent = found.missing_workers.length ? t("missing_workers", { numbers: found.missing_workers.join(", ") }) : "";
    nothing.replaceChildren(...(body.children.length ? [] : [emptyNote()]));
  }

  function emptyNote() {
    if (asked.text || asked.only || asked.service || asked.scenario) return empty(t("no_match"));
    return empty(t("no_calls"), h("p", t("no_calls_why")), h("pre", `curl -s -H 'Authorization: Bearer pat_mockcbs' '${location.origin}/v1/users/me'`));
  }

  function row(call, isFresh) {
    const box = h("input", { type: "checkbox", "aria-label": t("choose"), checked: marked.has(call.id), onchange: () => { if (box.checked) marked.add(call.id); else marked.delete(call.id); compare.disabled = marked.size !== 2; } });
    return linkRow(() => { location.href = callPage(call.id); }, [
      h("td", box), h("td.mono", { title: call.at }, clockTime(Date.parse(call.at))), h("td", statusBadge(call.status, call.code)),
      h("td", call.service || "—"),
      h("td.wide", h("span.method", call.method), " ", h("a.mono.path", { href: callPage(call.id) }, call.path, call.query && h("span.quiet", `?${call.query}`)),
        call.fault && h("span", " ", h("span.badge.warn", call.fault)), call.deliveries > 0 && h("span", " ", h("span.badge.accent", t("deliveries_value", { count: call.deliveries }))),
        call.reason && h(".why", call.code ? `${call.code} · ` : "", call.reason)),
      h("td.number", `${number(call.duration_ms, call.duration_ms < 10 ? 2 : 0)} ms`),
    ], { "data-id": call.id, class: isFresh ? "link fresh" : "link" });
  }

  async function follow(hint) {
    if (hint.calls === newest || paused) return;
    if (hint.calls < newest) { newest = 0; }
    if (scrollY > 160 && newest) { held += 1; fresh.hidden = false; fresh.textContent = t("new_calls"); return; }
    if (reading) { again = true; return; }
    reading = true;
    do {
      again = false;
      const began = performance.now();
      await load(false, newest);
      const took = performance.now() - began;
      await new Promise((resolve) => setTimeout(resolve, Math.max(PAUSE, 3 * took)));
    } while (again);
    reading = false;
  }

  await load();
  onHint(follow);
}
