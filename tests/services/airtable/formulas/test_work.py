"""What formulas may cost: texts of bounded size, a bounded number of steps, and the event loop stays free."""

import time
import tracemalloc
from contextlib import suppress

import pytest

from mockcbs.core.waiting import StartOver, on_loop
from mockcbs.services.airtable.formulas.filtering import chooser
from mockcbs.services.airtable.formulas.grammar import parse
from mockcbs.services.airtable.formulas.values import Row
from mockcbs.services.airtable.formulas.work import MAX_MADE, MAX_STEPS, FormulaProblem, Work

CELLS = {"n": 4.0, "notes": "é" * 100_000, "words": ["x" * 100] * 900}
COSTLY = {
    "workdays": "WORKDAY(NOW(), 100000)",
    "holidays": "WORKDAY(NOW(), 1, REPT('2026-01-01,', 9000))",
    "pattern of a date": "DATETIME_FORMAT(NOW(), REPT('DDDD', 20000))",
    "parsed by a pattern": "DATETIME_PARSE(REPT('1', 90000), REPT('D', 90000))",
    "many texts": f"OR({','.join(['REPT(0, 100000)'] * 3000)})",
    "joined texts": f"LEN(CONCATENATE({','.join(['REPT(0, 100000)'] * 3000)}))",
    "joined lists": "&".join(["{words}"] * 9000),
    "joined cells": "&".join(["{notes}"] * 9000),
    "replaced characters": f"OR({','.join(['SUBSTITUTE({notes},1,2)'] * 3000)})",
    "numbers in texts": f"OR({','.join(['VALUE({notes})'] * 3000)})",
    "compared lists": f"OR({','.join(['{words}={notes}'] * 3000)})",
    "a large expression": "REGEX_MATCH({notes}, REPT('(a|b|é)?', 10000) & 'b')",
    "a repeated expression": "REGEX_MATCH({notes}, '(é?){1000}(.*é){20}b')",
    "matches that look far": "REGEX_REPLACE({notes}, 'é(.*b)?', 'a')",
    "a match of each character": "REGEX_REPLACE({notes}, '', 'a')",
}


def row(work):
    return Row("rec00000000000001", CELLS, 0, 0, 1_766_365_200_000, work)


@pytest.mark.parametrize("formula", COSTLY.values(), ids=COSTLY)
def test_steps_measure_time(formula):
    """A record takes bounded time, and all records together no more than their steps, which are bounded."""
    chooses, work = chooser(formula, CELLS), Work()
    began = time.process_time()
    with suppress(FormulaProblem):
        while time.process_time() - began < 0.1:
            chooses(row(work))
    taken = time.process_time() - began

    assert taken < 2
    assert taken < 0.1 + work.steps * 20e-6


def test_a_listing_is_bounded():
    """Too many steps, and too much text for one record, are refused; the next record starts with none."""
    work = Work()
    work.make(MAX_MADE)
    work.begin_record()
    work.make(MAX_MADE)
    with pytest.raises(FormulaProblem, match="for one record"):
        work.make(1)
    with pytest.raises(FormulaProblem, match="for all records"):
        work.spend(MAX_STEPS)


def test_a_long_formula_leaves_the_event_loop():
    """Parsing a long formula, and many steps, start the request over in a thread."""
    long = f"OR({','.join(f'{{n}}={number}' for number in range(2000))})"
    with on_loop():
        with pytest.raises(StartOver):
            parse(long)
        with pytest.raises(StartOver):
            Work().spend(10_000)
    many = chooser(long, CELLS)
    with on_loop(), pytest.raises(StartOver):
        [many(row(work)) for work in [Work()] for _ in range(10)]


@pytest.mark.slow
def test_trees_of_long_formulas_are_forgotten():
    """Few trees of long formulas are kept, as one takes megabytes."""
    tracemalloc.start()
    try:
        for number in range(12):
            parse(f"{number}" + "+1" * 14_000)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert kept < 20 * 2**20
