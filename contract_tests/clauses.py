"""The contract as a table of clauses.

Standing: *documented* by the vendor, *derived* from documented examples or from official clients, or
*assumed* (a choice that was necessary; a run against the real service shows whether it was right).
"""

from mockcbs.contract_tests.dialogue_clauses import DIALOGUE
from mockcbs.contract_tests.statistics_clauses import STATISTICS

from mockcbs.contract.ledger import Clause

_HTTP = [
    ("http.answered", "derived", "6.2", "Every call is answered, in time."),
    (
        "http.request-id",
        "documented",
        "2.4",
        "Every response has X-Request-Id, 32 lower-case hexadecimal digits.",
    ),
    ("http.request-id-fresh", "derived", "2.4", "No two responses have the same X-Request-Id."),
    (
        "http.json",
        "documented",
        "2.4",
        "Every body is a JSON object in UTF-8, sent as application/json; never HTML.",
    ),
    ("http.one-line", "derived", "2.4", "A body is one line of JSON without blanks between its members."),
    ("http.raw-text", "derived", "2.4", "Text in a body is raw UTF-8: Chinese is not escaped."),
    (
        "http.member-order",
        "derived",
        "2.6, 6.1",
        "Members come in the order of the documented examples.",
    ),
    ("http.date", "documented", "2.4", "Every response has a Date, the present time."),
    ("http.no-coding", "derived", "2.4", "A body is not compressed unless the request asks for it."),
    ("http.server", "documented", "2.4", "Every response has Server: api-gateway."),
    (
        "http.timings",
        "documented",
        "2.4",
        "X-Apig-… headers come if, and only if, the call says X-Apig-Mode: debug.",
    ),
    ("http.no-redirect", "derived", "9", "No call is answered with a redirect; SDKs do not follow them."),
    (
        "http.service-envelope",
        "documented",
        "6.1",
        "A failure of CBS has exactly the members error_code and error_msg.",
    ),
    (
        "http.gateway-envelope",
        "documented",
        "6.1",
        "A failure of the gateway has exactly error_code, error_msg and request_id, the id of X-Request-Id.",
    ),
    (
        "http.envelope",
        "documented",
        "6.1",
        "Every failure is in the envelope of CBS, of the gateway or of IAM.",
    ),
    ("http.code-prefix", "assumed", "D-7", "Gateway codes begin with APIG, not with APIGW."),
    ("http.unknown-path", "documented", "6.2", "An unknown path is 404 APIG.0101, not published."),
    ("http.trailing-slash", "assumed", "2.1", "A path with a trailing slash is another, unknown path."),
    (
        "http.wrong-method",
        "documented",
        "6.2",
        "A wrong method is 404 APIG.0101 'The API does not exist.', not 405.",
    ),
    ("http.no-options", "derived", "9", "OPTIONS and HEAD are wrong methods too."),
    ("http.content-type", "derived", "2.3", "GET is answered alike with no Content-Type and with a charset."),
    (
        "http.conditions",
        "derived",
        "2.5",
        "A read is answered with 200 and its whole body, whatever conditions and preferences a client adds.",
    ),
    ("http.get-body", "derived", "2.3", "The JSON body of a GET is ignored."),
    ("http.unknown-parameter", "derived", "2.3", "An unknown parameter is ignored."),
    ("http.empty-parameter", "assumed", "2.3", "An empty parameter counts as absent."),
    ("http.repeated-parameter", "assumed", "2.3", "Of a repeated parameter the first value wins."),
    ("http.parameter-order", "derived", "2.3", "Parameters may come in any order."),
]

