"""Known deviations."""

from datetime import date

import pytest

from mockcbs.contract import deviations
from mockcbs.core.errors import UserError
from tests.contract.kits import PIECE, ledger_of


def test_known_deviations(tmp_path):
    """A known deviation is not a breach; expired, idle and unknown entries are reported."""
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
    assert [note.partition(":")[2].split()[0] for note in notes] == ["expired", "no", "there"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {clause: a}", "entry 1 reason"),
        ("a: [", "known.yaml:2: a value or a closing bracket"),
        ("- 1", "entry 1: Invalid input type"),
        ("- {clause: a, reason: '', since: x}", "'x' is not a date such as 2026-11-02"),
        ("- {clause: a, reason: b, since: 2026-13-01}", "'2026-13-01' is not a date"),
        ("- {clause: a, reason: b, since: 2026-01-02, until: 2026-01-01}", "2026-01-01 is before since"),
        ("- {clause: a, reason: b, since: 2026-01-02}\n" * 2, "more than one entry for a"),
    ],
)
def test_unreadable_deviations(text, words, tmp_path):
    """A file of deviations that cannot be used causes an error of one line."""
    file = tmp_path / "known.yaml"
    file.write_text(text)

    with pytest.raises(UserError, match=r"known\.yaml:") as caught:
        deviations.read(file)

    assert "\n" not in str(caught.value)
    assert words in str(caught.value)
