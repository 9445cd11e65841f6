"""Measures how real generated traffic looks, from the rows of ``mockcbs export`` alone.

    python benchmarks/realism.py                        # prints the statistics of five bots and two seeds
    python benchmarks/realism.py --draw docs/images     # also draws the curves of docs/traffic.md

This program imports nothing of mockcbs, so it measures only what a user can see.
"""

import argparse
import csv
import io
import math
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import mean, median, pvariance

CBS = [
    "303a0a00-c88a-43e3-aa2f-d5b8b9832b02",
    "404a0a00-c88a-44e4-aa2f-d5b8b9842b02",
    "505a0a00-c88a-45e5-aa2f-d5b8b9852b02",
]
COZE = ["7342866812345678901", "7342866812345678905"]
BOTS = CBS + COZE
NOW = "2026-11-23T00:00:00+08:00"
NATIONAL_DAY = [date(2026, 10, day) for day in range(1, 8)]
_COLOURS = ("#2166ac", "#b2182b", "#1b7837", "#e08214", "#762a83", "#4d4d4d")


class Bot:
    """The exported rows of one bot."""

    def __init__(self, name: str, rows: list[dict[str, str]]) -> None:
        self.name, self.rows = name, rows
        self.at = [datetime.fromisoformat(row["at"]) for row in rows]
        self.sessions: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            self.sessions[row["session_id"]].append(row)
        self.starts = [datetime.fromisoformat(rows[0]["at"]) for rows in self.sessions.values()]

    def days(self) -> dict[date, int]:
        """Sessions by local day, without the first and the last day, which may be incomplete."""
        found = Counter(at.date() for at in self.starts)
        first, last = min(found), max(found)
        whole = (last - first).days
        return {first + timedelta(n): found[first + timedelta(n)] for n in range(1, whole)}

    def hours(self, *, free: bool) -> list[int]:
        """Sessions by hour of working days or of weekends."""
        found = Counter(at.hour for at in self.starts if (at.weekday() > 4) == free)
        return [found[hour] for hour in range(24)]


def export(bot: str, seed: int, dataset: str, now: str = NOW) -> Bot:
    """The output of ``mockcbs export``."""
    command = [sys.executable, "-m", "mockcbs", "export", "--bot", bot, "--seed", str(seed)]
    command += ["--dataset", dataset, "--zone", "+08:00"] + (["--now", now] if now else [])
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Bot(bot, list(csv.DictReader(io.StringIO(text))))


def fano(bot: Bot) -> float:
    """The variance divided by the mean of the sessions of ordinary weekdays."""
    off = {*NATIONAL_DAY, date(2026, 9, 25)}
    counts = [count for day, count in bot.days().items() if day.weekday() < 5 and day not in off]
    return pvariance(counts) / mean(counts)


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's correlation coefficient."""
    a, b = mean(one), mean(other)
    up = sum((x - a) * (y - b) for x, y in zip(one, other, strict=True))
    down = math.sqrt(sum((x - a) ** 2 for x in one) * sum((y - b) ** 2 for y in other))
    return up / down if down else 0.0


def follows(bot: Bot, before: Callable[[dict[str, str]], bool], after: Callable[..., bool]) -> float:
    """The share of turns with the property *after* among those that follow a turn with the property
    *before*.
    """
    pairs = [pair for rows in bot.sessions.values() for pair in pairwise(rows)]
    chosen = [pair for pair in pairs if before(pair[0])]
    return sum(after(*pair) for pair in chosen) / len(chosen) if chosen else math.nan


def outcome(name: str) -> Callable[..., bool]:
    """A test whether a row, or the later of two rows, has that outcome."""
    return lambda *rows: rows[-1]["outcome"] == name


