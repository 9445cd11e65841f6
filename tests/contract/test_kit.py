"""The table of clauses, the ledger's verdicts, and what the report makes of them."""

import inspect
from datetime import date

import pytest

from mockcbs.contract import compare, deviations
from mockcbs.contract.catalogue import CLAUSES as BY_SERVICE
from mockcbs.contract.catalogue import all_checks, clauses_of
from mockcbs.contract.cbs import earliest, numerators, tie
from mockcbs.contract.ledger import Clause, Evidence, Ledger
from mockcbs.contract.mask import Mask
from mockcbs.contract.opening import open_kit
from mockcbs.contract.options import Options
from mockcbs.contract.report import Report
from mockcbs.contract.runner import run
from mockcbs.contract.targets import Call, Number, Pace
from mockcbs.core.errors import UserError
from tests.conftest import NOW

CLAUSES = clauses_of(BY_SERVICE)

PIECE = Evidence("GET /x", "HTTP 200 {}", "1", "<script>2")


def ledger_of(*names: str) -> Ledger:
    return Ledger(Clause(name, "assumed", "1.2", f"Sentence of {name}.") for name in names)


def test_every_clause_has_a_check():
    """Every clause is named by a check, and every name is a clause."""
    named = {clause for check in all_checks() for clause in check.clauses}

    assert named == {clause.id for clause in CLAUSES}


def test_clauses_are_told_apart():
    """Ids differ; a clause is one sentence."""
    assert len({clause.id for clause in CLAUSES}) == len(CLAUSES)
    assert all(clause.sentence.endswith(".") for clause in CLAUSES)


def test_checks_say_what_they_check():
    """A check has a sentence of its own."""
    assert [check.__name__ for check in all_checks() if not inspect.getdoc(check)] == []


def test_verdicts():
    """Broken outweighs held; what was not tested says why."""
    ledger = ledger_of("a", "b", "c", "d")
    ledger.enter("a", PIECE, held=True)
    ledger.enter("b", PIECE, held=True)
    ledger.enter("b", PIECE, held=False)
    ledger.excuse("c", "no key", applicable=False)
    ledger.excuse("d", "no data", applicable=True)
    ledger.excuse("a", "too late", applicable=False)

    verdicts = [entry.verdict for entry in ledger.entries.values()]

    assert verdicts == ["held", "broken", "not applicable", "not reached"]


def test_known_deviations(tmp_path):
    """A known deviation is no breach; entries that are expired, idle or unknown are reported."""
    ledger = ledger_of("a", "b", "c")
    for name in "ab":
        ledger.enter(name, PIECE, held=False)
    file = tmp_path / "known.yaml"
    file.write_text(
        "- {clause: a, reason: seen on the real service, since: 2026-01-02}\n"
        "- {clause: b, reason: ticket, since: 2026-01-02, until: 2026-03-01}\n"
        "- {clause: c, reason: was so, since: 2026-01-02}\n"
        "- {clause: z, reason: typo, since: 2026-01-02}\n"
    )

    notes = deviations.apply(deviations.read(file), ledger, date(2026, 3, 2))

    assert [entry.verdict for entry in ledger.entries.values()] == [
        "known deviation",
        "broken",
        "not reached",
    ]
    assert [note.partition(":")[2].split()[0] for note in notes] == ["expired", "nothing", "there"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {clause: a}", "entry 1 reason"),
        ("a: [", "known.yaml:2: a value or a closing bracket"),
        ("- 1", "entry 1: Invalid input type"),
        ("- {clause: a, reason: '', since: x}", "'x' is no date such as 2026-11-02"),
        ("- {clause: a, reason: b, since: 2026-13-01}", "'2026-13-01' is no date"),
        ("- {clause: a, reason: b, since: 2026-01-02, until: 2026-01-01}", "2026-01-01 lies before since"),
        ("- {clause: a, reason: b, since: 2026-01-02}\n" * 2, "more than one entry for a"),
    ],
)
def test_unreadable_deviations(text, words, tmp_path):
    """A file that says nothing usable is the user's mistake, told in one line."""
    file = tmp_path / "known.yaml"
    file.write_text(text)

    with pytest.raises(UserError, match=r"known\.yaml:") as caught:
        deviations.read(file)

    assert "\n" not in str(caught.value)
    assert words in str(caught.value)


