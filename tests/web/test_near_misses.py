"""Which route was meant, and what to change."""

import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import Map, Rule

from mockcbs import create_app
from mockcbs.core.spelling import likely
from mockcbs.web import near_misses
from mockcbs.web.near_misses import SimilarRoutes, misspelt

RULES = list(create_app().rules())
ROUTES = SimilarRoutes(RULES)
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
    assert ROUTES.nearest(method, path)[0] == told


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

    assert SimilarRoutes(rules).nearest("GET", path) == [f"GET /v1/things/<int:number>/parts: {told}"]


def test_nothing_is_near():
    """A path that is similar to no route has no near misses."""
    assert ROUTES.nearest("GET", "/favicon.ico") == []


@given(path=st.text(max_size=300))
def test_any_path_will_do(path):
    """Any path has at most three near misses."""
    assert len(ROUTES.nearest("GET", f"/v1/{path}")) <= 3


HOLE = re.compile(r"<(int:)?\w+>")
WORDS = sorted({segment for rule in RULES for segment in rule.rule.split("/")})


def plain(method: str, path: str) -> list[str]:
    """The most similar routes, each scored from scratch."""
    rules = [(rule.methods, rule.rule.split("/")) for rule in RULES]
    rules = [(methods, parts) for methods, parts in rules if any(p and not p.startswith("<") for p in parts)]
    words = {part for _, parts in rules for part in parts}
    meant = [
        (segment and segment not in words and len(segment) <= 32 and likely(segment, words, 0.75)) or segment
        for segment in path[:500].split("/")
    ]
    scored = []
    for methods, parts in rules:
        fixed = {part for part in parts[1:] if not HOLE.fullmatch(part)}
        values = min(len(parts) - 1 - len(fixed), sum(segment not in words for segment in meant[1:]))
        likeness = 2 * (len(fixed.intersection(meant[1:])) + 0.9 * values) / (len(parts) - 1 + len(meant) - 1)
        scored += [(-likeness - 0.01 * (one == method), parts, one) for one in methods - {"HEAD", "OPTIONS"}]
    ends = [one for one in scored if one[1][-1] == meant[-1] != "" and not HOLE.fullmatch(meant[-1])]
    near = [one for one in scored if -one[0] > 0.6] or ends
    return [f"{method} {'/'.join(parts)}" for _, parts, method in sorted(near)[:3]]


def misspelling(word: str, place: int, letter: str, left_out: int) -> str:
    return word[:place] + letter + word[place + left_out :]


segments = (
    st.sampled_from(WORDS)
    | st.builds(
        misspelling,
        st.sampled_from(WORDS),
        st.integers(0, 8),
        st.sampled_from(["", "e", "É", "İ"]),
        st.integers(0, 2),
    )
    | st.text(alphabet="aesİ中-_<>9", max_size=40)
)
changes = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 2), st.lists(segments, max_size=2)), max_size=4
)


@given(
    method=st.sampled_from(["GET", "POST", "DELETE", "BREW"]), rule=st.sampled_from(RULES), changes=changes
)
def test_the_search_scores_like_plain_scoring(method, rule, changes):
    """What is prepared and left out for speed changes no near miss."""
    path = rule.rule.split("/")
    for place, left_out, added in changes:
        path[1 + place : 1 + place + left_out] = added

    found = ROUTES.nearest(method, "/".join(path))

    assert [line.partition(": ")[0] for line in found] == plain(method, "/".join(path))


def test_unknown_paths_leave_nothing_behind(monkeypatch):
    """A flood of unknown paths takes no memory for each."""
    monkeypatch.setattr(near_misses, "_MAX_CORRECTED", 32)
    routes = SimilarRoutes(RULES)
    tracemalloc.start()

    try:
        for number in range(40):
            routes.nearest("GET", f"/{number}/{number}a")
        before, _ = tracemalloc.get_traced_memory()
        for number in range(40, 240):
            routes.nearest("GET", f"/{number}/{number}a")
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert after - before < 10_000


def test_parameters():
    """The remark on an unknown parameter names the most similar known one, or all."""
    assert (
        misspelt("inteval", {"interval", "top"}) == "parameter 'inteval' is ignored; did you mean 'interval'?"
    )
    assert misspelt("x", {"interval", "top"}) == "parameter 'x' is ignored; known are interval, top"
