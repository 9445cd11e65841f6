"""Several statements in one round trip."""

from collections.abc import Generator, Sequence
from functools import lru_cache
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from psycopg import abc, pq
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.waiting import Ready, Wait

Statement = tuple[str, tuple[Any, ...]]
"""The text and the values of its parameters, which are spelt ``%s``."""
_Prepared = dict[tuple[str, tuple[int, ...]], bytes]
"""The names of the prepared statements of a connection, by text and types of parameters."""

_MAX_PREPARED = 100
"""The maximum number of prepared statements of a connection; further ones are parsed each time."""
_DONE = {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}


class Pipelines:
    """Sends statements together on connections of psycopg, and prepares them.

    psycopg's own pipelines end with a message after which PostgreSQL ends no idle transaction, so a process
    that hangs would keep its locks. They also take five times the processor time.
    """

    def __init__(self) -> None:
        self._prepared: WeakKeyDictionary[psycopg.Connection[Any], _Prepared] = WeakKeyDictionary()
        self._numbers = count()

    def execute(self, connection: psycopg.Connection[Any], statements: Sequence[Statement]) -> list[Any]:
        """The rows of the last statement. Raises the `psycopg.Error` of the first one that failed."""
        pgconn = connection.pgconn
        prepared: _Prepared = {**self._prepared.get(connection, {})}
        made = Transformer(connection)
        pgconn.enter_pipeline_mode()
        for text, values in statements:
            self._send(pgconn, made, text, values, prepared)
        pgconn.pipeline_sync()
        results = connection.wait(_exchange(pgconn))
        if pgconn.status == pq.ConnStatus.OK:
            pgconn.exit_pipeline_mode()
        for result in results:
            if result.status not in _DONE:
                raise error_from_result(result)
        if not results:
            raise psycopg.OperationalError("the connection is lost")
        self._prepared[connection] = prepared
        made.set_pgresult(results[-1])
        return made.load_rows(0, results[-1].ntuples, tuple)

    def roll_back(self, connection: psycopg.Connection[Any]) -> None:
        """End the transaction of *connection* without its changes.

        psycopg's own method also drops all prepared statements of the connection, those of this class, too.
        """
        if not self._prepared.get(connection):
            connection.rollback()
        elif connection.pgconn.transaction_status != pq.TransactionStatus.IDLE:
            self.execute(connection, [("ROLLBACK", ())])

    def _send(
        self, pgconn: Any, made: abc.Transformer, text: str, values: tuple[Any, ...], prepared: _Prepared
    ) -> None:
        """Put a statement into the buffer of the connection."""
        query = _numbered(text, len(values))
        dumped = made.dump_sequence(values, [PyFormat.AUTO] * len(values)) if values else None
        types, formats = (made.types or (), made.formats) if values else ((), None)
        name = prepared.get((text, types))
        if name is None and len(prepared) < _MAX_PREPARED:
            name = prepared[text, types] = b"mockcbs %d" % next(self._numbers)
            pgconn.send_prepare(name, query, types)
        if name is None:
            pgconn.send_query_params(query, dumped, types, formats)
        else:
            pgconn.send_query_prepared(name, dumped, formats)


def _exchange(pgconn: Any) -> Generator[Wait, Ready | int, list[Any]]:
    """Send what is in the buffer, and receive the results up to the end of the pipeline."""
    while pgconn.flush():
        if (yield Wait.RW) & Ready.R:
            pgconn.consume_input()
    results: list[Any] = []
    while pgconn.status == pq.ConnStatus.OK:
        if pgconn.is_busy():
            if (yield Wait.R):
                pgconn.consume_input()
            continue
        result = pgconn.get_result()
        if result is not None and result.status == pq.ExecStatus.PIPELINE_SYNC:
            break
        if result is not None:
            results.append(result)
    return results


@lru_cache(1024)
def _numbered(text: str, parameters: int) -> bytes:
    """A statement with PostgreSQL's own placeholders instead of %s."""
    if not parameters:
        return text.encode()
    first, *rest = text.split("%s")
    return (
        (first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1)))
        .replace("%%", "%")
        .encode()
    )