def test_page_escapes_what_a_server_sent():
    """The page shows an answer's markup, it does not obey it."""
    ledger = ledger_of("a")
    ledger.enter("a", PIECE, held=False)
    report = Report("http://x", "2026-01-02T00:00:00+00:00", 1, ledger, [])

    assert "&lt;script&gt;2" in report.html()
    assert "<script" not in report.html()
    assert report.status == 1


def test_compare_finds_what_differs_in_shape(monkeypatch):
    """Two mocks of other seeds have the same shapes; one that drops zeros and a member has not."""
    kit = open_kit(Options(now=NOW))
    run(kit, [check for check in all_checks() if check.__name__ in {"test_defaults", "test_no_data"}])
    same, other = open_kit(Options(now=NOW, seed=7)), open_kit(Options(now=NOW))
    send = other.targets["cbs"].send

    def without_zeros(call: Call):
        answer = send(call)
        object.__setattr__(
            answer, "body", answer.body.replace(b"0.000", b"0.0").replace(b'"endutc"', b'"end"')
        )
        return answer

    monkeypatch.setattr(other.targets["cbs"], "send", without_zeros)

    assert compare.compare(kit, same) == compare.Comparison([])
    found = {(row.where, row.one, row.other) for row in compare.compare(kit, other).differences}
    assert ("endutc", "integer", "absent") in found
    assert ("end", "absent", "integer") in found
    assert any(where.endswith("avg_session_time") and "1 decimals" in other for where, _, other in found)


def test_mask_hides_longest_first():
    """Of texts that contain each other none shines through."""
    mask = Mask([("abcdef", "*"), ("abcdefgh", "**"), ("", "never")])

    assert mask("x abcdefgh abcdef") == "x ** *"


def test_mask_of_short_secrets():
    """A secret of few letters hides no innocent words, but itself wherever a secret stands."""
    mask = Mask([("t", "****")])

    assert (
        mask('GET /test?token=t {"token": "t", "total": 3}')
        == 'GET /test?token=*** {"token": "***", "total": 3}'
    )


def test_pace(monkeypatch):
    """Calls keep the distance that the limit asks for."""
    now, pauses = [100.0], []
    monkeypatch.setattr("mockcbs.contract.targets.time.monotonic", lambda: now[0])
    monkeypatch.setattr("mockcbs.contract.targets.time.sleep", pauses.append)
    pace = Pace(4)

    for step in (0, 0, 0.1, 5):
        now[0] += step
        pace.wait()

    assert pauses == pytest.approx([0, 0.25, 0.4, 0])


@pytest.mark.parametrize(
    ("mean", "count", "step", "sums"),
    [
        ("1.319", 113, 1, [149]),
        ("14646.018", 113, 1000, [1_655_000]),
        ("2.500", 1, 1, []),
        ("0.063", 16, 1, [1]),
    ],
)
def test_numerators(mean, count, step, sums):
    """A printed mean leads back to the sums behind it."""
    assert numerators(Number(mean), count, step) == sums


def test_ties():
    """A quotient midway between two thousandths has an upper one."""
    assert float(tie(1, 16)) == 0.063
    assert tie(1, 8) is None


@pytest.mark.parametrize("at", [1000, 1001, 5000, 5999, 9000])
def test_earliest(at):
    """The first instant is found to the millisecond, in few questions."""
    asked = []

    def reached(instant: int) -> bool:
        asked.append(instant)
        return instant >= at

    assert earliest(reached, 1000, 9000) == at
    assert all(1000 <= instant <= 9000 for instant in asked)
    assert len(asked) < 20
