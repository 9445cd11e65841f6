"""Scenarios that are being played by several processes at once, and what they count."""

import base64
import pickle
import secrets
from collections import deque
from contextlib import AbstractContextManager

from mockcbs.backend.documents import Document, Store
from mockcbs.core.changes import Versions
from mockcbs.faults.counters import START, Key
from mockcbs.faults.runs import PLAYED, Watch
from mockcbs.faults.scenario import Run, Scenario

_RUNS = "live.run"
_MOST_KNOWN = 10_000
"""Runs, and scopes without one, that a process remembers."""


class SharedRuns:
    """Runs kept in a store; a process asks it only after one of them began or ended."""

    def __init__(self, store: Store, versions: Versions, watch: Watch) -> None:
        self._store, self._cells, self._cell = store, versions.cells, versions.cell("stage")
        self._watch = watch
        self._known: dict[tuple[str | None, str], Run | None] = {}
        self._seen = self._cells[self._cell]

    def get(self, scope: str | None, name: str) -> Run | None:
        """The run of that name."""
        if self._cells[self._cell] != self._seen or len(self._known) >= _MOST_KNOWN:
            self._seen = self._cells[self._cell]
            self._known.clear()
        try:
            return self._known[scope, name]
        except KeyError:
            held = self._held(scope).get(name)
            run = self._known[scope, name] = self._restored(held, scope) if held else None
            return run

    def played(self, scope: str | None) -> Run | None:
        """What is played for all calls of *scope*."""
        return self.get(scope, PLAYED) or (self.get(None, PLAYED) if scope else None)

    def begin(self, scope: str | None, name: str, scenario: Scenario, *, anew: bool) -> Run:
        """A run of *scenario* under that name."""
        if not anew and (run := self.get(scope, name)):
            return run
        with self._store.transaction():
            held = self._held(scope)
            if anew or name not in held:
                self._end(scope, held.pop(name, None))
                pickled = base64.b64encode(pickle.dumps(scenario)).decode()
                held[name] = {
                    "id": secrets.token_hex(8),
                    "started": self._watch(scope)(),
                    "rules": len(scenario.rules),
                    "scenario": pickled,
                }
                self._keep(scope, held)
            return self._restored(held[name], scope)

    def drop(self, scope: str | None, name: str, run: Run | None = None) -> None:
        """Forget the run of that name."""
        with self._store.transaction():
            held = self._held(scope)
            if name in held and (run is None or self.get(scope, name) is run):
                self._end(scope, held.pop(name))
                self._keep(scope, held)

    def clear(self, scope: str | None) -> None:
        """Forget those of one scope, or of all."""
        with self._store.transaction():
            if scope is None:
                self._store.drop(_RUNS)
                self._cells[self._cell] += 1
            else:
                for held in self._held(scope).values():
                    self._end(scope, held)
                self._keep(scope, {})

    def _held(self, scope: str | None) -> Document:
        return dict(self._store.get(_RUNS, scope or "", "") or {})

    def _keep(self, scope: str | None, held: Document) -> None:
        self._store.put(_RUNS, scope or "", "", held)
        self._cells[self._cell] += 1

    def _restored(self, held: Document, scope: str | None) -> Run:
        scenario: Scenario = pickle.loads(base64.b64decode(held["scenario"]))  # noqa: S301 - written since this server started, by itself
        return Run(scenario, self._watch(scope), _ledger(self._store, scope, held), held["started"])

    def _end(self, scope: str | None, held: Document | None) -> None:
        if held:
            _ledger(self._store, scope, held).end()


class SharedLedger:
    """A ledger in a store (a `mockcbs.faults.counters.Ledger`)."""

    def __init__(self, store: Store, scope: str, run_id: str, rules: int) -> None:
        self._store, self._scope, self._rules = store, scope, rules
        self._kind = f"live.ledger/{run_id}"

    def open(self) -> AbstractContextManager[None]:
        """Let nobody else in."""
        return self._store.transaction()

    @property
    def state(self) -> str:
        """The state the run is in."""
        name: str = (self._store.get(self._kind, self._scope, "state") or {"name": START})["name"]
        return name

    @state.setter
    def state(self, name: str) -> None:
        self._store.put(self._kind, self._scope, "state", {"name": name})

    def count(self, key: Key) -> int:
        """One more; the number of this call."""
        counted = self._counted(key)
        number: int = counted.get("count", 0) + 1
        self._store.put(self._of_rule(key[0]), self._scope, key[1] or "", {**counted, "count": number})
        return number

    def forget(self, place: int) -> None:
        """Count anew for the rule in that place."""
        self._store.drop(self._of_rule(place))

    def passed(self, key: Key) -> deque[int]:
        """When calls passed a throttle."""
        return deque(self._counted(key).get("passed", ()))

    def keep_passed(self, key: Key, passed: deque[int]) -> None:
        """Remember these instead."""
        self._store.put(
            self._of_rule(key[0]), self._scope, key[1] or "", {**self._counted(key), "passed": list(passed)}
        )

    def end(self) -> None:
        """Forget everything."""
        self._store.drop(self._kind)
        for place in range(self._rules):
            self.forget(place)

    def _of_rule(self, place: int) -> str:
        return f"{self._kind}/{place}"

    def _counted(self, key: Key) -> Document:
        return self._store.get(self._of_rule(key[0]), self._scope, key[1] or "") or {}


def _ledger(store: Store, scope: str | None, held: Document) -> SharedLedger:
    return SharedLedger(store, scope or "", held["id"], held["rules"])
