"""What a report shows: the faulty member is never cut off, and each exchange is printed once."""

import json

import pytest

from mockcbs.contract import excerpts
from mockcbs.contract.ledger import Clause, Evidence, Ledger
from mockcbs.contract.report import Report

ROWS = [{"date": f"2026-11-{day:02d}", "total_calls": day, "total_messages": 2 * day} for day in range(1, 31)]


@pytest.mark.parametrize(
    ("found", "expected"),
    [("total_messages (2026-11-29) = 57", '"2026-11-29"'), ('problems = ["tail: is no text"]', '"tail": 5')],
)
def test_the_faulty_member_is_shown(found, expected):
    """An excerpt of a long response shows its beginning and the part that the finding names."""
    text = "HTTP 200 " + json.dumps({"metrics": ROWS, "tail": 5})

    shown = excerpts.part(text, found)

    assert expected in shown
    assert shown.startswith("HTTP 200 {")
    assert len(shown) <= 500


def test_short_and_unnamed_texts():
    """A short response is shown completely; one without a named place is shown from its beginning."""
    long = "HTTP 200 " + "x" * 2000

    assert excerpts.part("HTTP 200 {}", "nothing") == "HTTP 200 {}"
    assert excerpts.part(long, "nothing") == long[:500]


def test_long_values_are_shown_where_they_differ():
    """Two long lists are shown from a little before their first difference."""
    other = [*ROWS[:-1], {**ROWS[-1], "total_calls": 31}]

    one, two = excerpts.pair(excerpts.shown(ROWS), excerpts.shown(other))

    assert '"total_calls": 30' in one
    assert '"total_calls": 31' in two


def page(*pieces: Evidence, verdict: bool = False) -> str:
    """The page of a run with one clause for each exchange."""
    clauses = [Clause(f"coze.c{place}", "derived", "1", "One.") for place in range(len(pieces))]
    ledger = Ledger([*clauses, Clause("coze.rest", "derived", "1", "Rest.")])
    for clause, piece in zip(clauses, pieces, strict=True):
        ledger.enter(clause.id, piece, held=verdict)
    ledger.excuse("coze.rest", "nothing is given", applicable=False)
    return Report("URL", "2026-11-26", 1, ledger, []).html()


def test_the_page_prints_each_exchange_once():
    """Clauses that one exchange breaks refer to it."""
    piece = Evidence("GET /x", "HTTP 200 body", "1", "2")

    text = page(piece, piece, piece)

    assert text.count("HTTP 200 body") == 1
    assert text.count('href="#e1"') == 2


def test_the_page_opens_with_a_verdict():
    """The heading is the verdict; what is not applicable and what holds is folded."""
    piece = Evidence("GET /x", "HTTP 200 body", "1", "2")

    broken, good = page(piece), page(piece, verdict=True)

    assert '<h1 class="broken">1 clause is broken, 0 hold</h1>' in broken
    assert '<h1 class="held">Nothing is broken: 1 clauses hold</h1>' in good
    assert '<summary class="not-applicable"><b>1 not applicable</b></summary>' in broken
    assert "<details open>" in broken
    assert "<details open>" not in good


def test_a_label_in_chinese_is_shown():
    """A keyword that the finding names is shown; of two equal ones, the second is."""
    words = [{"keyword": f"词语{chr(0x4E00 + place)}", "freq": 90 - place} for place in range(50)]
    text = "HTTP 200 " + json.dumps({"keywords": [*words, {**words[3], "freq": 1}]}, ensure_ascii=False)

    assert '"freq": 45' in excerpts.part(text, f"{words[45]['keyword']}: 12 to 12")
    assert '"freq": 1}' in excerpts.part(text, f'repeated keywords = ["{words[3]["keyword"]}"]')
