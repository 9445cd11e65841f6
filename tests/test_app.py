"""What holds for the application as a whole."""

import logging
import re
import subprocess
import sys

import pytest

import mockcbs
from mockcbs import Settings, create_app
from mockcbs.core.errors import UserError
from mockcbs.services.cbs import statistics
from tests.conftest import BOT, NOW, PROJECT

PATH = f"/v1/{PROJECT}/qabots/{BOT}/requests/reply-rates"
TOKEN = {"X-Auth-Token": "any"}


def test_public_names():
    """These names can be imported from mockcbs."""
    assert mockcbs.__all__ == ["Mock", "Settings", "create_app"]
    assert all(getattr(mockcbs, name) for name in mockcbs.__all__)
    with pytest.raises(AttributeError):
        _ = mockcbs.nothing


def test_two_mocks_with_one_seed_answer_the_same_bytes():
    """Same seed, dataset, clock and request: same bytes; another seed: others (law 1)."""
    apps = [create_app(Settings(seed=seed, now=NOW)) for seed in (7, 7, 8)]

    one, same, other = [app.test_client().get(PATH, headers=TOKEN).data for app in apps]

    assert one == same
    assert one != other


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"now": "soon"}, "now 'soon' is neither epoch milliseconds"),
        ({"now": "2026-02-30"}, "now '2026-02-30': there is no day 2026-02-30"),
        ({"now": 1_613_700_046}, "now 1613700046 is not between 2021 and 2099; is it in seconds?"),
        ({"default_start": "month"}, "default_start 'month' is not one of None, epoch, week"),
        ({"gateway_prefix": "X"}, "gateway_prefix 'X' is not one of APIG, APIGW"),
        ({"seed": "abc"}, "seed 'abc' is not a whole number"),
        ({"seed": True}, "seed True is not a whole number"),
        ({"strict": "no"}, "strict 'no' is not True or False"),
        ({"control": 1}, "control 1 is not True or False"),
        ({"dataset": None}, "dataset None is not a text of at least one character or a path"),
        ({"secret": ""}, "secret '' is not a text of at least one character"),
        ({"control_token": ""}, "control_token '' is not a text of at least one character"),
        (
            {"control_token": "x", "control": False},
            "control_token (--control-token) needs the control API",
        ),
        ({"coze_public_key": "/nowhere"}, "/nowhere: No such file or directory"),
        ({"dataset": "evryday"}, "no dataset 'evryday': give a YAML file or one of "),
        ({"dataset": "/"}, "/ is a folder: give a YAML file or one of "),
        ({"scenario": "/"}, "/ is a folder: give a YAML file or one of "),
        ({"pace": -1}, "pace -1 is not between 0 and 60000"),
        ({"journal_size": "10"}, "journal_size '10' is not a whole number"),
        ({"now": 1.5}, "now 1.5 is not a whole number or a text"),
        ({"dataset": "mine.yaml"}, "mine.yaml: no such file"),
        ({"tick": True}, "tick (--tick) needs an instant to start from: set now (--now), or use a dataset"),
    ],
)
def test_a_wrong_setting_is_refused_at_once(wrong, words):
    """A wrong setting is an error when the mock is created, not at the first request."""
    with pytest.raises(UserError, match=re.escape(words)):
        create_app(Settings(**wrong))


def test_a_file_may_be_a_path(tmp_path):
    """A file may be a `pathlib.Path`; the settings show it as a text."""
    (file := tmp_path / "mine.yaml").write_text("bots: []")

    app = create_app(Settings(dataset=file))

    assert app.test_client().get("/_mockcbs/settings").json["dataset"] == str(file)


@pytest.mark.parametrize("start", [{"now": "2026-03-09"}, {"dataset": "documented-week"}])
def test_a_clock_runs_on_from_any_start(start):
    """A clock can run from a set start or from the start of the dataset."""
    client = create_app(Settings(tick=True, **start)).test_client()

    assert client.get("/_mockcbs/clock").json["mode"] == "shifted"


