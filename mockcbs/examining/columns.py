"""What the columns of a client mean: they are named like the members of the API.

How figures add up follows from the contracts (cbs 8.1 and 8.2, coze 1.4.3).
"""

COUNTS = frozenset(
    "total_messages total_calls session_count question_count direct_count recommend_count "
    "notmatch_count chat_count invalid_count dialog_count freq".split()
)
"""Figures of a range that are the sums of those of its parts."""

DISTINCT = frozenset(("unique_users", "user_count", "total_sessions"))
"""Numbers of different users or sessions: at most the sum of those of the parts, at least the greatest."""

WEIGHTS = {
    "avg_request_count": "session_count",
    "avg_session_time": "session_count",
    "direct_rate": "question_count",
    "recommend_rate": "question_count",
    "notmatch_rate": "question_count",
    "chat_rate": "question_count",
    "invalid_rate": "question_count",
    "dialog_rate": "question_count",
    "success_rate": "total_calls",
    "error_rate": "total_calls",
    "avg_response_time_ms": "total_calls",
}
"""Means and rates, and the count that weighs them."""

WHOLE_NUMBERS = COUNTS | DISTINCT
FIGURES = WHOLE_NUMBERS | WEIGHTS.keys()

PERIODS = ("date", "start", "hour")
"""What a row about a period is named by."""

ITEMS = ("event_id", "qa_pair_id", "st_question", "keyword")
"""What a row about one thing is named by; the first that is there is enough."""

GROUPS = ("user_id", "session_id", "connector_id", "domain")
"""What a row about a part of the traffic is named by."""

TIMESTAMP = "timestamp"
"""Epoch seconds; names a period where nothing else does."""

KNOWN = FIGURES.union(PERIODS, ITEMS, GROUPS, (TIMESTAMP,))
"""Columns by which the output of a client is recognised."""

SIZES = ("session_count", "question_count", "total_calls", "total_messages")
"""Counts without which the means beside them are those of nothing."""
