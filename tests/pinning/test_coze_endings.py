"""How executions ended."""

import pytest

from mockcbs.pinning.coze import pin
from mockcbs.pinning.reading import PinError
from tests.pinning.analytics import changed


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            changed(("metrics.0.total_messages", "7")),
            r"metrics\[0\]: total_messages 7 .*; 3 to 6 is possible",
        ),
        (
            changed(("metrics.0.total_messages", "6"), ("summary.total_messages", "8")),
            r"metrics\[0\]: 3 calls, 3 .* 0.6667; nearest .*: 1.0",
        ),
        (changed(("metrics.2.total_messages", "1")), "0 calls.*; 0 is possible"),
        (changed(("metrics.1.total_calls", "0")), "unique_users 1 is impossible with 0 calls; 0 is possible"),
        (changed(("metrics.0.unique_users", "4")), "unique_users 4 .* 3 calls; 0 to 3 is possible"),
        (changed(("metrics.0.total_sessions", "0")), "total_sessions 0 .*; 1 to 3 is possible"),
        (
            changed(("metrics.0.success_rate", "0.7"), ("metrics.0.error_rate", "0.3")),
            "3 calls, 2 of them answered, cannot give success_rate 0.7; nearest possible: 0.6667 and 1.0",
        ),
        (changed(("metrics.0.error_rate", "0.3334")), "0.3334 is not 1 - success_rate; that is 0.3333"),
        (changed(("metrics.0.success_rate", "66.67")), "66.67 is above 1.0"),
        (changed(("metrics.0.success_rate", "0.66667")), "up to 4 decimals; nearest is 0.6667"),
        (
            changed(("metrics.0.avg_response_time_ms", "2000.1")),
            "no whole number of ms gives avg_response_time_ms 2000.1; nearest possible: 2000.0 and 2000.33",
        ),
        (changed(("metrics.1.avg_response_time_ms", "12000.004")), "nearest is 12000.00"),
        (changed(("metrics.2.avg_response_time_ms", "3")), "without an execution .*nearest possible: 0.0"),
        (changed(("metrics.1.avg_response_time_ms", "1e9")), "above 86400000.0"),
        (
            changed(("metrics.2.success_rate", "0.0"), ("metrics.2.error_rate", "1.0")),
            "nearest possible: 1.0",
        ),
        (changed(("metrics.1.total_calls", "1.0")), "1.0 is not a whole number of 0 or more; nearest is 1"),
        (changed(("metrics.1.total_calls", '"1"')), "'1' is not a whole number"),
        (
            changed(("metrics.0.date", '"2025-12-16"')),
            r"metrics\[0\]: date .* so '2025-12-15' is expected here",
        ),
        (changed(("metrics.0.timestamp", "1765728000000")), "timestamp .* so 1765728000 is expected here"),
        (changed(("metrics.0.hour", "0")), r"metrics\[0\]: 'hour' cannot be reproduced"),
        (changed(("end_date", '"2025-12-16"')), "3 rows, but its dates have 2 buckets"),
        (changed(("end_date", '"2025-12-14"')), "is before start_date"),
        (changed(("end_date", '"2026-12-14"')), "365 days are more than 180"),
        (changed(("start_date", '"20251215"')), "not a date such as"),
        (changed(("start_date", '"2022-12-31"')), "before 2023-01-01"),
        (changed(("granularity", '"week"')), "'week' is not one of day, hour"),
        (changed(("granularity", "[]")), r"\[\] is not one of day, hour"),
        (changed(("timezone", '"UTC"')), "not 'Asia/Shanghai'"),
        (changed(("bot_id", "7342866812345678901")), "not text of 16 to 20 digits"),
        (changed(("metrics", "{}")), "metrics is not a list"),
        (changed(("summary", "{}")), "summary: no member total_messages"),
        (changed(("summary.total_calls", "5")), "summary.total_calls is 5, but its periods add up to 4"),
        (changed(("summary.total_messages", "8")), "summary.total_messages is 8, but .* add up to 7"),
        (
            changed(("summary.unique_users", "4")),
            "possible are 2, the maximum of the periods, to 3, their sum",
        ),
        (
            changed(("summary.total_sessions", "1")),
            "possible are 2, the maximum of the periods, to 3, their sum",
        ),
        (
            changed(("summary.success_rate", "0.8"), ("summary.error_rate", "0.2")),
            "the rows do not add up to success_rate 0.8; nearest possible: 0.75",
        ),
        (
            changed(("summary.avg_response_time_ms", "4501")),
            "weighted average .* 4501.0; nearest possible: 4500.0",
        ),
        ({"code": 4000, "msg": "bad", "detail": {}}, "an error response .code 4000: 'bad'. has no figures"),
        ([], r"data: \[\] is not an object"),
    ],
)
def test_impossible_figures(answer, reason):
    """Figures that no traffic can produce are refused, with place, reason and nearest possible figures."""
    with pytest.raises(PinError, match=reason):
        pin(answer)
