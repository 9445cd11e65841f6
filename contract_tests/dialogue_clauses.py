"""Clauses of the operations that talk to a bot (contract 5.5 to 5.12 and 7).

Each is an id, its standing, its source and one sentence, as in `mockcbs.contract_tests.clauses`.
"""

_SHAPE = [
    ("cbs.shape-chat", "documented", "5.5", "chat has every documented member, of its type."),
    ("cbs.shape-single", "documented", "5.6", "single round has every documented member, of its type."),
    ("cbs.shape-open", "documented", "5.7", "An opened session has an id and a greeting."),
    (
        "cbs.shape-execute",
        "documented",
        "5.8",
        "A session's answer has every documented member, of its type.",
    ),
    ("cbs.shape-suggestions", "documented", "5.10", "Suggestions are a list of texts."),
    ("cbs.shape-tag", "documented", "5.11", "Labor and satisfaction answer request_id and updated_time."),
    ("cbs.number-scores", "documented", "2.6", "A score is from 0 to 1, with up to three decimals."),
    ("cbs.chat-arrays", "derived", "5.5", "qabot_answers has both its arrays, also when they are empty."),
    ("cbs.D-16", "assumed", "D-16", "Session ids are UUIDs with dashes."),
    ("cbs.D-18", "documented", "D-18", "updated_time is of the form 2017-02-07T17:34:02Z."),
    ("cbs.D-19", "assumed", "D-19", "A session's answer has the request id at the top and in qabot_answers."),
    ("cbs.D-20", "documented", "D-20", "chat always says session_id and request_id."),
    (
        "cbs.request-id-form",
        "derived",
        "2.2",
        "A request id is a UUID followed by the instant of the request in 13 digits of milliseconds.",
    ),
    ("cbs.request-id-new", "derived", "2.2", "No two requests have the same request id."),
]

_REFUSALS = [
    (
        "cbs.suggestions-question",
        "documented",
        "5.10, G-13",
        "Suggestions without the member question are 400 CBS.0022 'question can not be null'.",
    ),
    (
        "cbs.question-required",
        "assumed",
        "5.5, 6.5",
        "chat, single round and sessions refuse a missing or empty question likewise.",
    ),
    (
        "cbs.D-11",
        "documented",
        "D-11, G-14",
        "Single round without session_id is 400 CBS.0022 'session_id can not be null'.",
    ),
    (
        "cbs.bad-body",
        "assumed",
        "5.5, 6.5",
        "A body that is not JSON or has a member of the wrong type is 400 CBS.0099 'request body invalid.'.",
    ),
    ("cbs.bad-rating", "documented", "5.12, G-16", "A bad body of satisfaction is 400 CBS.0099."),
    ("cbs.D-17", "assumed", "D-17", "degree is 1 or -1, not 0."),
    (
        "cbs.unknown-request",
        "documented",
        "5.11, G-15",
        "Labor on an unknown request is 400 CBS.2344 'request to change not exist'.",
    ),
    (
        "cbs.unknown-request-rated",
        "assumed",
        "5.12",
        "Satisfaction with an unknown request is 400 CBS.2344 too.",
    ),
    (
        "cbs.unknown-session",
        "assumed",
        "5.8",
        "A question in an unknown session is 400 CBS.3254 'RESOURCE_NOT_EXIST_EXCEPTION'.",
    ),
    (
        "cbs.suggestions-length",
        "documented",
        "5.10",
        "A question for suggestions has up to 512 characters; longer ones are 400 CBS.0022.",
    ),
    ("cbs.suggestions-top", "documented", "5.10", "top of suggestions is from 1 to 10, by default 5."),
    (
        "cbs.question-length",
        "assumed",
        "5.5, 5.6",
        "A question has up to 512 characters in every operation; longer ones are 400 CBS.0022.",
    ),
    ("cbs.single-limits", "documented", "5.6", "extends.top is from 1 to 10; up to 10 domains are accepted."),
    ("cbs.chat-limits", "documented", "5.5", "Up to 10 domain ids and the query types 0 to 5 are accepted."),
]

_HTTP = [
    ("cbs.body-escapes", "derived", "2.3", "Raw UTF-8 and ASCII escapes in a body mean the same."),
    ("cbs.body-type", "derived", "2.3", "A body is read whatever charset its Content-Type adds."),
    ("cbs.body-stranger", "derived", "2.3", "An unknown member of a body is ignored."),
    ("cbs.body-none", "derived", "2.3", "Operations without a body take Content-Type without a body."),
    ("cbs.body-order", "assumed", "6.3", "Route, credentials and bot are looked at before the body."),
]

