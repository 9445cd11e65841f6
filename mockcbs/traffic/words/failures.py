"""What is logged instead of an utterance if its answer fails."""

from collections.abc import Iterable, Sequence

from mockcbs.traffic.knowledge import FAILURES, Utterance


class Failures:
    """The failed utterances of one knowledge base."""

    def __init__(self) -> None:
        self.logged: dict[Utterance, Utterance] = {}
        """For each utterance, the one that is logged instead, with the first of `FAILURES`."""
        self._own: dict[Utterance, Utterance] = {}

    def add(self, *said: Utterance) -> None:
        """Let these utterances fail in their own words."""
        for one in dict.fromkeys(said):
            failed = self._own.get(one)  # remarks are said about many pairs
            self.logged[one] = failed or self._own.setdefault(one, one.failing(FAILURES[0]))

    def add_like(self, others: Sequence[Utterance], said: Iterable[Utterance]) -> None:
        """Let these utterances fail in the words of the *others* in turn, as a log needs few that fail."""
        for place, one in enumerate(said):
            self.logged.setdefault(one, self.logged[others[place % len(others)]])
