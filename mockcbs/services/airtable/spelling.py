"""The spelling of names in Airtable's JSON."""

from typing import Any

from mockcbs.core.fields import Field


def name_in_camel_case(name: str, field: Field[Any]) -> None:
    """Spell the JSON name of *field* in camel case, ``pageSize`` for ``page_size``, unless it has a name."""
    if field.data_key is None:
        first, *others = name.split("_")
        field.data_key = first + "".join(map(str.capitalize, others))
