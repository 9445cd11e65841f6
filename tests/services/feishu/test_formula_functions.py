"""Functions of formulas."""

import pytest

from tests.services.feishu.conftest import NOW


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("CurrentValue.[input_len]/0=1", False),
        ("CurrentValue.[input_len]*2+1=7", True),
        ("(CurrentValue.[input_len]-5)*-1=2", True),
        ('CurrentValue.[workflow_id]&1="a1"', True),
        ("CurrentValue.[workflow_id]=1", False),
        ("CurrentValue.[workflow_id]>1", False),
        ("CurrentValue.[input_len]", True),
        ("TRUE()", True),
        ("FALSE", False),
        ("!FALSE", True),
        ("CurrentValue.[exec_time]=DATE(2025,12,22)", True),
        ("DATE(2025,13,1)=1", False),
        ("WEEKDAY(CurrentValue.[exec_time])=2", True),
        ("WEEKDAY(TODAY(),2)=1", True),
        ("CurrentValue.[exec_time]=1766386800000", True),
        ("CurrentValue.[exec_time]>NOW()-0.5", True),
        ("TODAY()-CurrentValue.[exec_time]<1", True),
        ('CurrentValue.[exec_time]="2025/12/22"', True),
        ("LEN(CurrentValue.[workflow_id])=1", True),
        ("'a'=CurrentValue.[workflow_id]", True),
    ],
)
def test_formulas_compute(table, formula, found):
    """Sums, dates, texts and functions."""
    ids = table.create({"workflow_id": "a", "input_len": 3, "exec_time": NOW})

    assert table.list(formula) == (ids if found else [])