_AUTH = [
    (
        "auth.missing",
        "documented",
        "6.3, D-14",
        "A call without credentials is 401 APIG.0301 'x-auth-token not found'.",
    ),
    ("auth.empty", "assumed", "3", "An empty X-Auth-Token is no token."),
    ("auth.bad-token", "documented", "6.3", "A token that is no good is 401 APIG.0301."),
    (
        "auth.undecodable",
        "documented",
        "6.3",
        "A token that cannot be decoded is refused with 'decrypt token fail'.",
    ),
    ("auth.token-first", "assumed", "3", "A good token is enough, whatever Authorization says."),
    (
        "auth.signature",
        "documented",
        "3.2",
        "A call signed with AK and SK is accepted, non-ASCII parameters included.",
    ),
    (
        "auth.bad-signature",
        "documented",
        "6.3",
        "A wrong signature is 401 APIG.0301 'verify aksk signature fail'.",
    ),
    (
        "auth.canonical-request",
        "documented",
        "6.3",
        "The refusal of a wrong signature ends in the canonical request, its line ends shown as |.",
    ),
    (
        "auth.old-signature",
        "documented",
        "3.2",
        "A signature is good for 15 minutes, before and after its date; then it is 401 APIG.0301.",
    ),
    (
        "auth.old-signature-text",
        "derived",
        "6.3",
        "The refusal of an old signature states its time and the server's, as YYYYMMDDTHHMMSSZ.",
    ),
    (
        "auth.signed-whole",
        "documented",
        "3.2",
        "A signature is good for its own method, path, query, headers and body only.",
    ),
    ("auth.unknown-key", "documented", "6.3", "An unknown access key is 401 APIG.0301 'ak not exist'."),
    (
        "auth.expired",
        "documented",
        "3.1, 6.3",
        "A token is good for 24 hours, then it is 401 'token expires'.",
    ),
    ("auth.project", "assumed", "6.3", "A token of another project is 401 CBS.0011 'auth failed'."),
    ("auth.algorithm", "assumed", "3.2", "Another algorithm than SDK-HMAC-SHA256 is 401 APIG.0301."),
    ("auth.before-parameters", "assumed", "6.3", "Credentials are looked at before parameters and bot."),
    ("auth.after-route", "assumed", "6.3", "The path is looked at before the credentials."),
]

_IAM = [
    (
        "iam.token",
        "documented",
        "4.1",
        "A password is exchanged for a token: 201, the token in X-Subject-Token.",
    ),
    (
        "iam.token-shape",
        "documented",
        "4.1",
        "The body describes the token: catalog, times, methods, roles, user.",
    ),
    (
        "iam.token-times",
        "documented",
        "4.1",
        "Times are UTC with six digits; a token lasts 24 hours exactly.",
    ),
    (
        "iam.token-scope",
        "documented",
        "4.1",
        "A project scope shows as project, a domain scope as domain; never both.",
    ),
    ("iam.no-scope", "assumed", "4.1", "Without a scope the token is for the user's domain."),
    ("iam.nocatalog", "documented", "4.1", "With nocatalog the catalog is empty."),
    ("iam.token-works", "documented", "3.1", "CBS accepts the token."),
    (
        "iam.wrong-password",
        "documented",
        "4.1",
        "A wrong password is 401 'The username or password is wrong.' in IAM's envelope.",
    ),
    (
        "iam.bad-body",
        "documented",
        "4.1",
        "A broken or incomplete body is 400 'The request body is invalid' in IAM's envelope.",
    ),
    ("iam.validate", "documented", "4.2", "GET describes a token and echoes it in X-Subject-Token."),
    ("iam.validate-unknown", "documented", "4.2", "GET of an unknown token is 404 in IAM's envelope."),
    (
        "iam.projects",
        "documented",
        "4.3",
        "The list of projects has links and projects, each with id and name.",
    ),
    (
        "iam.domains",
        "documented",
        "4.4",
        "The list of domains has links and domains, each with id and name, the user's among them.",
    ),
    ("iam.projects-name", "documented", "4.3", "Filtered by a region's name, exactly one project is listed."),
]

