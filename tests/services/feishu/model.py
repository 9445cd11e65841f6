"""Rows, and a plain Python model of what conditions choose among them."""

import operator

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.services.feishu.conftest import NOW
from tests.thoroughness import examples

DAY = 86_400_000
quick = settings(
    max_examples=examples(15),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
words = st.sampled_from(["", "a", "A", "ab", "b", "日报", 'a"b', "x\\y"])
numbers = st.integers(-3, 3) | st.sampled_from([0.5, 10_000, 10_001, -2.25])
rows = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "workflow_id": words,
            "input_len": numbers,
            "exec_time": st.integers(NOW - 40 * DAY, NOW + 40 * DAY),
        },
    ),
    max_size=8,
)
SIGNS = {
    "is": ("=", operator.eq),
    "isNot": ("!=", operator.ne),
    "isGreater": (">", operator.gt),
    "isGreaterEqual": (">=", operator.ge),
    "isLess": ("<", operator.lt),
    "isLessEqual": ("<=", operator.le),
}


def chosen(ids, content, test):
    return [record for record, row in zip(ids, content, strict=True) if test(row)]
