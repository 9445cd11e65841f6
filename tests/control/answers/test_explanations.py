"""Responses that explain a figure."""

from mockcbs.control.answers.explanations import ExplainedTurn, ExplanationPage
from tests.conftest import BOT, PROJECT

STATS = f"/v1/{PROJECT}/qabots/{BOT}/requests/session-stats?interval=day"


def explained(client, **more):
    return client.get("/_mockcbs/explain", query_string={"request": STATS, **more}).json


def test_the_figures_of_a_response(client):
    """Each figure has its path and value."""
    page = explained(client)

    assert ExplanationPage().validate(page) == {}
    assert "total.session_count" in {one["figure"] for one in page["figures"]}


def test_the_turns_behind_a_figure(client):
    """The response has the turns, the formula, and what the formula leaves out."""
    page = explained(client, figure="total.session_count", page_size=3)

    assert ExplanationPage().validate(page) == {}
    assert len(page["turns"]) == 3
    assert page["formula"]


def test_services_add_members_to_turns(client):
    """Services may add members to turns; the common ones are still required."""
    (turn, *_) = explained(client, figure="total.session_count", page_size=1)["turns"]

    assert ExplainedTurn().validate({**turn, "qa_pair_id": "x"}) == {}
    assert ExplainedTurn().validate({**turn, "status": "lost"}).keys() == {"status"}
