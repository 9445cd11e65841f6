// Buckets and their objects, with a look at what is in them.
import { button, card, code, drawer, empty, h, keep, linkRow, number, pairs, size, t, table, tried, view, when } from "./lib.js";
import { afterCalls } from "./live.js";

export async function mount(main) {
  const list = h("nav.picks", { "aria-label": t("buckets") });
  const shown = h("div");
  main.append(h(".head", h("h1", t("objects")), h("span.grow"), button(t("reload"), () => load())), h(".list-detail", h(".card.flush", list), shown));
  const mark = (one) => `${one.service}|${one.scope}|${one.name}`;

  async function load(quiet = false) {
    const found = await tried("objects", { quiet });
    if (!found) return;
    const asked = view();
    const current = found.buckets.find((one) => mark(one) === asked.bucket) || found.buckets[0];
    list.replaceChildren(...found.buckets.map((one) => h("a", {
      href: `?bucket=${encodeURIComponent(mark(one))}`, "aria-current": one === current ? "true" : undefined,
      onclick: (event) => { event.preventDefault(); keep({ bucket: mark(one), prefix: undefined }, true); load(); },
    }, h("b", one.name), h(".small.quiet", t("objects_value", { count: number(one.count) })), h(".small.quiet", `${one.acl} · ${one.scope}`))));
    if (!current) { list.replaceChildren(h("p", "")); shown.replaceChildren(card("", empty(t("no_objects"), h("p", t("no_objects_why"))))); return; }
    await draw(current, asked.prefix || "", quiet);
  }

  async function draw(bucket, prefix, quiet) {
    const named = { service: bucket.service, scope: bucket.scope, bucket: bucket.name };
    const found = await tried(`objects/list?${new URLSearchParams({ ...named, prefix })}`, { quiet });
    if (!found) return;
    const search = h("input", { type: "search", value: prefix, placeholder: t("prefix"), "aria-label": t("prefix"), onchange: () => { keep({ prefix: search.value }); load(); } });
    const body = h("tbody", found.objects.map(row));
    let next = found.next;
    const more = h("button.button", { hidden: !next, onclick: async () => { const page = await tried(`objects/list?${new URLSearchParams({ ...named, prefix, after: next })}`); if (page) { body.append(...page.objects.map(row)); next = page.next; more.hidden = !next; } } }, t("more"));
    function row(one) {
      return linkRow(() => open(named, one), [h("td.mono.wide-text", one.key), h("td.number.nowrap", size(one.size)), h("td", one.type), h("td.nowrap", when(one.modified))]);
    }
    shown.replaceChildren(h("section.card.flush", h("header", h("h2", bucket.name), h("span.grow"), search),
      found.objects.length ? table([t("key"), { number: t("size") }, t("type"), t("modified")], body) : empty(t("no_objects"))), h(".row", more));
  }

  function open(named, one) {
    const address = `objects/content?${new URLSearchParams({ ...named, key: one.key })}`;
    drawer(one.key, (content) => {
      content.append(
        pairs([[t("size"), `${size(one.size)} (${number(one.size)} B)`], [t("type"), one.type], ["ETag", one.etag], [t("modified"), when(one.modified)], ...Object.entries(one.headers)]),
        h(".row", h("a.button", { href: `/_mockcbs/${address}`, download: one.key.split("/").pop() }, t("download"))));
      preview(content, one, address);
    });
  }

  async function preview(content, one, address) {
    const response = await fetch(`/_mockcbs/${address}&limit=65536`);
    if (!response.ok) return;
    const bytes = await response.arrayBuffer();
    if (/^image\/(png|jpeg|gif|webp)$/.test(one.type) && bytes.byteLength === one.size) {
      content.append(h(".preview", h("img", { src: URL.createObjectURL(new Blob([bytes], { type: one.type })), alt: one.key })));
      return;
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: bytes.byteLength === one.size }).decode(bytes);
      if (text.includes("\0")) throw new TypeError("not a text");
      content.append(h("div", h("h3", t("preview")), code(text, bytes.byteLength === one.size), bytes.byteLength < one.size && h("p.small.quiet", t("first_bytes", { size: size(bytes.byteLength) }))));
    } catch {
      content.append(h("p.quiet", t("no_preview")));
    }
  }

  await load();
  afterCalls(() => load(true));
  addEventListener("popstate", () => load());
}
