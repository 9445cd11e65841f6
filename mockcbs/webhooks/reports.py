"""The SQL that turns stored events into the figures of the analytics call, in four dialects.

An execution counts where it began (``trigger_time``), once for each ``chat_id`` or ``execute_id``; days are
those of Shanghai (contract coze 1.4.3, 1.5.4). Rates are rounded half-up to four decimals and the mean to
two, with whole numbers only, so that they equal the API's to the last digit.
"""

from dataclasses import dataclass

_KNOWN = "event_type IN ('session.started', 'message.sent', 'execution.completed', 'execution.failed')"
_ENDED = "event_type IN ('execution.completed', 'execution.failed')"
_EXECUTION = f"CASE WHEN execution <> '' THEN execution WHEN {_ENDED} THEN event_id END"


@dataclass(frozen=True)
class Dialect:
    """The differences between databases."""

    table: str
    divide: str
    """A whole division of {a} by {b}."""
    day: str
    """The date in Shanghai of {ms} UTC."""


DIALECTS = {
    "sqlite": Dialect("events", "({a}) / ({b})", "date(({ms} + 28800000) / 1000, 'unixepoch')"),
    "postgresql": Dialect(
        "events", "DIV({a}, {b})", "DATE '1970-01-01' + CAST(({ms} + 28800000) / 86400000 AS INTEGER)"
    ),
    "mysql": Dialect(
        "events",
        "({a}) DIV ({b})",
        "DATE_ADD(DATE '1970-01-01', INTERVAL ({ms} + 28800000) DIV 86400000 DAY)",
    ),
    "clickhouse": Dialect(
        "events FINAL", "intDiv({a}, {b})", "toDate('1970-01-01') + intDiv({ms} + 28800000, 86400000)"
    ),
}
"""The dialects by the name that ``mockcbs receive --report`` takes; MariaDB uses that of MySQL."""

GROUPS = {"bot": "bot_id", "channel": "connector_id", "period": "day"}
"""The keys that reports can be grouped by: 智能体, 渠道, 时间段."""


def dialect_of(name: str) -> str:
    """The key of `DIALECTS` for an SQLAlchemy dialect."""
    return "clickhouse" if name.startswith("clickhouse") else {"mariadb": "mysql"}.get(name, name)


def report(dialect: str, group: str | None = None, where: str = "1 = 1") -> str:
    """The SQL statement for the figures of all events that match *where*, grouped by a key of `GROUPS`."""
    chosen = DIALECTS[dialect]
    column = GROUPS[group] if group else ""
    success = chosen.divide.format(a="2 * good * 10000 + ended", b="2 * ended")
    mean = chosen.divide.format(a="2 * spent * 100 + ended", b="2 * ended")
    day = chosen.day.format(ms="trigger_time")
    named = f"{column} AS {group}, " if column else ""
    lines = [
        f"SELECT {named}calls AS total_calls, messages AS total_messages,",
        "  sessions AS total_sessions, users AS unique_users,",
        f"  CASE WHEN ended = 0 THEN 1.0 ELSE {success} / 10000.0 END AS success_rate,",
        f"  CASE WHEN ended = 0 THEN 0.0 ELSE (10000 - {success}) / 10000.0 END AS error_rate,",
        f"  CASE WHEN ended = 0 THEN 0.0 ELSE {mean} / 100.0 END AS avg_response_time_ms",
        "FROM (",
        f"  SELECT {f'{column}, ' if column else ''}COUNT(DISTINCT {_EXECUTION}) AS calls,",
        "    COUNT(CASE WHEN event_type = 'message.sent' THEN 1 END) AS messages,",
        "    COUNT(DISTINCT CASE WHEN session_id <> '' THEN session_id END) AS sessions,",
        "    COUNT(DISTINCT CASE WHEN user_id <> '' THEN user_id END) AS users,",
        f"    COUNT(CASE WHEN {_ENDED} THEN 1 END) AS ended,",
        "    COUNT(CASE WHEN event_type = 'execution.completed' THEN 1 END) AS good,",
        f"    COALESCE(SUM(CASE WHEN {_ENDED} THEN duration_ms END), 0) AS spent",
        f"  FROM (SELECT events.*, {day} AS day FROM {chosen.table}) AS happened",
        f"  WHERE {_KNOWN} AND {where}",
        *([f"  GROUP BY {column}"] if column else []),
        ") AS counted",
        *([f"ORDER BY {column}"] if column else []),
    ]
    return "\n".join(lines)
