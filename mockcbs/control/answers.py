"""Schemas of the control API's responses. Only its OpenAPI document uses them; views do not."""

from types import NoneType
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

from marshmallow import INCLUDE, Schema, fields, validate

from mockcbs.core.fields import Field
from mockcbs.messages.store import KINDS
from mockcbs.services.explaining import Code, Unit
from mockcbs.settings import WEBHOOK_PROFILES, Settings

_KINDS: dict[Any, type[Field[Any]]] = {bool: fields.Boolean, int: fields.Integer, str: fields.String}


class Answer(Schema):
    """A response; all members are required except those in `OPTIONAL`."""

    OPTIONAL: ClassVar[tuple[str, ...]] = ()

    def on_bind_field(self, field_name: str, field_obj: Field[Any]) -> None:
        """Make the members required."""
        field_obj.required = field_name not in self.OPTIONAL


def _words(*accepted: str) -> fields.String:
    return fields.String(validate=validate.OneOf(accepted))


def _incomplete() -> "fields.List[Any]":
    description = "Workers or replicas that did not respond; their part is left out."
    return fields.List(fields.String(), metadata={"description": description})


def _field(hint: Any) -> Field[Any]:
    """A field for values of that type."""
    parts = get_args(hint)
    if get_origin(hint) is Literal:
        return _words(*parts)
    if not parts:
        return _KINDS[hint]()
    kinds = [part for part in parts if part is not NoneType]
    field = _field(kinds[0]) if len(kinds) == 1 else fields.Raw()
    field.allow_none = len(kinds) < len(parts)
    return field


class Problem(Answer):
    """Why a request was rejected (RFC 9457)."""

    title = fields.String()
    status = fields.Integer()
    detail = fields.String(
        metadata={"description": "The problem of each wrong key, with the accepted values."}
    )


class Health(Answer):
    """A mock that is alive."""

    status = _words("ok")
    version = fields.String()
    dataset = fields.String()
    seed = fields.Integer()
    now = fields.Integer(metadata={"description": "The time of the common clock, ms UTC."})


class Readiness(Answer):
    """A mock that serves requests."""

    OPTIONAL = ("replica", "database")

    status = _words("ready")
    replica = fields.String(metadata={"description": "The name of the replica; only with PostgreSQL."})
    database = fields.String(
        metadata={
            "description": "`connected`, or the reason why the database cannot be used; only with PostgreSQL."
        }
    )


CurrentSettings = type(
    "CurrentSettings",
    (Answer,),
    {
        "__module__": __name__,
        "__doc__": "The settings, secrets masked.",
        **{name: _field(hint) for name, hint in get_type_hints(Settings).items()},
    },
)


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


class ListedDataset(Answer):
    """A dataset that comes with mockcbs."""

    name = fields.String()
    description = fields.String()


class DatasetList(Answer):
    """The datasets that come with mockcbs."""

    datasets = fields.List(fields.Nested(ListedDataset))


class DatasetBot(Answer):
    """A bot or workflow that a dataset names."""

    id = fields.String()
    name = fields.String()
    kind = _words("bot", "workflow", "chatflow")
    generated = fields.Boolean(metadata={"description": "Whether its traffic is generated."})
    stated = fields.Integer(metadata={"description": "How many sessions the dataset states."})


class CurrentDataset(Answer):
    """The dataset that is shown, and everybody's clock."""

    name = fields.String()
    description = fields.String()
    chosen = fields.Boolean(
        metadata={"description": "Whether it was chosen in place of the dataset of the start."}
    )
    seed = fields.Integer()
    now = fields.Integer(metadata={"description": "ms UTC by everybody's clock."})
    iso = fields.String(metadata={"description": "The same as ISO 8601."})
    mode = _words("real", "frozen", "shifted")
    any_bot = fields.Boolean(metadata={"description": "Whether bots that it does not name have traffic."})
    bots = fields.List(fields.Nested(DatasetBot))


class CurrentSeed(Answer):
    """The seed that traffic is generated from."""

    seed = fields.Integer()


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
    incomplete = _incomplete()


class Figure(Answer):
    """A figure of a statistics response."""

    figure = fields.String(metadata={"description": "Its path in the response."})
    value = fields.Raw(metadata={"description": "The value in the response."})


