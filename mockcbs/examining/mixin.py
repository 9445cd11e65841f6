"""The exam of a client as tests, one for each relation."""

from typing import Any, ClassVar

import pytest

from mockcbs.examining.client import Client, Command, Function
from mockcbs.examining.exam import SENTENCES, Exam


class ClientExam:
    """A mixin for a test class that examines a client.

    Set `command`, or define a method `read` and set `words` to the words that `read` uses. A broken relation
    fails its test with the finding as the message; a relation that cannot be examined is skipped with the
    reason.
    """

    command: ClassVar[str] = ""
    """The client as a command, with words such as ``{start}``."""
    words: ClassVar[tuple[str, ...]] = ("base_url", "token", "bot_id", "project_id", "start", "end")
    """The words that `read` uses; only these are varied."""
    cases: ClassVar[int] = 3
    """The number of cases for each relation."""
    seed: ClassVar[int] = 0
    """The seed that determines the cases."""
    timeout: ClassVar[float] = 60
    """The time limit of one run of the command, in s. A call of `read` has no time limit."""
    without: ClassVar[tuple[str, ...]] = ()
    """Names of relations to leave out."""

    def read(self, words: Any) -> Any:
        """The rows for ``words.start``, ``words.end`` and so on. It must raise an exception if it cannot
        read all rows.
        """
        raise NotImplementedError(
            f"{type(self).__name__} needs an attribute command, or a method read(self, words)"
        )

    @pytest.mark.parametrize("relation", SENTENCES)
    def test_relation(self, relation: str) -> None:
        """Examine one relation between runs of the client."""
        if relation in self.without:
            pytest.skip(f"{type(self).__name__}.without names {relation}")
        finding = _exam(type(self)).examine(relation)
        if finding.verdict == "broken":
            message = f"broken: {finding.sentence}\n{finding.reason}\n{finding.evidence}"
            pytest.fail(message, pytrace=False)
        if finding.verdict == "not examined":
            pytest.skip(finding.reason)


_exams: dict[type, Exam] = {}


def _exam(owner: type[ClientExam]) -> Exam:
    """The exam that the tests of one class share."""
    if owner not in _exams:
        _exams[owner] = Exam(_client(owner), cases=owner.cases, seed=owner.seed)
    return _exams[owner]


def _client(owner: type[ClientExam]) -> Client:
    if owner.command:
        return Command(owner.command, owner.timeout)
    return Function(owner().read, owner.words)
