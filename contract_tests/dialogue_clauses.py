"""Clauses of the operations that talk to a bot (contract 5.5 to 5.12 and 7).

The columns are id, standing, source and sentence, as in `mockcbs.contract_tests.clauses`.
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
    ("cbs.shape-tag", "documented", "5.11", "Labor and satisfaction return request_id and updated_time."),
    ("cbs.number-scores", "documented", "2.6", "A score is a number from 0 to 1 with up to three decimals."),
    ("cbs.chat-arrays", "derived", "5.5", "qabot_answers always has both arrays, even if they are empty."),
    ("cbs.D-16", "assumed", "D-16", "Session ids are UUIDs with dashes."),
    ("cbs.D-18", "documented", "D-18", "updated_time has the format 2017-02-07T17:34:02Z."),
    (
        "cbs.D-19",
        "assumed",
        "D-19",
        "A response in a session has the request id at the top level and in qabot_answers.",
    ),
    ("cbs.D-20", "documented", "D-20", "A response of chat always has session_id and request_id."),
    (
        "cbs.request-id-form",
        "derived",
        "2.2",
        "A request id is a UUID followed by the time of the request in ms, 13 digits.",
    ),
    ("cbs.request-id-new", "derived", "2.2", "No two requests have the same request id."),
]

_REFUSALS = [
    (
        "cbs.suggestions-question",
        "documented",
        "5.10, G-13",
        "Suggestions without the member question return 400 CBS.0022 'question can not be null'.",
    ),
    (
        "cbs.question-required",
        "assumed",
        "5.5, 6.5",
        "chat, single round and sessions return the same error for a missing or empty question.",
    ),
    (
        "cbs.D-11",
        "documented",
        "D-11, G-14",
        "Single round without session_id returns 400 CBS.0022 'session_id can not be null'.",
    ),
    (
        "cbs.bad-body",
        "assumed",
        "5.5, 6.5",
        "A body that is not JSON or has a wrong type returns 400 CBS.0099 'request body invalid.'.",
    ),
    ("cbs.bad-rating", "documented", "5.12, G-16", "An invalid body of satisfaction returns 400 CBS.0099."),
    ("cbs.D-17", "assumed", "D-17", "degree is 1 or -1, not 0."),
    (
        "cbs.unknown-request",
        "documented",
        "5.11, G-15",
        "Labor with an unknown request id returns 400 CBS.2344 'request to change not exist'.",
    ),
    (
        "cbs.unknown-request-rated",
        "assumed",
        "5.12",
        "Satisfaction with an unknown request id returns 400 CBS.2344.",
    ),
    (
        "cbs.unknown-session",
        "assumed",
        "5.8",
        "A question in an unknown session returns 400 CBS.3254 'RESOURCE_NOT_EXIST_EXCEPTION'.",
    ),
    (
        "cbs.suggestions-length",
        "documented",
        "5.10",
        "A question for suggestions has up to 512 characters; a longer one returns 400 CBS.0022.",
    ),
    ("cbs.suggestions-top", "documented", "5.10", "top of suggestions is from 1 to 10, by default 5."),
    (
        "cbs.question-length",
        "assumed",
        "5.5, 5.6",
        "A question has up to 512 characters in every operation; a longer one returns 400 CBS.0022.",
    ),
    ("cbs.single-limits", "documented", "5.6", "extends.top is from 1 to 10; up to 10 domains are accepted."),
    ("cbs.chat-limits", "documented", "5.5", "Up to 10 domain ids and the query types 0 to 5 are accepted."),
]

_HTTP = [
    ("cbs.body-escapes", "derived", "2.3", "Raw UTF-8 and ASCII escapes in a body mean the same."),
    ("cbs.body-type", "derived", "2.3", "A body is read in the same way with any charset in Content-Type."),
    ("cbs.body-stranger", "derived", "2.3", "An unknown member of a body is ignored."),
    ("cbs.body-none", "derived", "2.3", "Operations without a body accept a Content-Type header."),
    ("cbs.body-order", "assumed", "6.3", "Path, credentials and bot are checked before the body."),
]

_SUGGESTIONS = [
    (
        "cbs.suggested",
        "assumed",
        "5.10",
        "The text of a standard question suggests it; other suggestions are questions that contain the text.",
    ),
    (
        "cbs.suggested-top",
        "documented",
        "5.10",
        "At most top texts are suggested; a shorter list is a prefix of a longer one; no text is repeated.",
    ),
    (
        "cbs.suggested-nothing",
        "documented",
        "5.10",
        "An empty text, or a text that no question contains, returns an empty list.",
    ),
]

_CONVERSATION = [
    (
        "cbs.reply-type",
        "documented",
        "5.5, 5.8",
        "reply_type names the one answer member that is present.",
    ),
    (
        "cbs.direct-or-recommended",
        "documented",
        "5.5",
        "Each element of answers has an answer; no element of recommend_answers has one.",
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
        "A question without a match has reply_type 0 and empty arrays; with small talk, 2 and score 0.0.",
    ),
    (
        "cbs.D-12",
        "assumed",
        "D-12",
        "Small talk is off in chat and on in sessions and single round; chat_enable overrides that.",
    ),
    (
        "cbs.chat-filters",
        "documented",
        "5.5",
        "Only answers of the requested categories and tags are returned.",
    ),
    (
        "cbs.chat-session",
        "documented",
        "5.5",
        "chat continues an open session and otherwise creates a new one.",
    ),
    ("cbs.session-life", "documented", "5.5, 7", "A session expires two minutes after its last answer."),
    ("cbs.session-closed", "documented", "7", "A closed session rejects further questions."),
    (
        "cbs.close",
        "documented",
        "5.9",
        "Closing a session returns 200 with an empty body.",
    ),
    ("cbs.close-again", "assumed", "5.9", "Closing an unknown session returns 200."),
    ("cbs.single-echo", "documented", "5.6", "A response of single round contains the question."),
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
        "One element of domains or domain_ids may hold several categories separated by semicolons.",
    ),
    ("cbs.single-domains", "documented", "5.6", "extends.domains restricts single round to categories."),
    ("cbs.tag-echo", "documented", "5.11, G-11", "Labor and satisfaction return the request id of the path."),
    ("cbs.tag-time", "derived", "5.11", "updated_time is the time of the request, in UTC."),
    ("cbs.rated-again", "assumed", "5.12", "A request may be rated more than once, each time with 1 or -1."),
]

_COUNTED = [
    (
        "cbs.counted",
        "derived",
        "7",
        "A first question adds one question, one session and one user to the statistics.",
    ),
    (
        "cbs.counted-rounds",
        "derived",
        "S-3",
        "Further questions in a session add rounds, but no session and no user.",
    ),
    (
        "cbs.counted-single",
        "derived",
        "7",
        "Single round adds a question to the session that the request names.",
    ),
    ("cbs.counted-session", "derived", "7", "A question in an opened session is counted in that session."),
    (
        "cbs.counted-outcome",
        "derived",
        "7, 8.2",
        "A question is counted under the one outcome of its answer.",
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
        "A repeated question adds one to the frequency of each of its words.",
    ),
    ("cbs.counted-invalid", "assumed", "7", "A question that has only punctuation is counted as invalid."),
    (
        "cbs.counted-at-once",
        "assumed",
        "7",
        "The first statistics request after the answer includes the question.",
    ),
    (
        "cbs.uncounted",
        "derived",
        "7",
        "Opening, closing, suggestions, labor and satisfaction do not change the statistics.",
    ),
    ("cbs.uncounted-refusal", "derived", "7", "A rejected request does not change the statistics."),
    ("cbs.S-19", "assumed", "S-19", "A question without user_id adds no user."),
]

DIALOGUE = [*_SHAPE, *_REFUSALS, *_HTTP, *_SUGGESTIONS, *_CONVERSATION, *_COUNTED]
