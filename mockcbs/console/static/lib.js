// What every page uses: elements, words, requests, numbers, the address.
export const { lang } = document.documentElement.dataset;
const zh = lang === "zh";
const { WORDS } = await import(`./words-${lang}.js`);

/** The text of *key* in the page's language, with {names} replaced. */
export function t(key, values = {}) {
  const text = WORDS[key];
  if (!text) throw new Error(`no words for ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

const isPlain = (value) => value?.constructor === Object;

/** An element: its attributes, if any (those that begin with "on" are listeners), then children; falsy ones are left out. */
export function h(tag, ...rest) {
  const attributes = isPlain(rest[0]) ? rest.shift() : {};
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled" || key === "hidden") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  add(element, ...rest);
  return element;
}

/** Append children; falsy ones are left out. */
export const add = (element, ...children) => element.append(...children.flat(Infinity).filter((child) => child || child === 0));

export function s(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export const icon = (name) => s("svg", { width: 18, height: 18, "aria-hidden": "true" }, s("use", { href: `${document.body.dataset.assets}/icons.svg#${name}` }));

export function toast(text, bad = false) {
  const shown = h(bad ? ".toast.bad" : ".toast", {}, text);
  document.getElementById("toasts").append(shown);
  setTimeout(() => shown.remove(), bad ? 7000 : 2500);
}

/** Copy a text, also where the page is not a secure context. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { value: text });
    (document.querySelector("dialog[open]") || document.body).append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(t("copied"));
}

// ---- progress: shown for what takes over half a second

let waiting = 0;
let timer;
const bar = () => document.getElementById("progress");

export function busy(change) {
  waiting += change;
  clearTimeout(timer);
  if (waiting) timer = setTimeout(() => { bar().hidden = false; }, 500);
  else { bar().hidden = true; share(null); }
}

/** How much of a long task is done, 0 to 1; null if nobody knows. */
export function share(done) {
  if (done === null) { bar().removeAttribute("aria-valuenow"); bar().firstElementChild.style.width = ""; return; }
  bar().setAttribute("aria-valuenow", Math.round(done * 100));
  bar().firstElementChild.style.width = `${done * 100}%`;
}

// ---- requests

export class Refused extends Error {}

/** The JSON of a path under /_mockcbs; a change sends the header that no form can send. */
export async function api(path, { method = "GET", body, quiet = false } = {}) {
  const headers = { Accept: "application/json" };
  if (method !== "GET") headers[document.body.dataset.header] = "1";
  const file = body instanceof Blob;
  if (body !== undefined) headers["Content-Type"] = `application/${file ? "yaml" : "json"}`;
  if (!quiet) busy(1);
  try {
    const response = await fetch(`/_mockcbs/${path}`, { method, headers, body: file || body === undefined ? body : JSON.stringify(body) });
    if (response.status === 401 && path !== "console/session") {
      if (!quiet) busy(-1);
      try {
        await signIn();
      } finally {
        if (!quiet) busy(1);
      }
      return await api(path, { method, body, quiet: true });
    }
    const text = await response.text();
    if (!response.ok) throw new Refused(reasonIn(text) || `${response.status}`);
    return text ? JSON.parse(text) : null;
  } finally {
    if (!quiet) busy(-1);
  }
}

const reasonIn = (text) => { try { return JSON.parse(text).detail; } catch { return text.slice(0, 300); } };

/** Do *work*; a refusal becomes a message. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused) && !(error instanceof TypeError && /fetch/i.test(error.message))) throw error;
    toast(error instanceof Refused ? error.message : t("unreachable"), true);
    return undefined;
  }
}

/** The JSON of a path; `undefined` after a refusal, which becomes a message. */
export const tried = (...request) => attempt(() => api(...request));

let signingIn;
function signIn() {
  signingIn ??= new Promise((resolve) => {
    const field = h("input", { type: "password", autocomplete: "current-password", required: true, "aria-label": t("token") });
    const problem = h("p.note.bad", { hidden: true });
    const enter = async (event) => {
      event.preventDefault();
      try {
        await api("console/session", { method: "POST", body: { token: field.value }, quiet: true });
        box.remove();
        signingIn = undefined;
        resolve();
      } catch (error) {
        problem.textContent = error.message;
        problem.hidden = false;
      }
    };
    const box = modal(t("sign_in"), h("form.stack", { onsubmit: enter }, h("p.quiet", t("sign_in_why")), field, problem, h("button.button.main", t("sign_in"))));
    box.addEventListener("cancel", (event) => event.preventDefault());
  });
  return signingIn;
}

// ---- dialogs

/** A panel at the right edge; *fill* gets its content element. */
export function drawer(title, fill) {
  document.querySelector("dialog.drawer")?.remove();
  const content = h("div");
  const box = h("dialog.drawer", { "aria-label": title, onclose: () => box.remove(), onclick: (event) => { if (event.target === box) box.close(); } },
    h("header", h("h2", title), h("button.button.bare", { onclick: () => box.close(), "aria-label": t("close") }, "✕")), content);
  document.body.append(box);
  box.showModal();
  fill(content);
  return box;
}

/** A dialog in the middle; it goes when it is closed. */
export function modal(title, ...content) {
  const box = h("dialog", { "aria-label": title, onclose: () => box.remove() }, h(".stack", h("h2", title), content));
  document.body.append(box);
  box.showModal();
  return box;
}

/** Whether the user agrees. */
export const agreed = (question, yes) => new Promise((resolve) => {
  const box = modal(question, h(".row", button(yes, () => { resolve(true); box.close(); }, ".main"), button(t("cancel"), () => box.close())));
  box.addEventListener("close", () => resolve(false));
});

// ---- numbers and times

const locale = zh ? "zh-CN" : "en";
export const number = (value, digits = 0) => new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
export const percent = (share) => `${number(share * 100, 2)}%`;
export function duration(ms) {
  if (ms >= 60000) return [number(ms / 60000, 1), "min"];
  return ms >= 1000 ? [number(ms / 1000, 2), "s"] : [number(ms, ms < 10 && ms % 1 ? 2 : 0), "ms"];
}
export const size = (bytes) => bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${number(bytes / 1024, 1)} KB` : `${number(bytes / 1048576, 1)} MB`;
export const pad = (value) => String(value).padStart(2, "0");
export function when(ms, seconds = true) {
  const at = new Date(ms);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())} ${pad(at.getHours())}:${pad(at.getMinutes())}${seconds ? `:${pad(at.getSeconds())}` : ""}`;
}
export const clockTime = (ms) => { const at = new Date(ms); return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, "0")}`; };
export const weekdays = () => t("weekdays").split(" ");

export const DAY = 86400000;
export const OFFSET = 8 * 3600000; // the vendors' days and hours are those of Shanghai
export const isoDay = (day) => new Date(day * DAY).toISOString().slice(0, 10);

export const callPage = (id) => `/_mockcbs/console/calls/${id}`;
export const botLink = (id) => h("a", { href: `/_mockcbs/console/analysis?bot=${encodeURIComponent(id)}` }, id);

// ---- the address holds the whole view

export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value));
export const view = () => Object.fromEntries(new URLSearchParams(location.search));
export function keep(changes, push = false) {
  const asked = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value == null || value === "") asked.delete(name);
    else asked.set(name, value);
  }
  const text = asked.toString();
  history[push ? "pushState" : "replaceState"](null, "", text ? `?${text}` : location.pathname);
}

// ---- pieces of pages

export const button = (text, act, kind = "") => h(`button.button${kind}`, { onclick: act }, text);

export function segments(label, options, chosen, pick) {
  const buttons = options.map(([value, text, disabled]) => h("button", {
    type: "button", "aria-pressed": String(value === chosen), disabled, "data-value": value,
    onclick: () => { buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.value === value))); pick(value); },
  }, text));
  return h(".segments", { role: "group", "aria-label": label }, buttons);
}

export function select(label, options, chosen, pick) {
  return h("select", { "aria-label": label, onchange: (event) => pick(event.target.value) },
    options.map(([value, text]) => h("option", { value, selected: value === chosen }, text)));
}

export function card(title, ...content) {
  const { side } = isPlain(content[0]) ? content.shift() : {};
  return h("section.card", title && h("header", h("h2", title), h("span.grow"), side), content);
}

export const empty = (title, ...more) => h(".empty", h("b", title), more);

/** A table under *heads*: texts, elements, or {number: text}. *rows* may be a tbody that fills later. */
export function table(heads, rows, kind = "table") {
  const head = (one) => (one.number ? h("th.number", { scope: "col" }, one.number) : h("th", { scope: "col" }, one));
  return h(".scroll", h(kind, h("thead", h("tr", heads.map(head))), rows.nodeType ? rows : h("tbody", rows)));
}

/** Names and values. */
export const pairs = (rows) => h("table.pairs", rows.map(([name, value]) => h("tr", h("th", { scope: "row" }, name), h("td", value))));

/** A row that opens something by click or Enter. */
export const linkRow = (open, cells, attributes = {}) => h("tr.link", {
  tabindex: 0, ...attributes,
  onclick: (event) => { if (!event.target.closest("a, button, input, label")) open(event); },
  onkeydown: (event) => { if (event.key === "Enter" && event.target === event.currentTarget) { event.preventDefault(); open(event); } },
}, cells);

export const statusBadge = (status, failed) => h(`span.badge.${status === null || status >= 500 ? "bad" : status >= 400 || failed ? "warn" : "good"}`, status ?? "—");

/** A text as it is, or JSON with colours and line breaks. */
export function code(text, pretty = true) {
  const shown = pretty ? indented(text) : text;
  const box = h("pre", { tabindex: 0 });
  if (shown === text && !/^\s*[{[]/.test(text)) { box.textContent = text; return box; }
  let last = 0;
  for (const found of shown.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)) {
    box.append(shown.slice(last, found.index));
    box.append(h(`span.${found[2] ? "key" : found[1] ? "string" : "value"}`, found[1] || found[0]), found[2] || "");
    last = found.index + found[0].length;
  }
  box.append(shown.slice(last));
  return box;
}

/** JSON with line breaks, its numbers as they were written; any other text unchanged. */
export function indented(text) {
  try { JSON.parse(text); } catch { return text; }
  let depth = 0;
  let out = "";
  const line = () => `\n${"  ".repeat(depth)}`;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    if (token === "{" || token === "[") { depth += 1; out += token + line(); }
    else if (token === "}" || token === "]") { depth -= 1; out = /[{[]\s*$/.test(out) ? out.trimEnd() + token : out + line() + token; }
    else if (token === ",") out += token + line();
    else out += token === ":" ? ": " : token;
  }
  return out;
}
