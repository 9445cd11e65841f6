"""Reading queries and bodies."""

from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from mockcbs import Settings, create_app
from mockcbs.core.errors import ApiError
from mockcbs.services.cbs.schemas import HotQuestionsQuery, KeywordsQuery
from mockcbs.services.cbs.views import blp
from mockcbs.web import context

NAMES = st.sampled_from(["top", "start_time", "end_time", "domain", "tpo", "", "Top"])
VALUES = st.sampled_from(["", "3", "51", "x", "1795305600000", "+1", " 3", "%", "桌面", "\ufffd"])
PAIRS = st.lists(st.tuples(NAMES, VALUES), max_size=4)


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Settings(now="2026-11-22"))


@pytest.mark.parametrize("schema", [KeywordsQuery, HotQuestionsQuery])
@given(PAIRS)
def test_a_query_parsed_alone_is_parsed_as_in_a_view(app, schema, pairs):
    """A query is parsed as in a view, or not at all if a view would refuse it or remark on it."""
    raw = "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs)
    with app.test_request_context("/?top=3"):
        blp.ARGUMENTS_PARSER.parse(schema, location="query")
        parse = context.current().parse

    try:
        parsed = parse(raw)
    except ValidationError:
        parsed = None

    with app.test_request_context(f"/?{raw}"):
        try:
            viewed = blp.ARGUMENTS_PARSER.parse(schema, location="query")
        except ApiError:
            viewed = None
        remarks = context.current().near_misses
    assert parsed in (None, viewed)
    assert not (parsed is not None and remarks)


def test_unknown_names_are_noted_up_to_a_number(app):
    """Ten of them: a client cannot fill the journal with more."""
    with app.test_request_context("/?" + "&".join(f"x{number}=1" for number in range(50))):
        blp.ARGUMENTS_PARSER.parse(HotQuestionsQuery, location="query")

        assert len(context.current().near_misses) == 10