_SHAPE = [
    ("cbs.shape-success", "documented", "2.5", "A valid call is answered with status 200."),
    (
        "cbs.shape-session-stats",
        "documented",
        "5.1",
        "session-stats has every documented member, of its type.",
    ),
    ("cbs.shape-reply-rates", "documented", "5.2", "reply-rates has every documented member, of its type."),
    ("cbs.shape-hots", "documented", "5.3", "Hot questions have every documented member, of its type."),
    ("cbs.shape-keywords", "documented", "5.4", "Keywords have every documented member, of its type."),
    ("cbs.shape-extra", "assumed", "5", "An answer has no members that the contract does not know."),
    ("cbs.shape-no-error", "documented", "5", "A good answer has neither error_code nor error_msg."),
    ("cbs.number-integers", "documented", "2.6", "Counts and instants are JSON integers."),
    (
        "cbs.number-decimals",
        "documented",
        "2.6, D-4",
        "Averages and rates have exactly three decimals: 3.500.",
    ),
    ("cbs.number-ties", "assumed", "2.6", "A value midway between two thousandths is rounded up."),
]

_PARAMETERS = [
    (
        "cbs.bad-parameter",
        "documented",
        "5.1, G-12",
        "A bad parameter is 400 CBS.0021 'request parameter error'.",
    ),
    (
        "cbs.bad-time",
        "assumed",
        "5.1",
        "An instant is 1 to 19 digits up to 2^63-1; anything else is a bad parameter.",
    ),
    (
        "cbs.bad-interval",
        "documented",
        "5.1",
        "An interval that is not month, week, day (or year) is a bad parameter.",
    ),
    ("cbs.interval-case", "assumed", "5.1", "An interval is lower case and has no blanks."),
    (
        "cbs.bad-zone",
        "assumed",
        "5.1",
        "A zone is UTC or ±hh:mm up to 18:00; anything else is a bad parameter.",
    ),
    ("cbs.reversed", "assumed", "5.1", "A range that ends before it starts is a bad parameter."),
    (
        "cbs.hots-top",
        "documented",
        "5.3",
        "top of hot questions is a whole number from 1 to 20, by default 10.",
    ),
    ("cbs.hots-exclude", "assumed", "5.3", "exclude is true or false, by default false."),
    ("cbs.keywords-top", "documented", "5.4", "top of keywords is a whole number up to 50, by default 10."),
    ("cbs.domain-ids", "assumed", "5.3", "Up to 10 domain ids are accepted, more are a bad parameter."),
    ("cbs.time-limits", "assumed", "5.1", "Instants from 0 to 2^63-1 are accepted, also in the future."),
    (
        "cbs.zone-limits",
        "assumed",
        "5.1",
        "Zones from -18:00 to +18:00 are accepted, UTC in any letter case.",
    ),
    ("cbs.D-1", "assumed", "D-1", "Without start_time the range begins at 0."),
    (
        "cbs.D-2",
        "documented",
        "5.1, D-2",
        "session-stats refuses a request without interval; reply-rates counts by day.",
    ),
    ("cbs.D-3", "assumed", "D-3", "Both operations know years."),
    (
        "cbs.D-5",
        "documented",
        "D-5",
        "Without time_zone session-stats says utc, reply-rates UTC, and means UTC.",
    ),
    ("cbs.zone-echo", "documented", "5.1", "time_zone and interval are echoed as they were sent."),
    (
        "cbs.D-6",
        "documented",
        "D-6",
        "The + of a zone must be encoded: a blank in its place is a bad parameter.",
    ),
    ("cbs.D-8", "assumed", "D-8", "keywords accepts top=0 and lists nothing."),
    ("cbs.D-9", "assumed", "D-9", "domain_id takes several ids, parted by , or ;, or repeated."),
    ("cbs.D-13", "assumed", "D-13", "An unknown bot is 400 CBS.2114 'qabot not exist'."),
    ("cbs.D-15", "derived", "D-15", "The misspelt paths of API Explorer's samples are not served."),
]

CLAUSES = tuple(
    Clause(name, standing, source, sentence)
    for name, standing, source, sentence in [
        *_HTTP,
        *_AUTH,
        *_IAM,
        *_SHAPE,
        *_PARAMETERS,
        *STATISTICS,
        *DIALOGUE,
    ]
)
"""Every clause; the source is a section of the project's contract."""
