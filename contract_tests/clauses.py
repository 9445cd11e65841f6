"""The contract as a table of clauses.

Standing: *documented* by the vendor, *derived* from documented examples or from official clients, or
*assumed* (not documented; a run against the real service confirms or refutes the clause).
"""

from mockcbs.contract_tests.dialogue_clauses import DIALOGUE
from mockcbs.contract_tests.statistics_clauses import STATISTICS

from mockcbs.contract.ledger import Clause

_HTTP = [
    ("http.answered", "derived", "6.2", "Every request gets a response within the timeout."),
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
        "Members are in the order of the documented examples.",
    ),
    ("http.date", "documented", "2.4", "Every response has a Date header with the current time."),
    ("http.no-coding", "derived", "2.4", "A body is not compressed unless the request asks for it."),
    ("http.server", "documented", "2.4", "Every response has Server: api-gateway."),
    (
        "http.timings",
        "documented",
        "2.4",
        "X-Apig-… headers are present if, and only if, the request has X-Apig-Mode: debug.",
    ),
    ("http.no-redirect", "derived", "9", "No response is a redirect; SDKs do not follow redirects."),
    (
        "http.service-envelope",
        "documented",
        "6.1",
        "An error response of CBS has exactly the members error_code and error_msg.",
    ),
    (
        "http.gateway-envelope",
        "documented",
        "6.1",
        "A gateway error has exactly error_code, error_msg and request_id, which equals X-Request-Id.",
    ),
    (
        "http.envelope",
        "documented",
        "6.1",
        "Every error response has the format of CBS, of the gateway or of IAM.",
    ),
    ("http.code-prefix", "assumed", "D-7", "Gateway error codes begin with APIG, not with APIGW."),
    (
        "http.unknown-path",
        "documented",
        "6.2",
        "An unknown path returns 404 APIG.0101 with a message that the API is not published.",
    ),
    ("http.trailing-slash", "assumed", "2.1", "A path with a trailing slash is an unknown path."),
    (
        "http.wrong-method",
        "documented",
        "6.2",
        "A wrong method returns 404 APIG.0101 'The API does not exist.', not 405.",
    ),
    ("http.no-options", "derived", "9", "OPTIONS and HEAD count as wrong methods."),
    (
        "http.content-type",
        "derived",
        "2.3",
        "GET returns the same response without Content-Type and with a charset.",
    ),
    (
        "http.conditions",
        "derived",
        "2.5",
        "A read returns 200 with the whole body; conditional and Accept headers have no effect.",
    ),
    ("http.get-body", "derived", "2.3", "The JSON body of a GET is ignored."),
    ("http.unknown-parameter", "derived", "2.3", "An unknown parameter is ignored."),
    ("http.empty-parameter", "assumed", "2.3", "An empty parameter counts as absent."),
    ("http.repeated-parameter", "assumed", "2.3", "If a parameter is repeated, the first value is used."),
    ("http.parameter-order", "derived", "2.3", "Parameters may come in any order."),
]

_AUTH = [
    (
        "auth.missing",
        "documented",
        "6.3, D-14",
        "A request without credentials returns 401 APIG.0301 'x-auth-token not found'.",
    ),
    ("auth.empty", "assumed", "3", "An empty X-Auth-Token counts as a missing token."),
    ("auth.bad-token", "documented", "6.3", "An invalid token returns 401 APIG.0301."),
    (
        "auth.undecodable",
        "documented",
        "6.3",
        "A token that cannot be decoded returns the message 'decrypt token fail'.",
    ),
    (
        "auth.token-first",
        "assumed",
        "3",
        "A request with a valid token is accepted; its Authorization header is ignored.",
    ),
    (
        "auth.signature",
        "documented",
        "3.2",
        "A request signed with AK and SK is accepted, also with non-ASCII parameters.",
    ),
    (
        "auth.bad-signature",
        "documented",
        "6.3",
        "A wrong signature returns 401 APIG.0301 'verify aksk signature fail'.",
    ),
    (
        "auth.canonical-request",
        "documented",
        "6.3",
        "The message about a wrong signature ends with the canonical request; | stands for a line end.",
    ),
    (
        "auth.old-signature",
        "documented",
        "3.2",
        "A signature is valid 15 minutes before and after its date; otherwise it returns 401 APIG.0301.",
    ),
    (
        "auth.old-signature-text",
        "derived",
        "6.3",
        "The message about an old signature has its time and the server's, as YYYYMMDDTHHMMSSZ.",
    ),
    (
        "auth.signed-whole",
        "documented",
        "3.2",
        "A signature is valid only for the method, path, query, headers and body that were signed.",
    ),
    ("auth.unknown-key", "documented", "6.3", "An unknown access key returns 401 APIG.0301 'ak not exist'."),
    (
        "auth.expired",
        "documented",
        "3.1, 6.3",
        "A token is valid for 24 hours; after that it returns 401 'token expires'.",
    ),
    ("auth.project", "assumed", "6.3", "A token of another project returns 401 CBS.0011 'auth failed'."),
    ("auth.algorithm", "assumed", "3.2", "An algorithm other than SDK-HMAC-SHA256 returns 401 APIG.0301."),
    ("auth.before-parameters", "assumed", "6.3", "Credentials are checked before parameters and bot."),
    ("auth.after-route", "assumed", "6.3", "The path is checked before the credentials."),
]

