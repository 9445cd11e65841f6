"""``mockcbs receive`` and ``mockcbs examine``, as a user runs them."""

import contextlib
import importlib
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.cli.commands import run_program
from tests.cli.exams import receiving, run


@pytest.mark.slow
def test_our_receiver_passes(database, tmp_path):
    """The receiver of mockcbs passes the exam, in each database; the report shows it in all its forms."""
    with receiving("--database", database) as (url, _):
        done = run("examine", "webhook", url, "--sql", database, "--report", str(tmp_path / "report"))

    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert done.returncode == 0, done.stdout
    assert ": passed (" in done.stdout
    assert {row["verdict"] for row in report["requirements"]} == {"kept", "not examined"}
    assert "raw-body" in (tmp_path / "report" / "index.html").read_text()


@pytest.mark.slow
def test_our_receiver_passes_the_standard_profile(tmp_path):
    """The receiver of mockcbs passes with signatures of Standard Webhooks, also with a rotated secret."""
    database = f"sqlite:///{tmp_path / 'events.sqlite'}"

    with receiving("--database", database) as (url, _):
        done = run("examine", "webhook", url, "--sql", database, "--profile", "standard")

    assert done.returncode == 0, done.stdout
    assert "KEPT          rotated-secret" in done.stdout


@pytest.mark.slow
def test_figures_by_a_command(tmp_path):
    """A user's command may report the stored figures; a receiver with another secret fails by name."""
    database = f"sqlite:///{tmp_path / 'events.sqlite'}"
    check = f"{sys.executable} -c \"print('{{{{}}}}'.format())\""

    with receiving("--database", database, "--secret", "another") as (url, _):
        refused = run("examine", "webhook", url)
        strange = run("examine", "webhook", url, "--check", check)

    assert refused.returncode == 1
    assert "BROKEN        right-signature" in refused.stdout
    assert "→ 401" in refused.stdout
    assert strange.returncode == 2
    assert "expected one JSON object with any of total_calls" in strange.stderr


CHECK = """
import json, sys
from mockcbs.webhooks.event_table import EventTable
from mockcbs.webhooks.reports import report
table = EventTable(sys.argv[1])
print(json.dumps({name: float(value) for name, value in table.rows(report("sqlite"))[0].items()}))
table.close()
"""
RESTART = """
import os, pathlib, signal, subprocess, sys
pid, port, database, loses = sys.argv[1:]
os.kill(int(pathlib.Path(pid).read_text()), signal.SIGKILL)
for file in pathlib.Path(database).parent.glob("events.sqlite*") if loses == "True" else ():
    file.unlink()
command = [sys.executable, "-m", "mockcbs", "receive", "--port", port, "--database", f"sqlite:///{database}"]
again = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
pathlib.Path(pid).write_text(str(again.pid))
"""


@pytest.mark.slow
@pytest.mark.parametrize("loses", [True, False])
def test_a_restart(tmp_path, loses):
    """A receiver that forgets its events at a restart breaks that requirement, and no other."""
    check, restart, pid = tmp_path / "check.py", tmp_path / "restart.py", tmp_path / "pid"
    check.write_text(CHECK)
    restart.write_text(RESTART)
    database = tmp_path / "events.sqlite"
    command = [
        sys.executable,
        "-m",
        "mockcbs",
        "receive",
        "--port",
        "0",
        "--database",
        f"sqlite:///{database}",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        url = re.search(r"http://\S+", process.stdout.readline())[0]
        pid.write_text(str(process.pid))
        port = url.rstrip("/").rpartition(":")[2]
        again = f"{sys.executable} {restart} {pid} {port} {database} {loses}"
        done = run(
            *("examine", "webhook", url, "--check", f"{sys.executable} {check} sqlite:///{database}"),
            *("--restart", again),
        )
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid.read_text()), signal.SIGKILL)

    broken = re.findall(r"^BROKEN +(\S+):", done.stdout, re.MULTILINE)
    assert broken == (["restart"] if loses else []), done.stdout + done.stderr
    assert done.returncode == loses


