"""Faulty clients that compute, sort or filter figures wrongly."""

from types import SimpleNamespace

from tests.examining.clients import (
    Rows,
    Words,
    bearer,
    by_day,
    cbs,
    cbs_days,
    cbs_keywords,
    coze_days,
    coze_total,
    events,
    get,
)


def mean_of_means(words: Words) -> Rows:
    rows = cbs_days(words)
    means = [row["avg_request_count"] for row in rows]
    return {
        "session_count": sum(row["session_count"] for row in rows),
        "avg_request_count": round(sum(means) / max(len(means), 1), 3),
    }


def sum_of_users(words: Words) -> Rows:
    rows = coze_days(words)
    return {name: sum(row[name] for row in rows) for name in ("total_calls", "unique_users")}


def mean_of_rates(words: Words) -> Rows:
    rows = coze_days(words)
    return {
        "total_calls": sum(row["total_calls"] for row in rows),
        "success_rate": sum(row["success_rate"] for row in rows) / len(rows),
    }


def nobody_is_a_user(words: Words) -> Rows:
    """Counts sessions without a user as one more user."""
    rows = by_day(events(words, 100))
    return [{**row, "unique_users": row["unique_users"] + 1} for row in rows]


def rounded_rates(words: Words) -> Rows:
    """Rounds the rate of each day before it computes that of the range."""
    rows = coze_days(words)
    calls = sum(row["total_calls"] for row in rows)
    weighed = sum(round(row["success_rate"], 1) * row["total_calls"] for row in rows)
    return {"total_calls": calls, "success_rate": round(weighed / max(calls, 1), 4)}


def floats(words: Words) -> Rows:
    return [{**row, "total_calls": float(row["total_calls"])} for row in coze_days(words)]


def sorted_by_name(words: Words) -> Rows:
    return sorted(cbs_keywords(words), key=lambda row: row["keyword"])


def rarest_first(words: Words) -> Rows:
    return sorted(cbs(words, "requests/keywords", top=50)["keywords"], key=lambda row: row["freq"])[
        : int(words.top)
    ]


def top_off_by_one(words: Words) -> Rows:
    return cbs(words, "requests/keywords", top=int(words.top) + 1)["keywords"]


def frequencies_as_text(words: Words) -> Rows:
    """Sorts 9 before 10."""
    return sorted(cbs_keywords(words), key=lambda row: str(row["freq"]), reverse=True)


def filter_is_dropped(words: Words) -> Rows:
    return coze_total(words)


def first_bot(words: Words) -> Rows:
    """Reads the first bot of the account instead of the given one."""
    url, headers = f"{words.base_url}/v1/bots", bearer(words)
    workspaces = get(f"{words.base_url}/v1/workspaces", {}, headers)["data"]["workspaces"]
    bots = get(url, {"workspace_id": workspaces[0]["id"]}, headers)["data"]["items"]
    return coze_days(SimpleNamespace(**{**vars(words), "bot_id": bots[0]["id"]}))


def zero_is_nothing(words: Words) -> Rows:
    """Takes a rate of zero for a missing one."""
    total = coze_total(words)
    return {**total, "success_rate": total["success_rate"] or 1}


def bad_days_dropped(words: Words) -> Rows:
    """Leaves out days without a success."""
    return [row for row in coze_days(words) if row["success_rate"]]
