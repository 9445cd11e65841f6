"""State in an SQLite file."""

from mockcbs.backend.location import opened
from mockcbs.core.clock import Clock
from mockcbs.traffic.knowledge import Turn, Utterance


def test_what_clients_made_outlives_the_server(tmp_path):
    """Documents, turns, entries of the outbox and files stay; leases begin anew."""
    for start in ("first", "second"):
        folder = tmp_path / start
        folder.mkdir()
        with opened(str(tmp_path / "state"), 1, folder) as backend:
            assert backend.leases.lease("job", start, 1000)
            if start == "first":
                backend.documents.put("kind", "p", "a", {"n": 1})
                backend.recordings.record(Turn("b", "s", "u", 5, Utterance("x", "chat"), 7), "p")
                backend.outbox.append("q", {"n": 2}, due=5)
                with backend.files.create("p", "f") as file:
                    file.write(b"x")
                continue
            assert backend.documents.get("kind", "p", "a") == {"n": 1}
            assert [entry.body for entry in backend.outbox.peek("q")] == [{"n": 2}]
            assert backend.files.size("p", "f") == 1


def test_clocks_and_scenarios_are_those_of_the_server(tmp_path):
    """Clocks and scenarios are in a file that is deleted when the server ends."""
    with opened(str(tmp_path / "state"), 1, tmp_path) as backend:
        clocks = backend.clocks(lambda: Clock(5))
        with clocks.change(None) as clock:
            clock.freeze(77)
        assert clocks.of(None).now() == 77

        assert backend.documents.select("clock", "") == []
        assert backend.live.count("kind", "p") == 0
