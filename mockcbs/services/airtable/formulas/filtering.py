"""Filters records by a formula."""

from collections.abc import Callable, Collection

from mockcbs.services.airtable.formulas.grammar import fields_of, parse
from mockcbs.services.airtable.formulas.values import CellError, Row
from mockcbs.services.airtable.formulas.work import FormulaProblem


def chooser(formula: str, fields: Collection[str]) -> Callable[[Row], bool]:
    """Make the function that decides whether *formula* matches a record; raises `FormulaProblem`.

    *fields* are the names and ids that the formula may use. A record does not match if the formula gives
    blank, 0, false, an empty text, an empty list or an error.
    """
    tree = parse(formula)
    if unknown := list(dict.fromkeys(name for name in fields_of(tree) if name not in fields)):
        raise FormulaProblem(f"Unknown field names: {', '.join(unknown)}")

    def chooses(row: Row) -> bool:
        row.work.begin_record()
        try:
            return bool(tree.value(row))
        except CellError:
            return False

    return chooses
