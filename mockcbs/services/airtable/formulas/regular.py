"""Functions of regular expressions, with RE2 as in Airtable."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from mockcbs.core import extras
from mockcbs.services.airtable.formulas.declare import Table
from mockcbs.services.airtable.formulas.values import CellError, Row, Value, joined, text
from mockcbs.services.airtable.formulas.work import FormulaProblem

REGULAR = Table()

_MAX_PATTERN, _MAX_GROUPS = 2_000, 20
_MAX_MEMORY = 2**20
"""The memory of one pattern, in bytes."""
_INSTRUCTIONS = 50
"""RE2 takes about a step for so many pairs of a character and an instruction of the pattern, at worst."""


@REGULAR.of_row("REGEX_MATCH")
def _regex_match(row: Row, value: Value, pattern: Value) -> Value:
    return next(_matches(row, value, pattern), None) is not None


@REGULAR.of_row("REGEX_EXTRACT")
def _regex_extract(row: Row, value: Value, pattern: Value) -> Value:
    """The first match, or its first group if the pattern has one."""
    found = next(_matches(row, value, pattern), None)
    if found is None:
        raise CellError("no match")
    return str(found[1] or "") if found.re.groups else str(found[0])


@REGULAR.of_row("REGEX_REPLACE")
def _regex_replace(row: Row, value: Value, pattern: Value, replacement: Value) -> Value:
    """Replace all matches; ``$1`` in *replacement* is the first group."""
    whole, template = text(value), text(replacement)

    def pieces() -> Iterator[str]:
        end = 0
        for found in _matches(row, whole, pattern):
            row.work.spend(1, len(template))
            yield whole[end : found.start()]
            yield _filled(template, found)
            end = found.end()
        yield whole[end:]

    return joined(pieces())


def _matches(row: Row, value: Value, pattern: Value) -> Iterator[Any]:
    """The matches in a text. Counts the work of each search before it begins."""
    compiled, whole, end = _compiled(text(pattern)), text(value), 0
    found = compiled.finditer(whole)
    while True:
        row.work.spend(compiled.programsize * (len(whole) - end) // _INSTRUCTIONS)
        if (match := next(found, None)) is None:
            return
        yield match
        end = match.end()


def _filled(template: str, found: Any) -> str:
    def group(reference: "re.Match[str]") -> str:
        at = int(reference[1])
        return str(found[at] or "") if at <= found.re.groups else reference[0]

    return re.sub(r"\$(\d)", group, template)


@lru_cache(maxsize=32)
def _compiled(pattern: str) -> Any:
    """Compile *pattern*. Matching takes linear time.

    Raises `CellError` for a bad pattern and `FormulaProblem` if RE2 is not installed.
    """
    try:
        import re2  # noqa: PLC0415 - optional
    except ImportError:
        raise FormulaProblem(extras.missing("a REGEX function", "RE2", "tables")) from None
    if len(pattern) > _MAX_PATTERN:
        raise CellError(f"a regular expression of {len(pattern)} characters")
    options = re2.Options()
    options.log_errors, options.max_mem = False, _MAX_MEMORY
    compile_pattern: Callable[..., Any] = re2.compile
    try:
        compiled = compile_pattern(pattern, options)
    except re2.error as error:
        raise CellError(str(error)) from None
    if compiled.groups > _MAX_GROUPS:
        raise CellError(f"a regular expression with {compiled.groups} groups")
    return compiled