_SUGGESTIONS = [
    (
        "cbs.suggested",
        "assumed",
        "5.10",
        "Typing a standard question suggests it; other suggestions are of questions that hold the text.",
    ),
    (
        "cbs.suggested-top",
        "documented",
        "5.10",
        "At most top texts are suggested; a shorter list begins a longer one, and none is repeated.",
    ),
    (
        "cbs.suggested-nothing",
        "documented",
        "5.10",
        "An empty question, and what no question holds, suggest an empty list.",
    ),
]

_CONVERSATION = [
    (
        "cbs.reply-type",
        "documented",
        "5.5, 5.8",
        "reply_type says which one of the answer members is there.",
    ),
    (
        "cbs.direct-or-recommended",
        "documented",
        "5.5",
        "Each of answers has an answer, none of recommend_answers has.",
    ),
    (
        "cbs.exact-match",
        "derived",
        "2.6, 5.5",
        "A standard question is answered by its own pair, with score 1.",
    ),
    (
        "cbs.no-match",
        "assumed",
        "5.5",
        "What nothing matches is reply_type 0 with empty arrays, or with small talk 2 and score 0.0.",
    ),
    (
        "cbs.D-12",
        "assumed",
        "D-12",
        "Small talk is off in chat and on in sessions and single round, unless chat_enable says otherwise.",
    ),
    (
        "cbs.chat-filters",
        "documented",
        "5.5",
        "Answers are of the categories and tags asked for, or not there.",
    ),
    ("cbs.chat-session", "documented", "5.5", "chat keeps a living session, and else makes a new one."),
    ("cbs.session-life", "documented", "5.5, 7", "A session lives two minutes after its last answer."),
    ("cbs.session-closed", "documented", "7", "A session that is closed takes no more questions."),
    (
        "cbs.close",
        "documented",
        "5.9",
        "Closing a session is 200 with an empty body.",
    ),
    ("cbs.close-again", "assumed", "5.9", "Closing a session that is not there is 200 as well."),
    ("cbs.single-echo", "documented", "5.6", "Single round repeats the question."),
    (
        "cbs.single-order",
        "documented",
        "5.6",
        "Single round lists at most extends.top matches, by default 5, the highest score first.",
    ),
    (
        "cbs.several-domains",
        "documented",
        "5.5, 5.6",
        "One element of domains or domain_ids may hold several categories parted by a semicolon.",
    ),
    ("cbs.single-domains", "documented", "5.6", "extends.domains restricts single round to categories."),
    ("cbs.tag-echo", "documented", "5.11, G-11", "Labor and satisfaction repeat the request id of the path."),
    ("cbs.tag-time", "derived", "5.11", "updated_time is the instant of the call, in UTC."),
    ("cbs.rated-again", "assumed", "5.12", "A request may be rated more than once, 1 or -1."),
]

_COUNTED = [
    (
        "cbs.counted",
        "derived",
        "7",
        "A question that is asked is counted: one question, one session, one user more.",
    ),
    (
        "cbs.counted-rounds",
        "derived",
        "S-3",
        "Further questions in a session are rounds, not sessions or users.",
    ),
    (
        "cbs.counted-single",
        "derived",
        "7",
        "Single round counts a question, in the session the caller names.",
    ),
    ("cbs.counted-session", "derived", "7", "A question in an opened session is counted in that session."),
    (
        "cbs.counted-outcome",
        "derived",
        "7, 8.2",
        "A question is counted in the one outcome that its answer was.",
    ),
    (
        "cbs.counted-domain",
        "assumed",
        "R-9",
        "A question is counted in the category of the pair that answered.",
    ),
    ("cbs.counted-hots", "derived", "5.3", "A direct answer makes its pair a hot question of that moment."),
    (
        "cbs.counted-keywords",
        "derived",
        "5.4",
        "The words of a question are used once more when it is asked again.",
    ),
    ("cbs.counted-invalid", "assumed", "7", "A question of nothing but punctuation is invalid."),
    ("cbs.counted-at-once", "assumed", "7", "Counts are in the first statistics read after the answer."),
    ("cbs.uncounted", "derived", "7", "Opening, closing, suggesting and tagging count nothing."),
    ("cbs.uncounted-refusal", "derived", "7", "What is refused counts nothing."),
    ("cbs.S-19", "assumed", "S-19", "Somebody without user_id is not counted as a user."),
]

DIALOGUE = [*_SHAPE, *_REFUSALS, *_HTTP, *_SUGGESTIONS, *_CONVERSATION, *_COUNTED]
