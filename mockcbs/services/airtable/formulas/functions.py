"""The table of all functions of formulas."""

from mockcbs.services.airtable.formulas.dates import DATES
from mockcbs.services.airtable.formulas.logic import LOGIC
from mockcbs.services.airtable.formulas.nodes import Functions
from mockcbs.services.airtable.formulas.numeric import NUMERIC
from mockcbs.services.airtable.formulas.regular import REGULAR
from mockcbs.services.airtable.formulas.textual import TEXTUAL

_TABLES = [table.functions for table in (LOGIC, NUMERIC, TEXTUAL, REGULAR, DATES)]

FUNCTIONS = Functions(
    {name: function for table in _TABLES for name, function in table.known.items()},
    {name: arity for table in _TABLES for name, arity in table.arity.items()},
)
