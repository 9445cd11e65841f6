"""Clients as users write them, as commands: they pass, whatever the traffic is."""

import os
import sys
from pathlib import Path

import pytest

from mockcbs.examining.client import Command
from mockcbs.examining.exam import Exam

HERE = Path(__file__).parent / "programs"
COZE = "{base_url} {token} {bot_id} {start} {end}"
PROGRAMS = {
    "with_requests.py": COZE,
    "with_huawei_sdk.py": "{base_url} {project_id} {bot_id} {start} {end} {granularity} {zone}",
    "with_cozepy.py": COZE,
    "with_async_httpx.py": "{start} {end} {zone}",
    "with_pandas.py": "{start} {end}",
}


@pytest.mark.fuzz
@pytest.mark.timeout(6000)
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_right_program_passes(program, seed):
    """Over a hundred seeds for each, five in each run, no relation is broken."""
    exam = Exam(
        Command(f"{sys.executable} {HERE / program} {PROGRAMS[program]}", 60),
        cases=5,
        seed=seed,
        jobs=os.cpu_count() or 1,
    )

    list(exam.run())

    assert {row.name: row.evidence for row in exam.findings.rows.values() if row.verdict == "broken"} == {}
    assert exam.findings.count("kept") >= 12
