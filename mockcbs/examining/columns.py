"""The meaning of a client's columns, which have the names of members of the API.

The rules for adding figures follow from the contracts (cbs 8.1 and 8.2, coze 1.4.3).
"""

COUNTS = frozenset(
    "total_messages total_calls session_count question_count direct_count recommend_count "
    "notmatch_count chat_count invalid_count dialog_count freq".split()
)
"""Counts: the count of a range is the sum of the counts of its parts."""

DISTINCT = frozenset(("unique_users", "user_count", "total_sessions"))
"""Numbers of different users or sessions: at most the sum of the parts, at least their maximum."""

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
"""Means and rates, each with the count that is its weight."""

WHOLE_NUMBERS = COUNTS | DISTINCT
FIGURES = WHOLE_NUMBERS | WEIGHTS.keys()

PERIODS = ("date", "start", "hour")
"""The columns that identify the period of a row."""

ITEMS = ("event_id", "qa_pair_id", "st_question", "keyword")
"""The columns that identify the item of a row; the first that is present is used."""

GROUPS = ("user_id", "session_id", "connector_id", "domain")
"""The columns that identify the group of a row."""

TIMESTAMP = "timestamp"
"""Columns with epoch seconds; they identify a period if no other column does."""

KNOWN = FIGURES.union(PERIODS, ITEMS, GROUPS, (TIMESTAMP,))
"""The columns by which rows in the output of a client are recognised."""

SIZES = ("session_count", "question_count", "total_calls", "total_messages")
"""Counts; if a count is zero, the means in the same row have no meaning."""