class ExplainedTurn(Answer):
    """A question and its answer; services add members."""

    class Meta:
        """The options of marshmallow."""

        unknown = INCLUDE

    session_id = fields.String()
    user_id = fields.String(metadata={"description": "Empty for an anonymous user."})
    at_ms = fields.Integer(metadata={"description": "Time of the question, ms UTC."})
    recorded = fields.Boolean(
        metadata={"description": "Whether a client asked it; otherwise it was generated."}
    )
    question = fields.String()
    outcome = fields.String()
    latency_ms = fields.Integer()
    status = _words("success", "failed", "running")


class LeftOutTurns(Answer):
    """Turns that a figure does not count, with the reason."""

    code = _words(*get_args(Code))
    reason = fields.String()
    count = fields.Integer()
    unit = _words(*get_args(Unit))


class ExplanationPage(Answer):
    """The figures of a statistics response; or the turns behind one of them, oldest first."""

    OPTIONAL = ("figures", "figure", "value", "formula", "calculation", "turns", "left_out")

    request = fields.String()
    operation = fields.String()
    at_ms = fields.Integer(metadata={"description": "The time of the response, ms UTC."})
    remarks = fields.List(
        fields.String(),
        metadata={"description": "Remarks on the request, such as a parameter without effect."},
    )
    count = fields.Integer(metadata={"description": "The number of figures or turns on all pages."})
    figures = fields.List(fields.Nested(Figure))
    figure = fields.String()
    value = fields.Raw(metadata={"description": "The value in the response."})
    formula = fields.String(
        metadata={"description": "The formula that computes the value from the listed turns."}
    )
    calculation = fields.String(metadata={"description": "The formula with its numbers."})
    turns = fields.List(fields.Nested(ExplainedTurn))
    left_out = fields.List(fields.Nested(LeftOutTurns))
    next_page_token = fields.String(allow_none=True, metadata={"description": "Null on the last page."})
    curl = fields.String(
        allow_none=True,
        metadata={"description": "A curl command that sends the request; null if a token was given."},
    )


class Webhook(Answer):
    """A subscription; its secret is never shown."""

    id = fields.String()
    url = fields.String()
    secret = fields.String()
    profile = _words(*WEBHOOK_PROFILES)
    events = fields.List(fields.String())
    bots = fields.List(fields.String(), metadata={"description": "An empty list means all."})
    scope = fields.String(metadata={"description": "An empty text means the events of all scopes."})
    challenge = fields.Boolean()
    retries = fields.List(fields.Float(), metadata={"description": "Seconds between attempts."})
    active = fields.Boolean()


class WebhookList(Answer):
    """The subscriptions."""

    webhooks = fields.List(fields.Nested(Webhook))


class DeliveryAttempt(Answer):
    """One attempt of a delivery."""

    at = fields.Integer(metadata={"description": "The time of mockcbs's clock, ms UTC."})
    status = fields.Integer(allow_none=True, metadata={"description": "Null if there was no response."})
    duration_ms = fields.Integer()
    answer = fields.String()
    reason = fields.String(metadata={"description": "Why the attempt failed, or what a scenario did."})


class WebhookDelivery(Answer):
    """One event to one endpoint."""

    id = fields.String()
    event_id = fields.String()
    event_type = fields.String()
    bot_id = fields.String()
    webhook = fields.String()
    url = fields.String()
    body = fields.String(metadata={"description": "The body of every attempt."})
    state = _words("pending", "delivered", "failed", "dropped")
    attempts = fields.List(fields.Nested(DeliveryAttempt))
    cause = fields.Integer(
        allow_none=True,
        metadata={"description": "The id of the journal entry of the request that caused it."},
    )


class DeliveryPage(Answer):
    """Deliveries, newest first."""

    deliveries = fields.List(fields.Nested(WebhookDelivery))
    next = fields.String(allow_none=True, metadata={"description": "The parameter `after` of the next page."})
    dropped = fields.Integer(
        metadata={"description": "The number of deliveries that were dropped because too many were waiting."}
    )


class SentPast(Answer):
    """The number of events to deliver."""

    events = fields.Integer()


