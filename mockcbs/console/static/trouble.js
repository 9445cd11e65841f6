// The clock, scenarios, the dataset, and a fresh start.
import { agreed, botLink, button, card, DAY, h, number, t, table, toast, tried, when } from "./lib.js";
import { onHint } from "./live.js";

export async function mount(main, overview) {
  let state = overview;
  const clock = h("div.stack");
  const played = h("div");
  const scenarios = h("section.card.flush");
  const shown = h("div");
  main.append(h(".head", h("h1", t("trouble"))), h(".stack",
    card(t("clock"), clock), played, shown, scenarios, fresh()));

  const slider = h("input.slider", { type: "range", step: 60000, "aria-label": t("slide"), list: "days" });
  let sliding = 0;
  let sending = false;
  let wanted = null;
  slider.addEventListener("input", () => { sliding = Date.now(); face.textContent = when(Number(slider.value)); slide(Number(slider.value)); });

  /** Freeze the clock where the slider is; while one change is on its way, only the last one is kept. */
  async function slide(at) {
    wanted = at;
    if (sending) return;
    sending = true;
    while (wanted !== null) {
      const freeze = wanted;
      wanted = null;
      await tried("clock", { method: "PUT", body: { freeze }, quiet: true });
    }
    sending = false;
  }

  const face = h(".clock-face", { role: "timer" });
  const mode = h("span.badge");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const put = (body) => async () => { await tried("clock", { method: "PUT", body }); await refresh(); };
  const picker = h("input", { type: "datetime-local", step: 1, "aria-label": t("go_to") });
  const ends = h(".row.small.quiet");
  const jump = (label, ms) => button(label, put({ advance_ms: ms }), ".little");
  clock.append(
    h(".row", face, mode, h("span.small.quiet", zone), h("span.grow"),
      button(t("freeze"), put({ freeze: true })), button(t("run"), put({ tick: true })), button(t("real_time"), put({ real: true }))),
    h("div", slider, ends),
    h(".row", jump(`−1 ${t("day")}`, -DAY), jump(`−1 ${t("hour")}`, -3600000), jump(`+1 ${t("minute")}`, 60000), jump(`+1 ${t("hour")}`, 3600000), jump(`+1 ${t("day")}`, DAY), h("span.grow"),
      picker, button(t("go_to"), () => picker.value && put({ freeze: new Date(picker.value).getTime() })())),
    h("p.small.quiet", t("clock_note")));

  let shift = 0;
  function draw() {
    const { mode: way, now, real } = state.clock;
    shift = now - real;
    mode.textContent = t(`clock_${way}`);
    mode.className = `badge ${way === "real" ? "good" : "warn"}`;
    const last = Math.max(real, now, state.dataset.starts_at || 0);
    const first = Math.min(last - 90 * DAY, now, state.first ?? now);
    if (Date.now() - sliding > 1500) {
      slider.min = first;
      slider.max = last;
      slider.value = now;
    }
    ends.replaceChildren(h("span", when(first, false)), h("span.grow"), h("span", when(last, false)));
    tick();
    drawScenario();
    if (!shown.contains(document.activeElement)) shown.replaceChildren(dataset(state, change));
  }
  function tick() {
    if (Date.now() - sliding < 1500) return;
    const now = state.clock.mode === "frozen" ? state.clock.now : Date.now() + (state.clock.mode === "real" ? 0 : shift);
    face.textContent = when(now);
  }
  setInterval(tick, 500);

  function drawScenario() {
    const run = state.scenario;
    played.replaceChildren(run ? card(t("playing", { name: run.name }), {
      side: [h("a.button", { href: `/_mockcbs/console/calls?scenario=${encodeURIComponent(run.name)}` }, t("hits", { count: number(run.hits) })), button(t("stop"), stop, ".bad")],
    }, h("p", run.description), h("p.small.quiet", t("state_value", { state: run.state }), run.seconds_left ? ` · ${t("seconds_left", { seconds: number(run.seconds_left) })}` : "")) : "");
    scenarios.replaceChildren(h("header", h("h2", t("scenarios")), h("span.grow"), h("label.field", t("for_seconds"), ttl)),
      ...state.scenarios.map((one) => h(`.option${run?.name === one.name ? ".on" : ""}`, h("div", h("b", one.name), h(".small.quiet", one.description)),
        run?.name === one.name ? button(t("stop"), stop, ".bad") : h("button.button", { onclick: () => play(one.name), "aria-label": `${t("start")} ${one.name}` }, t("start")))));
  }
  const ttl = h("input", { type: "number", min: 1, max: 86400, placeholder: "∞", size: 5 });
  const play = async (name) => { const body = { scenario: name, ...(ttl.value ? { ttl_seconds: Number(ttl.value) } : {}) }; await tried("scenario", { method: "PUT", body }); await refresh(); };
  const stop = async () => { await tried("scenario", { method: "DELETE" }); await refresh(); };

  function fresh() {
    return card(t("reset"), h(".row", h("p.grow.quiet", t("reset_note")), h("button.button.bad", {
      onclick: async () => { if (!(await agreed(t("reset_question"), t("reset")))) return; await tried("reset", { method: "POST" }); toast(t("reset_done")); await refresh(); },
    }, t("reset"))));
  }

  /** Show another dataset or seed; without a body, those of the start. */
  async function change(path, body) {
    const done = await tried(path, { method: body ? "PUT" : "DELETE", body });
    document.activeElement.blur();
    await refresh();
    if (done) toast(t("dataset_shown", { name: state.dataset.name, seed: state.seed }));
  }

  async function refresh() {
    const found = await tried("console/data/overview", { quiet: true });
    if (found) { state = found; draw(); }
  }
  draw();
  let seen;
  onHint(() => { clearTimeout(seen); seen = setTimeout(refresh, 200); });
}

function dataset({ dataset: one, datasets, seed, strict, chosen }, change) {
  const option = ({ name, description }) => h("option", { value: name, title: description, selected: name === one.name }, name);
  const file = h("input", { type: "file", accept: ".yaml,.yml", hidden: true, onchange: () => change(`dataset?name=${encodeURIComponent(file.files[0].name)}`, file.files[0]) });
  const side = [
    strict && h("span.badge", "strict"),
    h("select", { "aria-label": t("dataset"), onchange: (event) => change("dataset", { dataset: event.target.value }) }, datasets.map(option)),
    button(t("own_file"), () => file.click()), file,
    h("label.field", t("seed"), h("input", { type: "number", value: seed, onchange: (event) => event.target.value && change("seed", { seed: Number(event.target.value) }) })),
    chosen && button(t("as_started"), async () => { await change("dataset"); await change("seed"); }),
  ];
  return card(t("dataset"), { side }, h("p", one.description), h("p.small.quiet", t("dataset_note", { questions: number(one.questions) })),
    table([t("name"), "id", t("kind"), t("sessions_per_day"), t("days")], one.bots.map((bot) => h("tr",
      h("td", bot.name || "—"), h("td.mono", botLink(bot.id)), h("td", t(`kind_${bot.kind}`)),
      h("td", bot.generated ? bot.sessions_per_day ?? "40–400" : t("stated_value", { count: bot.stated })), h("td", bot.generated ? bot.days ?? "∞" : "—")))));
}
