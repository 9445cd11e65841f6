// Deliveries of events to webhooks with their attempts, and who is subscribed.
import { add, agreed, button, callPage, card, code, drawer, empty, h, keep, linkRow, number, query, select, statusBadge, t, table, toast, tried, view, when } from "./lib.js";
import { afterCalls } from "./live.js";

const STATES = ["pending", "delivered", "failed", "dropped"];
const LOOK = 2500;

export async function mount(main) {
  let asked = view();
  let next = null;
  const body = h("tbody");
  const nothing = h("div");
  const dropped = h("span.small.quiet");
  const more = h("button.button", { hidden: true, onclick: () => load(true) }, t("older"));
  const subscribers = h("div");
  main.append(
    h(".head", h("h1", t("deliveries")), dropped, h("span.grow"),
      select(t("state"), [["", t("all_states")], ...STATES.map((state) => [state, t(`state_${state}`)])], asked.state || "", (state) => change({ state })),
      h("input", { type: "search", value: asked.bot_id || "", placeholder: t("bot"), "aria-label": t("bot"), onchange: (event) => change({ bot_id: event.target.value.trim() }) })),
    h(".stack", h("section.card.flush", table([t("event"), t("state"), t("bot"), t("webhook"), t("attempts"), ""], body), nothing),
      h(".row", more), subscribers));

  function change(changes) { keep(changes); asked = view(); load(); }

  async function load(older = false, quiet = false) {
    const found = await tried(`webhooks/deliveries?${query({ state: asked.state, bot_id: asked.bot_id, limit: 50, after: older && next })}`, { quiet });
    if (!found) return;
    const rows = found.deliveries.map(row);
    if (older) body.append(...rows); else body.replaceChildren(...rows);
    if (older || !quiet || body.children.length <= 50) { next = found.next; more.hidden = !next; }
    dropped.textContent = found.dropped ? t("dropped_value", { count: number(found.dropped) }) : "";
    nothing.replaceChildren(...(body.children.length ? [] : [empty(t("no_deliveries"), h("p", t("no_deliveries_why")))]));
  }

  const stateBadge = (state) => h(`span.badge.${{ delivered: "good", failed: "bad", dropped: "bad", pending: "warn" }[state]}`, t(`state_${state}`));

  function row(one) {
    const last = one.attempts.at(-1);
    return linkRow(() => open(one), [
      h("td", h("b", one.event_type), h(".mono.small.quiet.nowrap", one.event_id)), h("td", stateBadge(one.state)), h("td.mono.nowrap", one.bot_id),
      h("td.mono", one.url), h("td", one.attempts.length > 0 && [number(one.attempts.length), " · ", statusBadge(last.status), last.reason && h(".small.quiet", last.reason)]),
      h("td", button(t("redeliver"), () => again(one), ".little")),
    ]);
  }

  async function again(one) {
    const sent = await tried(`webhooks/deliveries/${encodeURIComponent(one.id)}/redeliver`, { method: "POST" });
    if (sent) { toast(t("redelivered")); setTimeout(() => load(false, true), 400); }
  }

  function open(one) {
    keep({ open: one.id });
    drawer(one.event_type, (content) => add(content,
      h(".row", stateBadge(one.state), h("span.mono.grow", one.event_id), button(t("redeliver"), () => again(one))),
      h("p.mono", `POST ${one.url}`), one.cause && h("p", h("a", { href: callPage(one.cause) }, t("caused_by", { id: one.cause }))),
      h("div", h("h3", t("body")), code(one.body)),
      h("div", h("h3", t("attempts")), one.attempts.length ? table([t("time"), t("status"), { number: t("duration") }, t("response")], one.attempts.map((each) => h("tr",
        h("td.nowrap", when(each.at)), h("td", statusBadge(each.status)), h("td.number.nowrap", `${number(each.duration_ms)} ms`), h("td", each.reason && h("div.quiet", each.reason), each.answer !== each.reason && h("span.mono", each.answer))))) : h("p.quiet", t("no_attempts"))),
    )).addEventListener("close", () => keep({ open: undefined }));
  }

  async function loadSubscribers() {
    const found = await tried("webhooks", { quiet: true });
    if (!found) return;
    const url = h("input", { type: "url", placeholder: "http://127.0.0.1:9000/hook", "aria-label": "URL", size: 32 });
    const add = async () => {
      if (!url.value) return;
      const made = await tried("webhooks", { method: "POST", body: { url: url.value } });
      if (made) { toast(t("subscribed")); await loadSubscribers(); }
    };
    subscribers.replaceChildren(card(t("subscriptions"), { side: h(".row", url, button(t("subscribe"), add)) }, found.webhooks.length
      ? table(["URL", t("profile"), t("events"), t("bots"), ""], found.webhooks.map((one) => h("tr", h("td.mono", one.url), h("td", one.profile), h("td.small", one.events.join(", ") || t("all")), h("td.mono", one.bots.join(", ") || t("all")),
        h("td", h("button.button.little.bad", { onclick: async () => { if (await agreed(t("unsubscribe_question"), t("delete"))) { await tried(`webhooks/${encodeURIComponent(one.id)}`, { method: "DELETE" }); await loadSubscribers(); } } }, t("delete"))))))
      : h("p.quiet", t("no_subscriptions"))));
  }

  await Promise.all([load(), loadSubscribers()]);
  if (asked.open) {
    const found = await tried(`webhooks/deliveries?limit=1000`);
    const one = found?.deliveries.find(({ id }) => id === asked.open);
    if (one) open(one);
  }
  afterCalls(() => load(false, true));
  setInterval(() => { if (!document.hidden && scrollY < 200) load(false, true); }, LOOK);
}
