"""Queries and bodies of the calls about callback apps."""

import pytest

from mockcbs.services.coze.schemas.callbacks import AppsQuery, CreateApp, Events, EventsQuery, UpdateApp
from tests.services.coze.schemas.refusing import problems


@pytest.mark.parametrize(("kind", "needed"), [("normal", "name"), ("connector", "connector_id")])
def test_an_app_of_each_type_needs_its_member(kind, needed):
    """A normal one its name, one of a channel its channel."""
    good = {"app_type": kind, needed: "1024"}

    assert problems(CreateApp, good, **{needed: None}).keys() == {needed}
    assert problems(CreateApp, good, app_type="other").keys() == {"app_type"}


def test_events_are_those_of_the_vendor():
    """A request names one to fifty events of the vendor."""
    good = {"event_types": ["bot.published"]}

    assert problems(Events, good, event_types=[]).keys() == {"event_types"}
    assert problems(Events, good, event_types=["bot.eaten"]).keys() == {"event_types"}


def test_pages_begin_at_a_number():
    """A page token is a number as text; by default a page has 20 apps or 50 events."""
    assert [one().load({})["page_size"] for one in (AppsQuery, EventsQuery)] == [20, 50]
    assert problems(EventsQuery, {"page_token": "7"}, page_token="x").keys() == {"page_token"}
    assert problems(UpdateApp, {"name": "x"}, name="").keys() == {"name"}
