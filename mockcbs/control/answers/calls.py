"""Responses about requests: the journal, code that sends a request, and recorded turns."""

from marshmallow import fields

from mockcbs.control.answers.base import Answer, incomplete, words


class Request(Answer):
    """A request, secrets masked."""

    method = fields.String()
    path = fields.String()
    query = fields.Dict(
        keys=fields.String(),
        metadata={"description": "A text by name; a list of all texts if the parameter was repeated."},
    )
    headers = fields.Dict(keys=fields.String(), values=fields.String())
    body = fields.String()


class Response(Answer):
    """A response, secrets masked."""

    status = fields.Integer()
    headers = fields.Dict(keys=fields.String(), values=fields.String())
    body = fields.String()


class JournalEntry(Answer):
    """One request and its response."""

    id = fields.Integer()
    at = fields.String(metadata={"description": "The time of the mock's clock, ISO 8601."})
    real_at = fields.String(metadata={"description": "The time of the machine's clock, ISO 8601."})
    dataset = fields.String(metadata={"description": "The dataset behind the response."})
    seed = fields.Integer(metadata={"description": "The seed behind the response."})
    service = fields.String(allow_none=True)
    operation = fields.String(
        allow_none=True, metadata={"description": "The operation; null if no route matched."}
    )
    project = fields.String(allow_none=True)
    bot = fields.String(allow_none=True)
    credential = fields.String(
        allow_none=True, metadata={"description": "A digest that is different for each token or access key."}
    )
    request = fields.Nested(Request)
    response = fields.Nested(Response)
    duration_ms = fields.Float()
    code = fields.String(allow_none=True, metadata={"description": "The error's code."})
    reason = fields.String(allow_none=True, metadata={"description": "Why mockcbs responded with an error."})
    fault = fields.String(allow_none=True, metadata={"description": "What a scenario did to the response."})
    near_misses = fields.List(fields.String(), metadata={"description": "What the client probably meant."})
    deliveries = fields.List(
        fields.String(), metadata={"description": "Ids of the webhook deliveries that the request caused."}
    )
    records = fields.List(
        fields.String(),
        metadata={
            "description": "The turns that the request recorded, as BOT/SESSION/TIME; TIME is in ms UTC."
        },
    )
    rows = fields.List(
        fields.String(),
        metadata={
            "description": "The rows that a reporting node wrote for it: SERVICE/BASE/TABLE/RECORD. "
            "RECORD is empty if the server does not name it."
        },
    )
    calls = fields.List(
        fields.Integer(), metadata={"description": "Ids of the calls that a reporting node made for it."}
    )


class JournalPage(Answer):
    """Requests and their responses, newest first."""

    count = fields.Integer(metadata={"description": "The number of requests on all pages."})
    next = fields.Integer(
        allow_none=True, metadata={"description": "The parameter `before` of the next page."}
    )
    entries = fields.List(fields.Nested(JournalEntry))
    incomplete = incomplete()


class Matched(Answer):
    """The number of requests that matched."""

    matched = fields.Integer()


class Forgotten(Answer):
    """The number of deleted entries."""

    forgotten = fields.Integer()
    incomplete = incomplete()


class RecordedTurn(Answer):
    """The turn that was recorded."""

    bot = fields.String()
    session = fields.String()
    at = fields.String()
    outcome = fields.String()


class Sample(Answer):
    """Code in one language."""

    language = words("curl", "python", "java", "node", "go", "sdk")
    title = fields.String(metadata={"description": "Such as `Java HttpURLConnection`, or the SDK's package."})
    highlight = fields.String(metadata={"description": "The language of the code, for highlighters."})
    code = fields.String()


class Samples(Answer):
    """Code that sends a request; `sdk` only if the vendor's SDK has a method for it."""

    samples = fields.List(fields.Nested(Sample))


class AuthorizedRequest(Answer):
    """The request to send."""

    url = fields.String()
    headers = fields.Dict(keys=fields.String(), values=fields.String())
