// Why a figure is what it is: the turns behind it, the formula, what was left out, and the call for it.
import { api, attempt, button, code, copy, drawer, h, number, query, select, t, table, when } from "./lib.js";

/** Explain one figure {request, figure, title, scope}, or a sum of several {sum, value, title}. */
export function explain(asked) {
  drawer(asked.title || asked.figure, (content) => (asked.sum ? drawSum(content, asked) : drawFigure(content, asked)));
}

function drawSum(content, asked) {
  content.append(
    h(".big-number", number(asked.value)),
    h(".formula", `${asked.sum.map((one) => one.value).join(" + ")} = ${asked.value}`),
    h("p.quiet", t("sum_note")),
    table([t("hour"), { number: t("total_sessions") }], asked.sum.map((one) => h("tr", h("td", one.label),
      h("td.number", button(one.value, () => explain({ ...one, scope: asked.scope, title: one.label }), ".little"))))));
}

async function drawFigure(content, asked) {
  content.append(h(".skeleton"), h(".skeleton"));
  const page = (token) => api(`console/data/explain?${query({ request: asked.request, figure: asked.figure, scope: asked.scope, page_token: token })}`);
  const first = await attempt(() => page());
  content.replaceChildren(call(asked, first?.samples || []));
  if (!first) return;
  const body = h("tbody");
  const more = h("button.button", { hidden: true, onclick: () => next() }, t("more"));
  let token;
  const add = (found) => {
    body.append(...found.turns.map(turn));
    token = found.next_page_token;
    more.hidden = !token;
  };
  const next = async () => { const found = await attempt(() => page(token)); if (found) add(found); };
  const frame = table([t("time"), t("user"), t("question"), t("outcome"), { number: t("duration") }], []);
  frame.querySelector("tbody").replaceWith(body);
  content.prepend(
    h("div", h("p.mono.quiet", first.figure), typeof first.value === "object" ? code(JSON.stringify(first.value)) : h(".big-number", String(first.value))),
    h(".formula", h("div", first.formula), first.calculation && first.calculation !== first.formula && h("div.quiet", first.calculation)));
  content.append(
    h("div", h("h3", `${t("left_out")}`), first.left_out.length
      ? table([t("why"), { number: t("count") }], first.left_out.map((one) => h("tr", h("td", t(`left_${one.code}`), h("div.small.quiet", one.reason)), h("td.number", number(one.count), one.unit === "days" ? ` ${t("days")}` : ""))))
      : h("p.quiet", t("nothing_left_out"))),
    h("div", h("h3", t("turns", { count: number(first.count) })), first.count ? frame : h("p.quiet", t("no_turns")), more));
  if (first.count) add(first);
}

const turn = (one) => h("tr",
  h("td.nowrap", when(one.at_ms)), h("td.mono.small.nowrap", one.user_id || "—"),
  h("td.wide-text", one.question, h("div.mono.small.quiet", one.session_id), one.recorded && h("span.badge.accent", t("recorded"))),
  h("td", outcome(one)), h("td.number.nowrap", `${number(one.latency_ms)} ms`));

const outcome = (one) => (one.outcome ? h("span.badge", t(`outcome_${one.outcome}`)) : one.status);

function call(asked, samples) {
  const sample = h("div");
  const draw = (language) => sample.replaceChildren(code(samples.find((one) => one.language === language)?.code || `GET ${asked.request}`, false));
  draw("curl");
  return h("div", h(".row.title", h("h3", t("api_call")), h("span.grow"),
    samples.length > 0 && select(t("copy_code"), samples.map((one) => [one.language, one.title]), "curl", draw),
    button(t("copy"), () => copy(sample.textContent), ".little")), sample);
}
