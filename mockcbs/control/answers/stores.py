"""Responses about what clients have stored: tables, messages and objects."""

from marshmallow import INCLUDE, fields

from mockcbs.control.answers.base import Answer, words
from mockcbs.messages.store import KINDS


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
    kind = words(*KINDS)
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