CLIENT = """
import json, os, sys, urllib.error, urllib.request
start, end = sys.argv[1:3]
url = f"{os.environ['MOCKCBS_BASE_URL']}/v1/bots/{os.environ['MOCKCBS_BOT_ID']}/analytics"
url += f"?start_date={start}&end_date={end}"
request = urllib.request.Request(url, headers={"Authorization": "Bearer x"})
try:
    rows = json.load(urllib.request.urlopen(request))["data"]["metrics"]
except urllib.error.HTTPError:
    if "zero" not in sys.argv:
        raise
    rows = []
print(json.dumps(rows))
"""


@pytest.fixture
def analytics_client(tmp_path):
    file = tmp_path / "client.py"
    file.write_text(CLIENT)
    return f"{sys.executable} -S {file} {{start}} {{end}}"


def test_a_client_passes(analytics_client):
    """A client is examined by its command; a relation that cannot be examined has its reason."""
    only = "repeat,cuts,top,server-error"
    done = run("examine", "client", analytics_client, "--cases", "1", "--only", only)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "KEPT          cuts" in done.stdout
    assert "the command does not contain {top}" in done.stdout
    assert done.stdout.splitlines()[-1].endswith(": passed (3 kept, 0 broken, 1 not examined)")
    assert "examining cuts …" in done.stderr


@pytest.mark.slow
def test_a_client_fails(analytics_client, tmp_path):
    """A broken relation is shown with the calls, the output of the client, and a dataset to repeat it."""
    report = tmp_path / "report"
    done = run(
        *("examine", "client", f"{analytics_client} zero", "--cases", "1"),
        *("--only", "server-error", "--report", str(report)),
    )

    assert done.returncode == 1, done.stdout + done.stderr
    assert "it ended with status 0 and printed no rows, as if there were no data" in done.stdout
    assert "500 GET /v1/bots/7342866812345678901/analytics" in done.stdout
    assert json.loads((report / "report.json").read_text())["requirements"][0]["verdict"] == "broken"
    dataset = str(report / "server-error.yaml")
    assert run("export", "--dataset", dataset, "--bot", "7342866812345678901").returncode == 0


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("{python} -c pass", "the client made no calls: put {base_url} into its command"),
        ("no-such-program {base_url}", "cannot run 'no-such-program': No such file or directory"),
        ("client {botid}", "did you mean 'bot_id'?"),
        ("'", "cannot be parsed"),
        ("", "the command is empty"),
    ],
)
def test_a_client_that_cannot_be_examined(command, reason):
    """A client that cannot run, or reaches nothing, is status 2 with the reason."""
    done = run_program("examine", "client", command.replace("{python}", sys.executable))

    assert done.returncode == 2
    assert reason in done.stderr


def test_an_unknown_relation():
    """``--only`` names the relations there are."""
    done = run_program("examine", "client", "true", "--only", "cut")

    assert done.returncode == 2
    assert "'cut' is not one of repeat, days-week, cuts," in done.stderr
    assert "did you mean 'cuts'?" in done.stderr


def test_ctrl_c_ends_an_exam(tmp_path):
    """Ctrl-C ends the exam and the client that runs."""
    pid = tmp_path / "pid"
    client = (
        f"{sys.executable} -c \"import os, time; open('{pid}', 'w').write(str(os.getpid())); time.sleep(60)\""
    )
    command = [sys.executable, "-m", "mockcbs", "examine", "client", f"{client} {{base_url}}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (pid.exists() and pid.read_text()):
        time.sleep(0.05)

    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)

    assert process.returncode == 130
    assert "mockcbs: interrupted" in errors
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_help_lists_the_words():
    """``--help`` lists every word of a command with its meaning."""
    words = importlib.import_module("mockcbs.examining.words").WORDS
    printed = run_program("examine", "client", "--help").stdout

    assert all(f"{{{name}}}" in printed and text in printed for name, text in words.items())