def topic_autocorrelation(bot: Bot) -> tuple[float, float]:
    """The share of answered questions with the domain of the question before, and the share expected by
    chance.
    """
    pairs = []
    for rows in bot.sessions.values():
        said = [row["domain"] for row in rows if row["domain"]]
        pairs += pairwise(said)
    shares = Counter(row["domain"] for row in bot.rows if row["domain"])
    chance = sum((count / shares.total()) ** 2 for count in shares.values())
    return sum(a == b for a, b in pairs) / len(pairs), chance


def quantile(values: Iterable[float], share: float) -> float:
    """The value below which this share of *values* lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def clusters(bot: Bot) -> tuple[float, float]:
    """The share of failures in the worst 1 % of all hours, and the failure rate in those hours."""
    asked = Counter(at.replace(minute=0, second=0, microsecond=0) for at in bot.at)
    failed = Counter(
        at.replace(minute=0, second=0, microsecond=0)
        for at, row in zip(bot.at, bot.rows, strict=True)
        if row["status"] == "failed"
    )
    worst = [hour for hour, _ in failed.most_common(max(1, len(asked) // 100))]
    inside = sum(failed[hour] for hour in worst)
    return inside / max(1, failed.total()), inside / max(1, sum(asked[hour] for hour in worst))


def thinking(bot: Bot) -> list[float]:
    """Seconds from each answer to the next question of the session."""
    pairs = [pair for rows in bot.sessions.values() for pair in pairwise(rows)]
    return [
        (int(later["at_ms"]) - int(first["at_ms"]) - int(first["latency_ms"])) / 1000
        for first, later in pairs
    ]


def newcomers(bot: Bot) -> list[float]:
    """Of the users of each week, the share who never came before; the first week has only such users."""
    weeks: dict[int, set[str]] = defaultdict(set)
    first = min(bot.starts).date()
    for rows, start in zip(bot.sessions.values(), bot.starts, strict=True):
        if rows[0]["user_id"]:
            weeks[(start.date() - first).days // 7].add(rows[0]["user_id"])
    known: set[str] = set()
    shares = []
    for week in sorted(weeks):
        shares.append(len(weeks[week] - known) / len(weeks[week]))
        known |= weeks[week]
    return shares


def describe_users(bot: Bot) -> None:
    """Print how users think, and how they come and go."""
    think = thinking(bot)
    print(f"  think time s: median {median(think):.1f}, 10 % {quantile(think, 0.1):.1f}", end="")
    print(f", 90 % {quantile(think, 0.9):.1f}, 99 % {quantile(think, 0.99):.1f}, longest {max(think):.1f}")
    visits = Counter(rows[0]["user_id"] for rows in bot.sessions.values() if rows[0]["user_id"])
    often = [count for _, count in visits.most_common(len(visits) // 10)]
    once = sum(count == 1 for count in visits.values()) / len(visits)
    print(f"  users {len(visits)}: {100 * once:.0f} % come once", end="")
    print(f", a tenth of them has {100 * sum(often) / visits.total():.0f} % of the sessions")
    print("  new users of each week, %:", " ".join(f"{100 * share:.0f}" for share in newcomers(bot)))


def describe(bot: Bot, words: set[str] | None) -> None:
    """Print the statistics of one bot."""
    days = bot.days()
    weekdays = [count for day, count in days.items() if day.weekday() < 5 and day not in NATIONAL_DAY]
    weekend = [count for day, count in days.items() if day.weekday() > 4 and day not in NATIONAL_DAY]
    holiday = [days[day] for day in NATIONAL_DAY if day in days]
    mix = Counter(row["outcome"] for row in bot.rows)
    print(f"\n{bot.name}: {len(bot.sessions)} sessions, {len(bot.rows) / len(bot.sessions):.2f} rounds each")
    print(f"  weekday sessions {mean(weekdays):.0f}, Fano {fano(bot):.2f}", end="")
    print(f", weekend {100 * mean(weekend) / mean(weekdays):.0f} %", end="")
    print(f", National Day {100 * mean(holiday) / mean(weekdays):.0f} %" if holiday else "")
    print("  outcomes", {name: f"{100 * count / len(bot.rows):.1f} %" for name, count in mix.most_common()})
    describe_users(bot)
    same, chance = topic_autocorrelation(bot)
    print(f"  topic persists {same:.2f} (by chance {chance:.2f})")
    for before in ("direct", "notmatch", "dialog"):
        row = [f"{after} {follows(bot, outcome(before), outcome(after)):.2f}" for after in mix]
        print(f"  after {before}: {', '.join(row)}")
    latency = [int(row["latency_ms"]) for row in bot.rows if row["status"] != "failed"]
    slow = sum(int(row["latency_ms"]) > 10_000 for row in bot.rows) / len(bot.rows)
    print(f"  latency ms: median {median(latency):.0f}, 90 % {quantile(latency, 0.9)}", end="")
    print(f", 99 % {quantile(latency, 0.99)}, longest {max(latency)}; over 10 s {100 * slow:.2f} %")
    failed = [row for row in bot.rows if row["status"] == "failed"]
    inside, rate = clusters(bot)
    print(f"  failed {100 * len(failed) / len(bot.rows):.2f} %", end="")
    print(f"; {100 * inside:.0f} % of them in 1 % of the hours, where {100 * rate:.0f} % fail", end="")
    print(f"; their median {median(int(row['latency_ms']) for row in failed):.0f} ms" if failed else "")
    users = defaultdict(Counter)
    for row in bot.rows:
        if row["connector_id"] and row["user_id"]:
            users[row["user_id"]][row["connector_id"]] += 1
    if users:
        channels = Counter(row["connector_id"] for row in bot.rows)
        usual = sum(max(own.values()) for own in users.values()) / sum(own.total() for own in users.values())
        print(f"  channels {dict(channels.most_common())}; usual channel of a user {100 * usual:.1f} %")
    whole = sum(int(row["at_ms"]) % 1000 == 0 for row in bot.rows) / len(bot.rows)
    print(f"  times at whole seconds {100 * whole:.1f} %")
    said = Counter(word for row in bot.rows for word in row["keywords"].split(";") if word)
    print(f"  keywords {' '.join(f'{word}:{n}' for word, n in said.most_common(12))}")
    if words is not None:
        odd = Counter({word: n for word, n in said.items() if word not in words})
        print(f"  not in jieba's dictionary: {100 * odd.total() / said.total():.1f} %", odd.most_common(14))
    hot = Counter(row["st_question"] for row in bot.rows if row["outcome"] == "direct")
    print(f"  hot {' '.join(f'{text}:{n}' for text, n in hot.most_common(5))}")
    top = Counter(row["question"] for row in bot.rows)
    print(f"  most typed {' '.join(f'{text}:{n}' for text, n in top.most_common(6))}")


def jieba_words() -> set[str] | None:
    """The words of jieba's dictionary, or `None` if it is not installed."""
    try:
        import jieba
    except ImportError:
        return None
    jieba.setLogLevel(60)
    jieba.initialize()
    return set(jieba.dt.FREQ)


