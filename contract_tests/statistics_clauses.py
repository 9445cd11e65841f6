"""Clauses about the statistics of CBS, as rows of `mockcbs.contract_tests.clauses`."""

_SESSIONS = [
    ("cbs.S-1", "derived", "8.1", "Sessions add up: over periods, and over ranges that adjoin."),
    ("cbs.S-2", "derived", "8.1", "Users are distinct: at most the sum, at least the greatest of the parts."),
    (
        "cbs.S-2-people",
        "derived",
        "8.1",
        "Users are people, not sessions: somebody returns in a long busy range.",
    ),
    (
        "cbs.S-3",
        "derived",
        "8.1",
        "avg_request_count is a whole number of questions over sessions, to nearest.",
    ),
    ("cbs.S-4", "derived", "8.1", "The total average is weighted by sessions."),
    (
        "cbs.S-5",
        "derived",
        "8.1",
        "avg_session_time is the sum of durations over sessions, weighted likewise.",
    ),
    (
        "cbs.S-6",
        "derived",
        "8.1",
        "Durations are in milliseconds: under two idle minutes for each further question.",
    ),
    ("cbs.S-7", "derived", "8.1", "A session of one question lasts 0."),
    ("cbs.S-8", "derived", "8.1", "Durations are whole seconds."),
    ("cbs.S-9", "derived", "8.1", "Empty periods are omitted."),
    ("cbs.S-10", "derived", "8.1", "Periods ascend, each once."),
    ("cbs.S-11", "derived", "8.1", "A period is labelled with its first day, yyyy-MM-dd, local to the zone."),
    (
        "cbs.S-12",
        "assumed",
        "8.1",
        "Weeks begin on Monday, months on the 1st, years on 1 January; labels are not clamped.",
    ),
    ("cbs.S-13", "derived", "8.1", "endutc is end_time, or else the present instant."),
    ("cbs.S-14", "documented", "8.1", "startutc is start_time."),
    (
        "cbs.S-15",
        "assumed",
        "8.1",
        "Both ends of a range are inclusive, and a session counts whole by its first question.",
    ),
    (
        "cbs.S-16",
        "assumed",
        "8.1",
        "A session is counted at its first question; its questions lie within its duration, one at its end.",
    ),
    ("cbs.S-17", "assumed", "8.1", "Without data, figures are 0 and 0.000, and there are no periods."),
    ("cbs.S-18", "derived", "8.1", "The total depends on neither interval nor zone."),
    (
        "cbs.S-20",
        "derived",
        "8.1",
        "Periods of a range are local days of 24 hours: weeks, months and years are sums of days.",
    ),
    ("cbs.single-period", "derived", "8.1", "The only period of a range has the figures of the total."),
    ("cbs.idempotent", "derived", "8", "A read of the past, repeated, gives the same body."),
]

_REPLIES = [
    ("cbs.R-1", "derived", "8.2", "The six outcomes partition the questions."),
    ("cbs.R-2", "derived", "8.2", "A rate is its count over the questions, to the nearest thousandth."),
    (
        "cbs.R-5",
        "derived",
        "8.2",
        "Questions and outcomes add up: over periods, and over ranges that adjoin.",
    ),
    ("cbs.R-6", "derived", "8.2", "There are as many questions as there are rounds in session-stats."),
    ("cbs.R-8", "assumed", "8.2", "Without questions every rate is 0.000."),
    ("cbs.R-9", "assumed", "8.2", "domain keeps the questions that matched a pair of that category."),
    ("cbs.R-10", "derived", "8.2", "Periods are as in session-stats."),
    ("cbs.unknown-domain", "assumed", "5.2", "An unknown category has no questions; it is no error."),
]

_LISTS = [
    (
        "cbs.Q-top",
        "documented",
        "5.3",
        "At most top hot questions are listed; a shorter list begins a longer one.",
    ),
    ("cbs.Q-distinct", "derived", "5.3", "No question is listed twice."),
    ("cbs.Q-order", "documented", "5.3", "Hot questions are sorted by hits, descending."),
    ("cbs.Q-ties", "assumed", "5.3", "Hot questions of as many hits are sorted by qa_pair_id."),
    (
        "cbs.Q-direct",
        "documented",
        "5.3",
        "Questions are hot where there are direct answers, and only there.",
    ),
    ("cbs.Q-domain", "documented", "5.3", "domain restricts hot questions to a category."),
    ("cbs.Q-empty", "assumed", "5.3", "Without data, questions is an empty list."),
    (
        "cbs.K-top",
        "documented",
        "5.4",
        "At most top keywords are listed; a shorter list begins a longer one.",
    ),
    ("cbs.K-distinct", "derived", "5.4", "No keyword is listed twice, none is empty, each was used."),
    ("cbs.K-order", "assumed", "5.4", "Keywords are sorted by frequency, descending."),
    ("cbs.K-ties", "assumed", "5.4", "Keywords of the same frequency are sorted by their first use."),
    ("cbs.K-sum", "derived", "5.4", "Frequencies add up over ranges that adjoin."),
    ("cbs.K-empty", "assumed", "5.4", "Without data, keywords is an empty list."),
]

STATISTICS = [*_SESSIONS, *_REPLIES, *_LISTS]