class DailyReport(Answer):
    """A daily report; secrets are never shown."""

    id = fields.String()
    name = fields.String()
    at = fields.String(metadata={"description": "Time of day."})
    zone = fields.String()
    workflows = fields.List(fields.String(), metadata={"description": "An empty list means all."})
    format = _words("text", "card")
    to = fields.Dict()


class ReportList(Answer):
    """The daily reports."""

    reports = fields.List(fields.Nested(DailyReport))


class Forgotten(Answer):
    """The number of deleted entries."""

    forgotten = fields.Integer()
    incomplete = _incomplete()


class TableColumn(Answer):
    """A column of a table."""

    name = fields.String()
    type = fields.String()
    id = fields.String()
    options = fields.Dict(keys=fields.String())
    description = fields.String()


class TableView(Answer):
    """A view of a table."""

    name = fields.String()
    type = fields.String()
    id = fields.String()
    options = fields.Dict(keys=fields.String())


class TableContent(Answer):
    """A table of a table service, with its first rows."""

    service = fields.String()
    scope = fields.String(metadata={"description": "An empty text means the initial content of every scope."})
    base = fields.String()
    table = fields.String()
    name = fields.String()
    fields_ = fields.List(fields.Nested(TableColumn), data_key="fields")
    views = fields.List(fields.Nested(TableView))
    count = fields.Integer(metadata={"description": "The number of rows."})
    rows = fields.List(fields.Dict(keys=fields.String()), metadata={"description": "Values by column name."})


class TableList(Answer):
    """The tables that were described, filled or changed."""

    tables = fields.List(fields.Nested(TableContent))


class SentMessage(Answer):
    """A message that was sent; the sender may have further members."""

    class Meta:
        """Other members are those of the sender."""

        unknown = INCLUDE

    id = fields.String()
    at = fields.Integer(metadata={"description": "ms UTC."})
    kind = _words(*KINDS)
    to = fields.String()
    text = fields.String(metadata={"description": "The visible text, also of a card."})
    content = fields.Raw(metadata={"description": "The content as the client sent it."})
    msg_type = fields.String()
    scope = fields.String()


class MessageList(Answer):
    """The last messages, oldest first."""

    messages = fields.List(fields.Nested(SentMessage))


class Bucket(Answer):
    """A bucket of an object store."""

    service = fields.String()
    scope = fields.String()
    name = fields.String()
    created = fields.Integer(metadata={"description": "ms UTC."})
    acl = fields.String()
    count = fields.Integer(metadata={"description": "The number of objects."})


class BucketList(Answer):
    """The buckets of all accounts."""

    buckets = fields.List(fields.Nested(Bucket))


class StoredObject(Answer):
    """An object without its content."""

    key = fields.String()
    size = fields.Integer(metadata={"description": "Bytes."})
    type = fields.String(metadata={"description": "Its media type."})
    etag = fields.String()
    modified = fields.Integer(metadata={"description": "ms UTC."})
    headers = fields.Dict(keys=fields.String(), values=fields.String())


class ObjectPage(Answer):
    """Objects by their keys."""

    objects = fields.List(fields.Nested(StoredObject))
    next = fields.String(allow_none=True, metadata={"description": "The parameter `after` of the next page."})


class Matched(Answer):
    """The number of requests that matched."""

    matched = fields.Integer()


class RecordedTurn(Answer):
    """The turn that was recorded."""

    bot = fields.String()
    session = fields.String()
    at = fields.String()
    outcome = fields.String()


class Playing(Answer):
    """The running scenario."""

    OPTIONAL = ("description", "state", "seconds_left")

    scenario = fields.String(
        allow_none=True, metadata={"description": "Null, without other members, if no scenario is running."}
    )
    description = fields.String()
    state = fields.String()
    seconds_left = fields.Float(
        allow_none=True, metadata={"description": "Seconds until it ends by itself, or null."}
    )


class Time(Answer):
    """The time of one clock."""

    now = fields.Integer(metadata={"description": "ms UTC."})
    iso = fields.String()
    mode = _words("real", "frozen", "shifted")


class Sample(Answer):
    """Code in one language."""

    language = _words("curl", "python", "java", "node", "go", "sdk")
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
