"""Which route was meant, and what to change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Map, Rule

from mockcbs import create_app
from mockcbs.web.near_misses import misspelt, nearest

RULES = list(create_app().rules())
BASE = "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
SPELT = "path segment 'session_stats' should be 'session-stats'"
ROUTE = "/v1/<project_id>/qabots/<qabot_id>"


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        (
            "GET",
            f"{BASE}/session_stats",
            f"GET {ROUTE}/requests/session-stats: path segment 'requests' is missing; {SPELT}",
        ),
        ("GET", f"{BASE}/hots", f"GET {ROUTE}/qa-pairs/hots: path segment 'qa-pairs' is missing"),
        ("PUT", f"{BASE}/qa-pairs/hots", f"GET {ROUTE}/qa-pairs/hots: method PUT should be GET"),
        (
            "GET",
            f"{BASE}/qa-pairs/hots/",
            f"GET {ROUTE}/qa-pairs/hots: the slash at the end does not belong here",
        ),
        (
            "GET",
            f"{BASE}/requests/all/keywords",
            f"GET {ROUTE}/requests/keywords: path segment 'all' does not belong here",
        ),
        (
            "GET",
            f"/v1/qabots/{BASE[-36:]}/requests/keywords",
            f"GET {ROUTE}/requests/keywords: path segment '<project_id>' is missing",
        ),
        (
            "GET",
            "/session_stats",
            "; ".join(
                (
                    f"GET {ROUTE}/requests/session-stats: path segment 'v1' is missing",
                    "path segment '<project_id>' is missing",
                    "path segment 'qabots' is missing",
                    "path segment '<qabot_id>' is missing",
                    f"path segment 'requests' is missing; {SPELT}",
                )
            ),
        ),
    ],
)
def test_the_likeliest_route_comes_first(method, path, told):
    """The most similar route comes first, with the changes that would make the request fit."""
    assert nearest(RULES, method, path)[0] == told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/v1/things/abc/parts", "path segment 'abc' should be a whole number"),
        ("/v1/things/-5/parts", "path segment '-5' should be a whole number"),
        ("/v1/things/５/parts", "path segment '５' should be a whole number"),
        ("/v1/things/5/part", "path segment 'part' should be 'parts'"),
    ],
)
def test_segments_that_must_be_numbers(path, told):
    """A segment that must be a number is named."""
    rules = Map([Rule("/v1/things/<int:number>/parts", endpoint="toy.parts", methods=["GET"])]).iter_rules()

    assert nearest(rules, "GET", path) == [f"GET /v1/things/<int:number>/parts: {told}"]


def test_nothing_is_near():
    """A path that is similar to no route has no near misses."""
    assert nearest(RULES, "GET", "/favicon.ico") == []


@given(path=st.text(max_size=300))
def test_any_path_will_do(path):
    """Any path has at most three near misses."""
    assert len(nearest(RULES, "GET", f"/v1/{path}")) <= 3


def test_parameters():
    """The remark on an unknown parameter names the most similar known one, or all."""
    assert (
        misspelt("inteval", {"interval", "top"}) == "parameter 'inteval' is ignored; did you mean 'interval'?"
    )
    assert misspelt("x", {"interval", "top"}) == "parameter 'x' is ignored; known are interval, top"
