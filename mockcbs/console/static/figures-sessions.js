// Figures of services that count sessions: how long they last, how questions end, what is asked.
import { DAY, duration, isoDay, number, OFFSET, t } from "./lib.js";

const HOUR = 3600000;
const CARDS = [
  ["session_count", "more"], ["user_count", "more"], ["avg_request_count", ""], ["avg_session_time", ""],
];
const OUTCOMES = ["direct", "recommend", "notmatch", "dialog", "chat", "invalid"];
const FORMATS = { avg_request_count: (value) => [number(value, 3), ""], avg_session_time: duration };
const plain = (value) => [number(value), ""];

export async function load({ bot, span, asked, ask, isCurrent }) {
  const path = `/v1/${bot.project}/qabots/${bot.id}`;
  const zone = "time_zone=%2B08%3A00";
  const limits = (days) => `start_time=${span.start(days.first)}&end_time=${span.start(days.last + 1) - 1}`;
  const targets = [
    `${path}/requests/session-stats?interval=day&${zone}&${limits(span)}`,
    `${path}/requests/session-stats?interval=day&${zone}&${limits(span.before)}`,
    `${path}/requests/reply-rates?interval=day&${zone}&${limits(span)}`,
    `${path}/qa-pairs/hots?top=10&${limits(span)}`,
    `${path}/requests/keywords?top=10&${limits(span)}`,
  ];
  const [stats, earlier, replies, hots, words] = await ask(targets);
  if (stats.status !== 200) return { refused: stats.json.error_msg || stats.body };
  const total = stats.json.total;
  const format = (name) => FORMATS[name] || plain;
  const days = [...Array(span.days).keys()].map((place) => isoDay(span.first + place)).filter((_, place) => span.first + place <= span.today);
  const row = (answer, date) => answer.json.intervals?.findIndex((one) => one.start === date) ?? -1;
  const read = (answer, date, name) => answer.json.intervals?.[row(answer, date)]?.[name] ?? 0;
  const hours = hourly({ span, path, zone, ask, isCurrent });
  const hourRows = asked.by === "hour" ? (await hours)?.rows : [];
  if (!hourRows) return null;
  return {
    cards: CARDS.map(([name, wanted]) => ({
      label: t(name), value: total[name], before: earlier.json.total?.[name] ?? null, format: format(name), wanted,
      figure: { request: targets[0], figure: `total.${name}` },
    })),
    metrics: CARDS.map(([name]) => ({
      name, label: t(name), format: (value) => format(name)(value).join(" ").trim(),
      points: (by) => (by === "hour" ? hourRows.map(({ day, hour, answer, request }) => ({
        day: day.slice(5), hour, title: `${day} ${hour}`, value: answer.total[name], figure: { request, figure: `total.${name}`, title: `${t(name)} · ${day} ${hour}` },
      })) : days.map((date, place) => ({
        day: date.slice(5), title: date, partial: span.first + place === span.today, value: read(stats, date, name), before: read(earlier, isoDay(span.before.first + place), name),
        figure: row(stats, date) < 0
          ? { request: targets[0], figure: "total.session_count", title: date }
          : { request: targets[0], figure: `intervals[${row(stats, date)}].${name}`, title: `${t(name)} · ${date}` },
      }))),
    })),
    hourly: true,
    remark: stats.reason,
    heat: { note: t("heat_note", { from: isoDay(Math.max(span.first, span.last - 29)), to: isoDay(span.last) }), cells: hours.then((found) => found?.cells) },
    more: [
      {
        title: t("outcomes"),
        parts: OUTCOMES.map((name) => ({
          label: t(`outcome_${name}`), value: replies.json.total[`${name}_count`], share: replies.json.total[`${name}_rate`],
          figure: { request: targets[2], figure: `total.${name}_rate`, title: t(`outcome_${name}`) },
        })),
      },
      { title: t("hot_questions"), items: hots.json.questions.map((one, place) => ({ label: one.st_question, note: one.domain, figure: { request: targets[3], figure: `questions[${place}]`, title: one.st_question } })) },
      { title: t("keywords"), items: words.json.keywords.map((one, place) => ({ label: one.keyword, value: one.freq, figure: { request: targets[4], figure: `keywords[${place}].freq`, title: one.keyword } })) },
    ],
  };
}

/** Sessions by weekday and hour: one request for every hour of the last thirty days, as no interval is an hour. */
async function hourly({ span, path, zone, ask, isCurrent }) {
  const first = Math.max(span.first, span.last - 29);
  const asked = [];
  for (let at = span.start(first); at < Math.min(span.start(span.last + 1), span.now + 1); at += HOUR) {
    asked.push([at, `${path}/requests/session-stats?interval=day&${zone}&start_time=${at}&end_time=${at + HOUR - 1}`]);
  }
  await new Promise((resolve) => setTimeout(resolve));
  if (!isCurrent()) return null;
  const answers = await ask(asked.map(([, request]) => request), true);
  const cells = [...Array(7)].map(() => Array(24).fill(null));
  const rows = [];
  asked.forEach(([at, request], place) => {
    const local = at + OFFSET;
    const cell = (cells[(Math.floor(local / DAY) + 3) % 7][Math.floor(local / HOUR) % 24] ??= { value: 0, figures: [] });
    const [day, hour] = [new Date(local).toISOString().slice(0, 10), new Date(local).toISOString().slice(11, 16)];
    const value = answers[place].json.total.session_count;
    rows.push({ day, hour, request, answer: answers[place].json });
    cell.value += value;
    cell.figures.push({ request, figure: "total.session_count", value, label: `${day} ${hour}` });
  });
  return { cells, rows };
}
