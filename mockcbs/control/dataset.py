"""``/_mockcbs/dataset`` and ``/_mockcbs/seed``: the source of the traffic of a running mock."""

import json
from typing import Any

from flask import request
from marshmallow import ValidationError, fields

from mockcbs.control.views import blp
from mockcbs.core.clock import iso
from mockcbs.core.errors import UserError
from mockcbs.core.files import StrictSchema, number, shipped, text
from mockcbs.datasets.load import DATASETS, Source, load
from mockcbs.state import State
from mockcbs.traffic.bots import ANY
from mockcbs.web import context
from mockcbs.web.problems import Problem

_UNNAMED = "unnamed"
_EXAMPLE = "bots:\n- id: 303a0a00-c88a-43e3-aa2f-d5b8b9832b02\n  traffic: {sessions_per_day: 100}\n"
_NAME_OR_CONTENT = {"oneOf": [{"type": "string"}, {"type": "object"}]}
_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "properties": {
                    "dataset": {**_NAME_OR_CONTENT, "description": "A name, or the content of a file."}
                },
                "required": ["dataset"],
                "additionalProperties": False,
            },
            "example": {"dataset": "busy"},
        },
        "application/yaml": {
            "schema": {"type": "string", "description": "A dataset file."},
            "example": _EXAMPLE,
        },
    },
}


class _WholeMockQuery(StrictSchema):
    """No project and no token."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["unknown"] = (
            "is not accepted here: all projects and tokens have the same dataset and seed"
        )


class DatasetQuery(_WholeMockQuery):
    """How the mock calls a dataset that the body holds."""

    name = text(64, 1, load_default=_UNNAMED, metadata={"description": "Of a dataset that the body holds."})


class DatasetChoice(StrictSchema):
    """Which dataset to show: a name, or the content of a dataset file."""

    dataset = fields.Raw(
        required=True, error_messages={"null": "null is neither a name nor the content of a dataset file"}
    )


class SeedChoice(StrictSchema):
    """The number that traffic is generated from."""

    seed = number(-(2**63), 2**63 - 1, required=True)


@blp.get("/datasets")
@blp.answers(200, "state.DatasetList")
def list_datasets() -> dict[str, Any]:
    """The datasets that come with mockcbs."""
    found = [load(name, context.mock().sections) for name in shipped(DATASETS)]
    return {"datasets": [{"name": one.name, "description": one.description} for one in found]}


@blp.get("/dataset")
@blp.arguments(_WholeMockQuery, location="query")
@blp.answers(200, "state.CurrentDataset")
def read_dataset(_: dict[str, Any]) -> dict[str, Any]:
    """The dataset that is shown."""
    return _described(context.mock())


@blp.put("/dataset")
@blp.arguments(DatasetQuery, location="query")
@blp.documented(requestBody=_BODY)
@blp.answers(200, "state.CurrentDataset")
@blp.refuses(400, "The body is not a dataset; the detail names the wrong key and the accepted ones.")
def choose_dataset(query: dict[str, Any]) -> dict[str, Any]:
    """Show another dataset, by its name or by its content; what clients made stays."""
    return _changed(context.mock(), _sent(query["name"]))


@blp.delete("/dataset")
@blp.arguments(_WholeMockQuery, location="query")
@blp.answers(200, "state.CurrentDataset")
def restore_dataset(_: dict[str, Any]) -> dict[str, Any]:
    """Show the dataset of the start again."""
    return _changed(context.mock(), None)


@blp.get("/seed")
@blp.arguments(_WholeMockQuery, location="query")
@blp.answers(200, "state.CurrentSeed")
def read_seed(_: dict[str, Any]) -> dict[str, Any]:
    """The seed that traffic is generated from."""
    return {"seed": context.mock().seed}


@blp.put("/seed")
@blp.arguments(_WholeMockQuery, location="query")
@blp.arguments(SeedChoice, location="json")
@blp.answers(200, "state.CurrentSeed")
def choose_seed(_: dict[str, Any], choice: dict[str, Any]) -> dict[str, Any]:
    """Generate traffic from another seed; what clients made stays."""
    context.mock().choose_seed(choice["seed"])
    return {"seed": context.mock().seed}


@blp.delete("/seed")
@blp.arguments(_WholeMockQuery, location="query")
@blp.answers(200, "state.CurrentSeed")
def restore_seed(_: dict[str, Any]) -> dict[str, Any]:
    """Generate traffic from the seed of the start again."""
    context.mock().choose_seed(None)
    return {"seed": context.mock().seed}


def _sent(name: str) -> Source:
    """The dataset that the request names or holds; raises `Problem`.

    JSON begins with a brace. Everything else is a dataset file, whatever the content type says.
    """
    body = request.get_data()
    if request.mimetype.endswith("yaml") or not body.lstrip().startswith(b"{"):
        return Source(name, _decoded(body))
    choice = blp.ARGUMENTS_PARSER.parse(DatasetChoice, location="json")["dataset"]
    if isinstance(choice, str):
        return Source(choice)
    if isinstance(choice, dict):
        return Source(name, json.dumps(choice), is_json=True)
    reason = f"{choice!r:.80} is neither a name nor the content of a dataset file"
    raise Problem(400, "Bad Request", f"dataset: {reason}")


def _decoded(body: bytes) -> str:
    if not body.strip():
        raise Problem(400, "Bad Request", 'body: is missing; send {"dataset": "busy"} or a dataset file')
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(400, "Bad Request", f"body: byte {error.start} is not UTF-8") from None


def _changed(mock: State, source: Source | None) -> dict[str, Any]:
    try:
        mock.choose_dataset(source)
    except (UserError, ValidationError) as error:
        raise Problem(400, "Bad Request", f"dataset: {error}") from error
    return _described(mock)


def _described(mock: State) -> dict[str, Any]:
    dataset, clock = mock.dataset, mock.clock
    return {
        "name": dataset.name,
        "description": dataset.description,
        "chosen": mock.worlds.is_chosen,
        "seed": mock.seed,
        "now": clock.now(),
        "iso": iso(clock.now()),
        "mode": clock.mode,
        "any_bot": ANY in dataset.bots and not mock.settings.strict,
        "bots": [
            {
                "id": bot.id,
                "name": bot.name,
                "kind": bot.card.kind,
                "generated": bot.profile is not None,
                "stated": len(bot.sessions),
            }
            for bot_id, bot in dataset.bots.items()
            if bot_id != ANY
        ],
    }
