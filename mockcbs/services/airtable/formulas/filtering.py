"""Which records a formula chooses."""

from collections.abc import Callable, Collection

from mockcbs.services.airtable.formulas.grammar import fields_of, parse
from mockcbs.services.airtable.formulas.nodes import FormulaProblem
from mockcbs.services.airtable.formulas.values import CellError, Row


def chooser(formula: str, fields: Collection[str]) -> Callable[[Row], bool]:
    """What tells whether *formula* chooses a record; raises `FormulaProblem`.

    *fields* are the names and ids that it may use. A record is chosen unless the formula gives blank, 0,
    false, an empty text, an empty list or an error.
    """
    tree = parse(formula)
    if unknown := list(dict.fromkeys(name for name in fields_of(tree) if name not in fields)):
        raise FormulaProblem(f"Unknown field names: {', '.join(unknown)}")

    def chooses(row: Row) -> bool:
        try:
            return bool(tree.value(row))
        except CellError:
            return False

    return chooses
