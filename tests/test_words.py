"""Values of which only some are accepted: an error names the wrong one, those, and the probable one."""

import copy
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import click
import pytest
from marshmallow import Schema, ValidationError, fields, validate

import mockcbs
from mockcbs.app import sections
from mockcbs.cli.main import cli
from mockcbs.core.errors import UserError
from mockcbs.core.files import StrictSchema
from mockcbs.core.setting import settings_of
from mockcbs.datasets.schema import dataset_schema
from mockcbs.settings import Settings


def _below(schema: type[Schema]) -> Iterator[type[Schema]]:
    for one in schema.__subclasses__():
        yield one
        yield from _below(one)


def _inside(field: Any) -> Iterator[Any]:
    """A field, and those of its items."""
    yield field
    for name in ("inner", "key_field", "value_field"):
        if (found := getattr(field, name, None)) is not None:
            yield from _inside(found)


def _limited_of(schema: type[Schema]) -> Iterator[tuple[str, Any, list[str]]]:
    for name, declared in schema._declared_fields.items():
        for field in _inside(declared):
            if isinstance(field, fields.Nested):  # its schema may be made only now
                yield from _limited_of(type(field.schema))
            for check in field.validators:
                if isinstance(check, validate.OneOf):
                    yield f"{schema.__name__}.{name}", field, list(check.choices)


def _limited() -> Iterator[tuple[str, Any, list[str]]]:
    """The fields of files and of the control API that accept only some texts."""
    for module in pkgutil.walk_packages(mockcbs.__path__, "mockcbs."):
        if not module.name.startswith(("mockcbs.contract_tests", "mockcbs.__main__")):
            importlib.import_module(module.name)
    for schema in [*_below(StrictSchema), type(dataset_schema(sections()))]:
        yield from _limited_of(schema)


LIMITED = {name: (field, accepted) for name, field, accepted in _limited()}


@pytest.mark.parametrize("name", sorted(LIMITED))
def test_words_of_files_and_of_the_control_api(name):
    """A misspelt word, a number and nothing are refused alike."""
    field, accepted = copy.copy(LIMITED[name][0]), LIMITED[name][1]
    field.allow_none = False
    misspelt = f"{accepted[0]}x"

    for wrong in (misspelt, 5, [accepted[0]], None):
        with pytest.raises(ValidationError) as error:
            field.deserialize(wrong)
        said = str(error.value.messages[0])

        shown = "null" if wrong is None else repr(wrong)
        assert said.startswith(f"{shown} is not one of {', '.join(accepted)}")
    with pytest.raises(ValidationError, match=f"did you mean '{accepted[0]}'"):
        field.deserialize(misspelt)


def test_the_words_are_many():
    """The test above misses none: these are those of which its author knew."""
    assert {"Question.outcome", "TurnSchema.outcome", "ExportQuery.form", "RuleSchema.wire"} <= {*LIMITED}
    assert len(LIMITED) > 20


def _options(command: click.Command, path: str) -> Iterator[tuple[str, click.Parameter]]:
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from _options(found, f"{path} {name}")
    for one in command.params:
        if isinstance(one.type, click.Choice):
            yield f"{path} {one.opts[0]}", one


OPTIONS = dict(_options(cli, "mockcbs"))


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_words_of_options(name):
    """The error of a command names them as those of files do."""
    option = OPTIONS[name]
    accepted = [str(word) for word in option.type.choices]

    with pytest.raises(click.BadParameter) as error:
        option.type.convert(f"{accepted[0]}x", option, None)

    assert error.value.message == (
        f"'{accepted[0]}x' is not one of {', '.join(accepted)}; did you mean '{accepted[0]}'?"
    )


WORDS_OF_SETTINGS = {name: kind.choices for name, _, _, kind in settings_of(Settings) if kind.choices}


@pytest.mark.parametrize("name", WORDS_OF_SETTINGS)
def test_words_of_settings(name):
    """So does the error of a mock that is made in Python."""
    word = WORDS_OF_SETTINGS[name][0]

    with pytest.raises(UserError, match=rf"^{name} '{word}x' is not one of .*; did you mean '{word}'\?$"):
        Settings(**{name: f"{word}x"})
