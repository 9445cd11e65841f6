"""Rows as the bytes of a file: equal rows give equal bytes."""

import io
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import simplejson

from mockcbs.core import extras
from mockcbs.core.csv_text import csv_text
from mockcbs.core.errors import UserError
from mockcbs.pull.tables import Row, Table, Type, column_values

Format = Literal["csv", "jsonl", "parquet"]

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def writer(form: Format, *, bom: bool = False) -> Callable[[Table, Sequence[Row]], bytes]:
    """The function that converts rows to bytes; with *bom*, CSV begins with a byte order mark.

    Raises `UserError` if the format needs a package that is not installed.
    """
    if bom and form != "csv":
        raise UserError(f"--bom is for CSV: leave it out with --format {form}")
    if form == "parquet":
        _pyarrow()
        return _parquet
    if form == "jsonl":
        return _jsonl
    return lambda table, rows: (_BYTE_ORDER_MARK if bom else b"") + _csv(table, rows)


def _csv(table: Table, rows: Sequence[Row]) -> bytes:
    """UTF-8 with a header row. Figures are as the service wrote them; missing values are empty."""
    header = [column.name for column in table.columns]
    return csv_text([header, *rows]).encode("utf-8")


def _jsonl(table: Table, rows: Sequence[Row]) -> bytes:
    """One JSON object per line, with every column; missing values are ``null``."""
    names = [column.name for column in table.columns]
    lines = (
        simplejson.dumps(
            dict(zip(names, row, strict=True)), ensure_ascii=False, use_decimal=True, default=str
        )
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _parquet(table: Table, rows: Sequence[Row]) -> bytes:
    """Dates as date32, counts as int64, rates as float64, texts as strings; Snappy."""
    pa, parquet = _pyarrow()
    types: Mapping[Type, Any] = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "date": pa.date32(),
    }
    schema = pa.schema(
        [pa.field(column.name, types[column.type], column.optional) for column in table.columns]
    )
    arrays = [
        pa.array([_plain(value) for value in column_values(rows, place)], field.type)
        for place, field in enumerate(schema)
    ]
    file = io.BytesIO()
    parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), file)
    return file.getvalue()


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _pyarrow() -> tuple[Any, Any]:
    with extras.needed("--format parquet", "pyarrow", "pull"):
        import pyarrow as pa  # noqa: PLC0415
        from pyarrow import parquet  # noqa: PLC0415
    return pa, parquet
