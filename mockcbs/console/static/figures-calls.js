// Figures of services that count calls: cards, a line, a heat map.
import { DAY, duration, isoDay, number, OFFSET, pad, percent, t } from "./lib.js";

const METRICS = [
  ["total_calls", "more"], ["unique_users", "more"], ["avg_response_time_ms", "less"], ["error_rate", "less"], ["total_sessions", "more"], ["total_messages", "more"],
];
const FORMATS = {
  avg_response_time_ms: duration,
  error_rate: (value) => [number(value * 100, 2), "%"],
};
const plain = (value) => [number(value), ""];
const MAX_HOURLY_DAYS = 31;

export async function load({ bot, span, asked, ask }) {
  const path = `/v1/${bot.kind === "bot" ? "bots" : "workflows"}/${bot.id}/analytics`;
  const request = (days, granularity) => `${path}?start_date=${isoDay(days.first)}&end_date=${isoDay(days.last)}&granularity=${granularity}`;
  const hours = { first: Math.max(span.first, span.last - MAX_HOURLY_DAYS + 1), last: span.last };
  const targets = [request(span, "day"), request(span.before, "day"), request(hours, "hour")];
  const [day, before, hour] = await ask(targets);
  if (day.status !== 200 || day.json.code) return { refused: day.json.msg || day.body };
  const summary = day.json.data.summary;
  const earlier = before.json.data?.summary;
  const rows = { day: day.json.data.metrics, hour: hour.json.data?.metrics || [] };
  const past = before.json.data?.metrics || [];
  const format = (name) => FORMATS[name] || plain;
  return {
    cards: METRICS.slice(0, 4).map(([name, wanted]) => ({
      label: t(name), value: summary[name], before: earlier ? earlier[name] : null, format: format(name), wanted, points: name === "error_rate",
      figure: { request: targets[0], figure: `data.summary.${name}` },
    })),
    metrics: METRICS.map(([name]) => ({
      name, label: t(name), format: (value) => format(name)(value).join(" ").trim(), axis: name === "error_rate" ? (value) => percent(value) : undefined,
      points: (by) => rows[by].map((row, place) => ({
        day: row.date.slice(5), hour: `${String(row.hour ?? 0).padStart(2, "0")}:00`,
        partial: by === "day" && row.date === isoDay(span.today),
        title: `${row.date}${by === "hour" ? ` ${pad(row.hour)}:00` : ""}`,
        value: row[name], ...(by === "day" && past[place] ? { before: past[place][name] } : {}),
        figure: { request: by === "hour" ? targets[2] : targets[0], figure: `data.metrics[${place}].${name}`, title: `${t(name)} · ${row.date}${by === "hour" ? ` ${row.hour}:00` : ""}` },
      })),
    })),
    hourly: rows.hour.length > 0,
    remark: span.days > MAX_HOURLY_DAYS && asked.by === "hour" ? t("hourly_limit", { days: MAX_HOURLY_DAYS }) : day.reason,
    heat: rows.hour.length > 0 && { note: t("heat_note", { from: isoDay(hours.first), to: isoDay(hours.last) }), cells: Promise.resolve(folded(rows.hour, targets[2])) },
  };
}

/** Sessions of hours as weekday by hour, Monday first. */
function folded(rows, request) {
  const cells = [...Array(7)].map(() => Array(24).fill(null));
  rows.forEach((row, place) => {
    const local = row.timestamp * 1000 + OFFSET;
    const weekday = (Math.floor(local / DAY) + 3) % 7;
    const cell = (cells[weekday][row.hour] ??= { value: 0, figures: [] });
    cell.value += row.total_sessions;
    cell.figures.push({ request, figure: `data.metrics[${place}].total_sessions`, value: row.total_sessions, label: `${row.date} ${pad(row.hour)}:00` });
  });
  return cells;
}
