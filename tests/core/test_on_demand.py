"""Functions of modules that are imported when they are first called."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mockcbs.core.on_demand import OnDemand


def test_the_module_is_imported_by_the_first_call(tmp_path, monkeypatch):
    """Until then it may even be missing; the call has the result of the function."""
    monkeypatch.syspath_prepend(tmp_path)
    double = OnDemand("made_later", "double")

    (tmp_path / "made_later.py").write_text("def double(number, *, times=2): return number * times\n")

    assert "made_later" not in sys.modules
    assert double(4, times=3) == 12
    assert double == OnDemand("made_later", "double")


def test_threads_wait_for_the_import(tmp_path, monkeypatch):
    """A thread that calls the function while another one imports its module gets the result, too."""
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "made_slowly.py").write_text(
        "import time\ntime.sleep(0.2)\ndef double(number): return number * 2\n"
    )

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(OnDemand("made_slowly", "double"), range(4)))

    assert results == [0, 2, 4, 6]


@pytest.mark.parametrize(
    ("module", "name", "error"),
    [("mockcbs.nothing", "x", ImportError), ("mockcbs.core", "x", AttributeError)],
)
def test_a_wrong_name_is_an_error(module, name, error):
    """It is not hidden by the fact that it comes late."""
    with pytest.raises(error):
        OnDemand(module, name)()
