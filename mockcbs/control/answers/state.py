"""Responses about the mock itself: its health, settings, dataset, scenario and clock."""

from typing import get_type_hints

from marshmallow import fields

from mockcbs.control.answers.base import Answer, field_for, words
from mockcbs.settings import Settings


class Health(Answer):
    """A mock that is alive."""

    status = words("ok")
    version = fields.String()
    dataset = fields.String()
    seed = fields.Integer()
    now = fields.Integer(metadata={"description": "The time of the common clock, ms UTC."})


class Readiness(Answer):
    """A mock that serves requests."""

    OPTIONAL = ("replica", "database")

    status = words("ready")
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
        **{name: field_for(hint) for name, hint in get_type_hints(Settings).items()},
    },
)


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
    kind = words("bot", "workflow", "chatflow")
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
    mode = words("real", "frozen", "shifted")
    any_bot = fields.Boolean(metadata={"description": "Whether bots that it does not name have traffic."})
    bots = fields.List(fields.Nested(DatasetBot))


class CurrentSeed(Answer):
    """The seed that traffic is generated from."""

    seed = fields.Integer()


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
    mode = words("real", "frozen", "shifted")
