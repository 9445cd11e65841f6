"""The running scenarios of several processes, and their counters."""

import secrets
from collections import deque
from contextlib import AbstractContextManager

from mockcbs.backend.documents import Document, Documents
from mockcbs.core.changes import Changes, Token
from mockcbs.faults import scenario_json
from mockcbs.faults.counters import START, Key
from mockcbs.faults.runs import CHANGES, PLAYED, Watch
from mockcbs.faults.scenario import Run, Scenario

_RUNS = "run"
_SLOW = "run.slow"
"""The kind of documents that mark the scopes whose uploads may be slowed down."""
_MAX_KNOWN = 10_000
"""The number of runs, and of scopes without runs, that a process remembers."""


class DocumentRuns:
    """Runs kept as documents; a process reads them only after one of them began or ended."""

    def __init__(self, documents: Documents, changes: Changes, watch: Watch) -> None:
        self._documents, self._changes = documents, changes
        self._watch = watch
        self._known: dict[tuple[str | None, str], tuple[Token, Run | None]] = {}
        self._slow: tuple[Token, bool] | None = None

    def get(self, scope: str | None, name: str) -> Run | None:
        """The run with that name."""
        known = self._known.get((scope, name))
        if known and not self._changes.changed(known[0]):
            return known[1]
        token = self._changes.watch((CHANGES,))
        held = self._held(scope).get(name)
        run = self._restored(held, scope) if held else None
        if len(self._known) >= _MAX_KNOWN:
            self._known.clear()
        self._known[scope, name] = token, run
        return run

    def played(self, scope: str | None) -> Run | None:
        """The runs that apply to all calls of *scope*."""
        return self.get(scope, PLAYED) or (self.get(None, PLAYED) if scope else None)

    @property
    def concerns_uploads(self) -> bool:
        """Whether a run in any scope may slow uploads down."""
        if self._slow is None or self._changes.changed(self._slow[0]):
            token = self._changes.watch((CHANGES,))
            self._slow = token, self._documents.count(_SLOW, "") > 0
        return self._slow[1]

    def begin(self, scope: str | None, name: str, scenario: Scenario, *, anew: bool) -> Run:
        """Begin a run of *scenario* under that name."""
        if not anew and (run := self.get(scope, name)):
            return run
        with self._documents.transaction():
            held = self._held(scope)
            if anew or name not in held:
                self._end(scope, held.pop(name, None))
                held[name] = {
                    "id": secrets.token_hex(8),
                    "started": self._watch(scope)(),
                    "rules": len(scenario.rules),
                    "scenario": scenario_json.encoded(scenario),
                }
                self._keep(scope, held)
            return self._restored(held[name], scope)

    def drop(self, scope: str | None, name: str, run: Run | None = None) -> None:
        """End the run with that name."""
        with self._documents.transaction():
            held = self._held(scope)
            if name in held and (run is None or self.get(scope, name) is run):
                self._end(scope, held.pop(name))
                self._keep(scope, held)

    def clear(self, scope: str | None) -> None:
        """End the runs of one scope or of all."""
        with self._documents.transaction():
            if scope is None:
                self._documents.drop(_RUNS)
                self._documents.drop(_SLOW)
                self._changes.bump(CHANGES)
            else:
                for held in self._held(scope).values():
                    self._end(scope, held)
                self._keep(scope, {})

    def _held(self, scope: str | None) -> Document:
        return dict(self._documents.get(_RUNS, scope or "", "") or {})

    def _keep(self, scope: str | None, held: Document) -> None:
        self._documents.put(_RUNS, scope or "", "", held)
        if PLAYED in held and scenario_json.decoded(held[PLAYED]["scenario"]).concerns_uploads:
            self._documents.put(_SLOW, "", scope or "", {})
        else:
            self._documents.delete(_SLOW, "", scope or "")
        self._changes.bump(CHANGES)

    def _restored(self, held: Document, scope: str | None) -> Run:
        scenario = scenario_json.decoded(held["scenario"])
        return Run(scenario, self._watch(scope), _counters(self._documents, scope, held), held["started"])

    def _end(self, scope: str | None, held: Document | None) -> None:
        if held:
            _counters(self._documents, scope, held).end()


class DocumentCounters:
    """Counters that are stored as documents (a `mockcbs.faults.counters.Counters`)."""

    def __init__(self, documents: Documents, scope: str, run_id: str, rules: int) -> None:
        self._documents, self._scope, self._rules = documents, scope, rules
        self._kind = f"counters/{run_id}"

    def open(self) -> AbstractContextManager[object]:
        """Hold the lock of the database."""
        return self._documents.transaction()

    @property
    def state(self) -> str:
        """The current state of the run."""
        name: str = (self._documents.get(self._kind, self._scope, "state") or {"name": START})["name"]
        return name

    @state.setter
    def state(self, name: str) -> None:
        self._documents.put(self._kind, self._scope, "state", {"name": name})

    def count(self, key: Key) -> int:
        """Count a call and return its number."""
        counted = self._counted(key)
        number: int = counted.get("count", 0) + 1
        self._documents.put(self._of_rule(key[0]), self._scope, key[1] or "", {**counted, "count": number})
        return number

    def forget(self, place: int) -> None:
        """Set the counters of the rule in that place to 0."""
        self._documents.drop(self._of_rule(place))

    def passed(self, key: Key) -> deque[int]:
        """The times of the calls that have passed a throttle."""
        return deque(self._counted(key).get("passed", ()))

    def keep_passed(self, key: Key, passed: deque[int]) -> None:
        """Replace the times of the calls that have passed a throttle."""
        self._documents.put(
            self._of_rule(key[0]), self._scope, key[1] or "", {**self._counted(key), "passed": list(passed)}
        )

    def end(self) -> None:
        """Delete all counters."""
        self._documents.drop(self._kind)
        for place in range(self._rules):
            self.forget(place)

    def _of_rule(self, place: int) -> str:
        return f"{self._kind}/{place}"

    def _counted(self, key: Key) -> Document:
        return self._documents.get(self._of_rule(key[0]), self._scope, key[1] or "") or {}


def _counters(documents: Documents, scope: str | None, held: Document) -> DocumentCounters:
    return DocumentCounters(documents, scope or "", held["id"], held["rules"])