_IAM = [
    (
        "iam.token",
        "documented",
        "4.1",
        "A request with a valid password returns 201 with a token in X-Subject-Token.",
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
        "The body has project for a project scope and domain for a domain scope, never both.",
    ),
    ("iam.no-scope", "assumed", "4.1", "Without a scope the token has the scope of the user's domain."),
    ("iam.nocatalog", "documented", "4.1", "With nocatalog the catalog is empty."),
    ("iam.token-works", "documented", "3.1", "CBS accepts the token."),
    (
        "iam.wrong-password",
        "documented",
        "4.1",
        "A wrong password returns 401 'The username or password is wrong.' in IAM's error format.",
    ),
    (
        "iam.bad-body",
        "documented",
        "4.1",
        "A malformed or incomplete body returns 400 'The request body is invalid' in IAM's error format.",
    ),
    ("iam.validate", "documented", "4.2", "GET describes a token and echoes it in X-Subject-Token."),
    (
        "iam.validate-unknown",
        "documented",
        "4.2",
        "GET of an unknown token returns 404 in IAM's error format.",
    ),
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
    (
        "iam.projects-name",
        "documented",
        "4.3",
        "The list filtered by a region's name has exactly one project.",
    ),
]

_SHAPE = [
    ("cbs.shape-success", "documented", "2.5", "A valid request returns status 200."),
    (
        "cbs.shape-session-stats",
        "documented",
        "5.1",
        "session-stats has every documented member, of its type.",
    ),
    ("cbs.shape-reply-rates", "documented", "5.2", "reply-rates has every documented member, of its type."),
    ("cbs.shape-hots", "documented", "5.3", "Hot questions have every documented member, of its type."),
    ("cbs.shape-keywords", "documented", "5.4", "Keywords have every documented member, of its type."),
    ("cbs.shape-extra", "assumed", "5", "A response has only members that the contract defines."),
    ("cbs.shape-no-error", "documented", "5", "A successful response has neither error_code nor error_msg."),
    ("cbs.number-integers", "documented", "2.6", "Counts and times are JSON integers."),
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
        "An invalid parameter returns 400 CBS.0021 'request parameter error'.",
    ),
    (
        "cbs.bad-time",
        "assumed",
        "5.1",
        "A time has 1 to 19 digits and is at most 2^63-1; anything else is an invalid parameter.",
    ),
    (
        "cbs.bad-interval",
        "documented",
        "5.1",
        "An interval other than year, month, week and day is an invalid parameter.",
    ),
    ("cbs.interval-case", "assumed", "5.1", "An interval must be lower case without spaces."),
    (
        "cbs.bad-zone",
        "assumed",
        "5.1",
        "A zone is UTC or ±hh:mm up to 18:00; anything else is an invalid parameter.",
    ),
    ("cbs.reversed", "assumed", "5.1", "A range that ends before it starts is an invalid parameter."),
    (
        "cbs.hots-top",
        "documented",
        "5.3",
        "top of hot questions is a whole number from 1 to 20, by default 10.",
    ),
    ("cbs.hots-exclude", "assumed", "5.3", "exclude is true or false, by default false."),
    ("cbs.keywords-top", "documented", "5.4", "top of keywords is a whole number up to 50, by default 10."),
    ("cbs.domain-ids", "assumed", "5.3", "Up to 10 domain ids are accepted; more are an invalid parameter."),
    ("cbs.time-limits", "assumed", "5.1", "Times from 0 to 2^63-1 are accepted, also in the future."),
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
        "session-stats rejects a request without interval; reply-rates defaults to day.",
    ),
    ("cbs.D-3", "assumed", "D-3", "Both operations accept interval=year."),
    (
        "cbs.D-5",
        "documented",
        "D-5",
        "Without time_zone both count in UTC; session-stats returns utc, reply-rates UTC.",
    ),
    ("cbs.zone-echo", "documented", "5.1", "time_zone and interval are echoed as they were sent."),
    (
        "cbs.D-6",
        "documented",
        "D-6",
        "The + of a zone must be percent-encoded; a space in its place is an invalid parameter.",
    ),
    ("cbs.D-8", "assumed", "D-8", "keywords accepts top=0 and returns an empty list."),
    (
        "cbs.D-9",
        "assumed",
        "D-9",
        "domain_id takes several ids, separated by , or ;, or as repeated parameters.",
    ),
    ("cbs.D-13", "assumed", "D-13", "An unknown bot returns 400 CBS.2114 'qabot not exist'."),
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
"""Every clause of CBS and IAM; the source of a clause is a section of docs/contract/cbs.md."""