def draw(path: Path, title: str, lines: dict[str, Sequence[float]], labels: Sequence[str]) -> None:
    """Draw curves as SVG."""
    width, height, left, top = 860, 230, 46, 30
    high = max(max(values) for values in lines.values()) * 1.05
    count = max(len(values) for values in lines.values())

    font = 'font-family="sans-serif" font-size="11"'

    def x(place: float) -> float:
        return left + (width - left - 14) * place / max(1, count - 1)

    def y(value: float) -> float:
        return top + (height - top - 30) * (1 - value / high)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {font}>',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        f'<text x="{left}" y="14" font-size="13">{title}</text>',
    ]
    for share in (0, 0.5, 1):
        at = y(high / 1.05 * share)
        parts.append(f'<line x1="{left}" x2="{width - 14}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ddd"/>')
        parts.append(
            f'<text x="{left - 5}" y="{at + 4:.1f}" text-anchor="end">{high / 1.05 * share:.0f}</text>'
        )
    step = max(1, len(labels) // 13)
    parts += [
        f'<text x="{x(place):.1f}" y="{height - 10}" text-anchor="middle">{labels[place]}</text>'
        for place in range(0, len(labels), step)
    ]
    for number, (name, values) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in enumerate(values))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.4"/>')
        parts.append(f'<text x="{left + 330 + 105 * number}" y="14" fill="{colour}">{name}</text>')
    path.write_text("\n".join([*parts, "</svg>"]) + "\n", "utf-8")


