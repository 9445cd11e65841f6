// One call: what was sent, what came back and why; and the difference of two calls.
import { api, botLink, button, callPage, card, code, copy, empty, h, number, pairs, segments, statusBadge, t, toast, tried, when } from "./lib.js";
import { difference } from "./diff.js";

/** From here on a reason repeats the near misses, as far as they fit. */
const NEAREST = "; nearest: ";

export async function mount(main, numbers) {
  const [first, second] = numbers.split("..").map(Number);
  if (second) await compare(main, first, second);
  else await show(main, first);
}

const back = () => h("a.button", { href: "/_mockcbs/console/calls" }, `‹ ${t("calls")}`);

async function read(id, main) {
  try {
    return await api(`console/data/calls/${id}`);
  } catch (error) {
    main.append(h(".head", back()), card("", empty(t("call_gone"), h("p", error.message))));
    return null;
  }
}

async function show(main, id) {
  const call = await read(id, main);
  if (!call) return;
  const target = call.request.path + (call.query ? `?${call.query}` : "");
  document.title = `${call.request.method} ${call.request.path} · mockcbs`;
  main.append(
    h(".head", back(), h("h1", t("call_number", { id })), statusBadge(call.response.status, call.code), h("span.quiet", when(Date.parse(call.at))), h("span.grow"),
      call.older && h("a.button", { href: callPage(call.older), rel: "prev" }, `← ${t("older_one")}`), call.newer && h("a.button", { href: callPage(call.newer), rel: "next" }, `${t("newer_one")} →`)),
    h(".stack",
      card("", h("p.mono", h("span.method", call.request.method), ` ${target}`), h(".row", { style: undefined }, actions(call, id))),
      reasons(call),
      facts(call),
      h(".two",
        message(t("request"), call.request.headers, call.request.body, call.cut.includes("request"), call.query && parameters(call.request.query)),
        message(t("response"), call.response.headers, call.response.body, call.cut.includes("response")))));
  main.querySelector(".card .row").style.marginTop = "12px";
}

function actions(call, id) {
  const choice = h("span");
  api(`samples?entry=${id}`, { quiet: true }).then((found) => {
    choice.append(h("select", { "aria-label": t("copy_code"), onchange: (event) => { const sample = found.samples[event.target.value]; event.target.value = ""; if (sample) copy(sample.code); } },
      h("option", { value: "" }, t("copy_code")), found.samples.map((sample, place) => h("option", { value: place }, sample.title))));
  }, (error) => choice.replaceChildren(h("span.small.quiet", error.message)));
  return [
    h("button.button.main", { onclick: async () => { const sent = await tried(`console/data/calls/${id}/again`, { method: "POST" }); if (sent) { toast(t("sent_again")); if (sent.id) location.href = callPage(sent.id); } } }, t("send_again")),
    choice,
    button(t("copy_link"), () => copy(location.origin + callPage(id))),
    call.older && h("a.button", { href: callPage(`${call.older}..${id}`) }, t("compare_before")),
  ];
}

function reasons(call) {
  return [
    call.reason && h("p.note.bad", h("b", call.code || t("reason")), ` ${call.near_misses[0] ? call.reason.split(NEAREST)[0] : call.reason}`),
    call.fault && h("p.note", h("b", t("scenario")), ` ${call.fault}`),
    call.near_misses[0] && h(".note", h("b", t("near_misses")), call.near_misses.map((miss) => h("div", miss))),
  ];
}

function facts(call) {
  const rows = [
    [t("service"), call.service], [t("operation"), call.operation], [t("project"), call.project], [t("bot"), call.bot && botLink(call.bot)],
    [t("real_time"), Math.abs(Date.parse(call.real_at) - Date.parse(call.at)) > 1000 && when(Date.parse(call.real_at))], [t("dataset"), `${call.dataset} · seed ${call.seed}`],
    [t("credential"), call.credential], [t("duration"), `${number(call.duration_ms, 2)} ms`],
    [t("deliveries"), call.deliveries.length > 0 && call.deliveries.map((id) => h("div", h("a", { href: `/_mockcbs/console/deliveries?open=${encodeURIComponent(id)}` }, id)))],
    [t("records"), call.records.length > 0 && call.records.map((text) => h("div", record(text)))],
    [t("rows"), call.rows[0] && call.rows.map((text) => h("div", written(text)))],
    [t("calls"), call.calls[0] && call.calls.map((one) => h("div", h("a", { href: callPage(one) }, `#${one}`)))],
  ].filter(([, value]) => value);
  return card(t("facts"), pairs(rows));
}

function record(text) {
  const [bot, ...rest] = text.split("/");
  const at = rest.pop();
  return [botLink(bot), ` · ${t("session")} ${rest.join("/")} · ${when(Number(at))}`];
}

function written(text) {
  const [service, base, table, row] = text.split("/");
  return [h("a", { href: `/_mockcbs/console/tables?table=${encodeURIComponent(`|${base}|${table}`)}` }, `${service} ${base} / ${table}`), ` ${row}`];
}

const parameters = (query) => h("div", h("h3", t("parameters")), pairs(Object.entries(query).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))));

function message(title, headers, body, cut, more) {
  const shown = h("div");
  const draw = (way) => shown.replaceChildren(body ? code(body, way === "pretty") : h("p.quiet", t("no_body")));
  draw("pretty");
  return card(title, {
    side: body && [segments(t("body"), [["pretty", t("pretty")], ["raw", t("raw")]], "pretty", draw), button(t("copy"), () => copy(body), ".little")],
  }, shown, cut && h("p.note", t("cut")), more, h("h3", t("headers")), pairs(Object.entries(headers)));
}

async function compare(main, first, second) {
  const [one, other] = [await read(first, main), await read(second, main)];
  if (!one || !other) return;
  const name = (call) => h("a", { href: callPage(call.id) }, `#${call.id} ${call.request.method} ${call.request.path}`);
  main.append(
    h(".head", back(), h("h1", t("difference")), h("span.quiet", `#${first} → #${second}`)),
    h(".stack",
      card("", h("p.mono", h("span.badge.bad", "−"), " ", name(one)), h("p.mono", h("span.badge.good", "+"), " ", name(other))),
      card(t("request"), difference(requestText(one), requestText(other))),
      card(t("response"), difference(responseText(one), responseText(other)))));
}

const lines = (headers) => Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n");
const requestText = (call) => `${call.request.method} ${call.request.path}\n${call.query.split("&").filter(Boolean).map((one, place) => `${place ? "&" : "?"}${one}`).join("\n")}\n${lines(call.request.headers)}\n\n${call.request.body}`;
const responseText = (call) => `${call.response.status}\n${lines(call.response.headers)}\n\n${call.response.body}`;
