"""A progress bar on a terminal."""

import os
import pty
import subprocess
import sys

import pytest

BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"


def large(tmp_path):
    """A dataset file of a megabyte."""
    file = tmp_path / "large.yaml"
    turns = "".join(
        f"  - turns: [{{at: {1769904000000 + number}, question: {'q' * 60}}}]\n" for number in range(6000)
    )
    file.write_text(f"bots:\n- id: {BOT}\n  sessions:\n{turns}", "utf-8")
    return str(file)


def test_a_large_file_on_a_terminal(tmp_path):
    """Standard error shows the bar while the file is read, and is cleared afterwards."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "mockcbs", "check", large(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"}
    ) as run:
        os.close(theirs)
        told = b""
        while piece := _read(ours):
            told += piece
        said = run.communicate(timeout=60)[0]
    os.close(ours)

    assert "6000 stated sessions" in said.decode()
    assert "reading" in told.decode()
    assert "100%" in told.decode()


@pytest.mark.slow
def test_a_large_file_in_a_log(tmp_path):
    """Nothing is written where a line cannot be overwritten."""
    command = [sys.executable, "-m", "mockcbs", "check", large(tmp_path)]

    run = subprocess.run(command, capture_output=True, timeout=60, check=True)

    assert run.stderr == b""


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""
