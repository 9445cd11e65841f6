// What was sent to chats, custom bots and mailboxes, newest first.
import { button, code, drawer, empty, h, keep, segments, t, tried, view, when } from "./lib.js";
import { afterCalls } from "./live.js";

const KINDS = ["chat", "hook", "mail"];

export async function mount(main) {
  const list = h("section.card.flush");
  let asked = view();
  main.append(h(".head", h("h1", t("messages")), h("span.grow"), segments(t("kind"), [["", t("all")], ...KINDS.map((kind) => [kind, t(`to_${kind}`)])], asked.kind || "", (kind) => { keep({ kind }); asked = view(); load(); })), list);

  async function load(quiet = false) {
    const found = await tried(`messages?limit=200${asked.kind ? `&kind=${asked.kind}` : ""}`, { quiet });
    if (!found) return;
    list.replaceChildren(...(found.messages.length ? found.messages.reverse().map(bubble) : [empty(t("no_messages"), h("p", t("no_messages_why")))]));
  }

  const bubble = (one) => h(".bubble", h(".avatar", { "aria-hidden": "true" }, { chat: "群", hook: "机", mail: "@" }[one.kind]),
    h("div", h(".row.small.quiet", h("b", t(`to_${one.kind}`)), h("span.mono", one.to), h("span", when(one.at)), one.msg_type !== "text" && h("span.badge", one.msg_type), h("span.grow"), button(t("as_sent"), () => open(one), ".little")),
      h(".said", one.text || t("no_text"))));
  const open = (one) => drawer(one.id, (content) => content.append(code(JSON.stringify(one))));

  await load();
  afterCalls(() => load(true));
}
