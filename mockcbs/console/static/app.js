// The frame around every page: what the clock shows, what is being broken, language and theme.
import { attempt, h, icon, lang, t, toast, tried, when } from "./lib.js";
import { connect, onConnection, onHint } from "./live.js";

const root = document.documentElement;
const remember = (name, value) => { document.cookie = `${name}=${value}; path=/_mockcbs; max-age=31536000; samesite=strict`; };

function switches() {
  const language = h("button.button.bare", {
    lang: lang === "zh" ? "en" : "zh-CN", "aria-label": lang === "zh" ? "English" : "中文",
    onclick: () => { remember("mockcbs_lang", lang === "zh" ? "en" : "zh"); const there = new URL(location); there.searchParams.delete("lang"); location.replace(there); },
  }, lang === "zh" ? "English" : "中文");
  const dark = () => root.dataset.theme === "dark" || (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  const theme = h("button.button.bare", {
    "aria-label": t("theme"), title: t("theme"),
    onclick: () => { root.dataset.theme = dark() ? "light" : "dark"; remember("mockcbs_theme", root.dataset.theme); theme.textContent = dark() ? "☀" : "☾"; },
  }, dark() ? "☀" : "☾");
  document.getElementById("switches").append(language, theme);
}

async function chips() {
  const dot = h("span.dot");
  const live = h("span.chip", { role: "status" }, dot, h("span.words", t("connecting")));
  const time = h("a.chip", { href: "/_mockcbs/console/trouble" });
  const trouble = h("a.chip.warn", { href: "/_mockcbs/console/trouble", hidden: true });
  document.getElementById("chips").append(live, time, trouble);
  onConnection((open) => {
    dot.classList.toggle("on", open);
    live.lastElementChild.textContent = t(open ? "live" : "not_live");
  });
  let clock;
  const show = () => {
    if (!clock) return;
    const now = clock.mode === "frozen" ? clock.ahead : Date.now() + (clock.mode === "real" ? 0 : clock.ahead * 1000);
    time.replaceChildren(icon("trouble"), h("span", when(now)), clock.mode === "real" ? "" : h("span.words", t(`clock_${clock.mode}`)));
    time.classList.toggle("warn", clock.mode !== "real");
  };
  onHint((hint) => {
    if (clock && clock.data !== hint.data && document.body.dataset.page !== "trouble") location.reload();
    clock = hint;
    trouble.hidden = !hint.scenario;
    trouble.textContent = hint.scenario ? `${t("scenario")}: ${hint.scenario}` : "";
    show();
  });
  setInterval(show, 1000);
}

async function start() {
  switches();
  const overview = await tried("console/data/overview");
  if (!overview) return;
  connect();
  chips();
  const main = document.getElementById("main");
  const page = await import(`./${document.body.dataset.page}.js`);
  try {
    await attempt(() => page.mount(main, overview));
  } finally {
    main.dataset.ready = "1";
  }
}

addEventListener("unhandledrejection", (event) => toast(String(event.reason?.message || event.reason), true));
start();