def test_the_clock_can_be_set_in_words():
    """A program may write an instant as the command line does."""
    client = create_app(Settings(dataset="empty", now="2026-03-09T10:00:00+08:00")).test_client()

    assert client.get(PATH, headers=TOKEN).json["endutc"] == 1_773_021_600_000


def test_the_order_of_calls_does_not_matter():
    """A bot's figures do not depend on which bots were read before."""
    other = PATH.replace(BOT, BOT[:-1] + "3")
    first, second = (create_app(Settings(now=NOW)).test_client() for _ in range(2))

    a = [first.get(path, headers=TOKEN).data for path in (PATH, other)]
    b = [second.get(path, headers=TOKEN).data for path in (other, PATH)]

    assert a == b[::-1]


def test_a_bug_is_not_dressed_as_an_emulated_error(monkeypatch, caplog):
    """An exception in mockcbs reaches the test; a server logs it and returns its own plain 500."""

    def broken(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(statistics, "reply_rates", broken)
    app = create_app(Settings(dataset="empty"))
    served = app.test_client().get(PATH, headers=TOKEN)
    app.testing = True

    with pytest.raises(ZeroDivisionError):
        app.test_client().get(PATH, headers=TOKEN)
    assert served.status_code == 500
    assert served.headers["Content-Type"] == "application/problem+json"
    assert "ZeroDivisionError" in served.json["detail"]
    assert "a bug" in caplog.text


def test_the_reason_is_logged_beside_the_request(client, caplog):
    """The log has one line an error: status, code, request, reason."""
    with caplog.at_level(logging.INFO, "mockcbs"):
        client.get(PATH + "?interval=hour", headers=TOKEN)

    assert f"400 CBS.0021 GET {PATH}: interval 'hour' is not one of" in caplog.messages[-1]


def test_a_reason_is_one_short_line_of_ascii(client):
    """The header is printable and short, whatever the client sends."""
    response = client.get(PATH, query_string={"interval": "坏\r\nX: y" + "a" * 5000}, headers=TOKEN)

    reason = response.headers["X-Mockcbs-Reason"]
    assert reason.isascii()
    assert reason.isprintable()
    assert len(reason) < 600


def test_no_secret_is_in_a_reason(client):
    """Tokens and signatures are never repeated."""
    secret = "SDK-HMAC-SHA256 Access=MOCKCBSAK, SignedHeaders=host, Signature=" + "5ec2e7" * 10 + "0000"

    response = client.get(PATH, headers={"Authorization": secret, "X-Sdk-Date": "20261122T000000Z"})

    assert response.status_code == 401
    assert "5ec2e7" not in response.headers["X-Mockcbs-Reason"]


def test_a_body_over_12_mb_is_refused(client):
    """The declared length is enough to exceed the gateway's limit (413 APIG.0201)."""
    response = client.post("/v3/auth/tokens", data=b"x" * (12 * 2**20 + 1))

    assert (response.status_code, response.json["error_code"]) == (413, "APIG.0201")


_COLLECTIONS = """
import gc
import mockcbs
gc.{switch}()
before = gc.get_stats()
mockcbs.create_app, mockcbs.Mock
during = sum(new["collections"] - old["collections"] for new, old in zip(gc.get_stats(), before))
print(during, gc.isenabled())
"""


@pytest.mark.parametrize(("switch", "left"), [("enable", "True"), ("disable", "False")])
def test_imports_collect_no_garbage(switch, left):
    """The import of a public name pauses garbage collection, and leaves it on or off as it was."""
    code = _COLLECTIONS.format(switch=switch)
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    collections, enabled = printed.split()
    assert int(collections) <= 3  # what is due afterwards, one for each generation; without a pause 150
    assert enabled == left


def test_a_start_imports_only_what_the_dataset_states():
    """The default dataset has no reports, tables or zones with a name, and one process needs no others."""
    unused = {
        "mockcbs.reports.schema",
        "mockcbs.services.feishu.reporting",
        "mockcbs.tables.model",
        "multiprocessing",
        "zoneinfo",
    }
    code = f"import sys; from mockcbs import create_app; create_app(); print(*{unused} & {{*sys.modules}})"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert not printed.strip()
