"""Clauses about the statistics of CBS, as rows of `mockcbs.contract_tests.clauses`."""

_SESSIONS = [
    ("cbs.S-1", "derived", "8.1", "Sessions add up over periods and over adjacent ranges."),
    (
        "cbs.S-2",
        "derived",
        "8.1",
        "Users are distinct: the total is at most the sum and at least the maximum of the periods.",
    ),
    (
        "cbs.S-2-people",
        "derived",
        "8.1",
        "A long busy range has fewer users than sessions, since users return.",
    ),
    (
        "cbs.S-3",
        "derived",
        "8.1",
        "avg_request_count is the number of questions divided by the number of sessions, rounded.",
    ),
    ("cbs.S-4", "derived", "8.1", "The total average is the average of the periods weighted by sessions."),
    (
        "cbs.S-5",
        "derived",
        "8.1",
        "avg_session_time is the sum of durations divided by sessions, weighted in the same way.",
    ),
    (
        "cbs.S-6",
        "derived",
        "8.1",
        "Durations are in milliseconds and grow by less than two minutes with each further question.",
    ),
    ("cbs.S-7", "derived", "8.1", "A session of one question has the duration 0."),
    ("cbs.S-8", "derived", "8.1", "Durations are whole seconds."),
    ("cbs.S-9", "derived", "8.1", "Empty periods are omitted."),
    ("cbs.S-10", "derived", "8.1", "Periods are in ascending order without duplicates."),
    ("cbs.S-11", "derived", "8.1", "The label of a period is its first day in the zone, as yyyy-MM-dd."),
    (
        "cbs.S-12",
        "assumed",
        "8.1",
        "Weeks begin on Monday, months on the 1st, years on 1 January; labels are not clamped.",
    ),
    ("cbs.S-13", "derived", "8.1", "endutc is end_time, by default the current time."),
    ("cbs.S-14", "documented", "8.1", "startutc is start_time."),
    (
        "cbs.S-15",
        "assumed",
        "8.1",
        "Both ends of a range are inclusive; a session is counted whole if its first question is inside.",
    ),
    (
        "cbs.S-16",
        "assumed",
        "8.1",
        "A session counts at its first question; all questions lie within its duration, one at its end.",
    ),
    ("cbs.S-17", "assumed", "8.1", "Without data, figures are 0 and 0.000, and there are no periods."),
    ("cbs.S-18", "derived", "8.1", "The total does not depend on interval or zone."),
    (
        "cbs.S-20",
        "derived",
        "8.1",
        "Periods of a range are local days of 24 hours: weeks, months and years are sums of days.",
    ),
    ("cbs.single-period", "derived", "8.1", "The only period of a range has the figures of the total."),
    ("cbs.idempotent", "derived", "8", "A repeated request about the past returns the same body."),
]

_REPLIES = [
    ("cbs.R-1", "derived", "8.2", "Each question has exactly one of the six outcomes."),
    ("cbs.R-2", "derived", "8.2", "A rate is its count divided by the questions, rounded to three decimals."),
    (
        "cbs.R-5",
        "derived",
        "8.2",
        "Questions and outcomes add up over periods and over adjacent ranges.",
    ),
    ("cbs.R-6", "derived", "8.2", "The number of questions equals the number of rounds in session-stats."),
    ("cbs.R-8", "assumed", "8.2", "Without questions every rate is 0.000."),
    ("cbs.R-9", "assumed", "8.2", "domain selects the questions that matched a pair of that category."),
    ("cbs.R-10", "derived", "8.2", "Periods are as in session-stats."),
    ("cbs.unknown-domain", "assumed", "5.2", "An unknown category has no questions and returns no error."),
]

_LISTS = [
    (
        "cbs.Q-top",
        "documented",
        "5.3",
        "At most top hot questions are listed; a shorter list is a prefix of a longer one.",
    ),
    ("cbs.Q-distinct", "derived", "5.3", "No question is listed twice."),
    ("cbs.Q-order", "documented", "5.3", "Hot questions are sorted by hits, descending."),
    ("cbs.Q-ties", "assumed", "5.3", "Hot questions with equal hits are sorted by qa_pair_id."),
    (
        "cbs.Q-direct",
        "documented",
        "5.3",
        "A range has hot questions if, and only if, it has direct answers.",
    ),
    ("cbs.Q-domain", "documented", "5.3", "domain restricts hot questions to a category."),
    ("cbs.Q-empty", "assumed", "5.3", "Without data, questions is an empty list."),
    (
        "cbs.K-top",
        "documented",
        "5.4",
        "At most top keywords are listed; a shorter list is a prefix of a longer one.",
    ),
    ("cbs.K-distinct", "derived", "5.4", "No keyword is repeated or empty; each has a frequency above 0."),
    ("cbs.K-order", "assumed", "5.4", "Keywords are sorted by frequency, descending."),
    ("cbs.K-ties", "assumed", "5.4", "Keywords of the same frequency are sorted by their first use."),
    ("cbs.K-sum", "derived", "5.4", "Frequencies add up over adjacent ranges."),
    ("cbs.K-empty", "assumed", "5.4", "Without data, keywords is an empty list."),
]

STATISTICS = [*_SESSIONS, *_REPLIES, *_LISTS]