def pictures(folder: Path, seed: int) -> None:
    """The curves of docs/traffic.md."""
    folder.mkdir(parents=True, exist_ok=True)
    dataset = folder / "characters.yaml"
    names = ("office", "shop", "service_desk", "student")
    ids = [f"{number}" * 16 for number in range(2, 6)]
    dataset.write_text(
        "bots:\n"
        + "".join(
            f'  - {{id: "{bot}", traffic: {{sessions_per_day: 200}}, profile: {{character: {name}}}}}\n'
            for bot, name in zip(ids, names, strict=True)
        ),
        "utf-8",
    )
    bots = {name: export(bot, seed, str(dataset)) for bot, name in zip(ids, names, strict=True)}
    dataset.unlink()
    days = {name: list(bot.days().values()) for name, bot in bots.items()}
    labels = [f"{day:%m-%d}" for day in next(iter(bots.values())).days()]
    draw(folder / "days.svg", "sessions a day, 90 days", days, labels)
    hours = {
        name: [100 * n / sum(bot.hours(free=False)) for n in bot.hours(free=False)]
        for name, bot in bots.items()
    }
    draw(
        folder / "hours.svg", "percent of sessions by hour, working days", hours, [str(n) for n in range(24)]
    )
    free = {
        name: [100 * n / sum(bot.hours(free=True)) for n in bot.hours(free=True)]
        for name, bot in bots.items()
    }
    draw(
        folder / "free-hours.svg", "percent of sessions by hour, weekends", free, [str(n) for n in range(24)]
    )
    durations = {
        name: [
            quantile([int(row["latency_ms"]) for row in bot.rows], share / 200) / 1000
            for share in range(100, 200)
        ]
        for name, bot in bots.items()
    }
    draw(
        folder / "durations.svg",
        "quantiles of durations in s",
        durations,
        [f"{n / 2:g} %" for n in range(100, 200)],
    )


def main() -> None:
    """Print the statistics; draw the curves if requested."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dataset", default="everyday")
    parser.add_argument("--bots", nargs="*", default=BOTS)
    parser.add_argument("--seeds", nargs="*", type=int, default=[42, 7])
    parser.add_argument("--now", default=NOW)
    parser.add_argument("--draw", type=Path, help="a folder for SVG files")
    given = parser.parse_args()
    words = jieba_words()
    for seed in given.seeds:
        bots = [export(bot, seed, given.dataset, given.now) for bot in given.bots]
        print(f"\n==== seed {seed}")
        for bot in bots:
            describe(bot, words)
        pairs = [(a, b) for place, a in enumerate(bots) for b in bots[place + 1 :]]
        by_hour = [correlation(a.hours(free=False), b.hours(free=False)) for a, b in pairs]
        by_day = [correlation([*a.days().values()], [*b.days().values()]) for a, b in pairs]
        if pairs:
            print(
                f"\ncorrelation between bots: hours {mean(by_hour):.3f} (at most {max(by_hour):.3f})", end=""
            )
            print(f", days {mean(by_day):.3f} (at most {max(by_day):.3f})")
    if given.draw:
        pictures(given.draw, given.seeds[0])


if __name__ == "__main__":
    main()
