"""The log of ``mockcbs serve``: text for people, JSON for programs."""

import json
import logging
from datetime import UTC, datetime

from mockcbs.core.printable import printable_json
from mockcbs.journal.call_log import access
from mockcbs.settings import ServerSettings


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with its time (UTC) and the fields of its call."""
        content = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **({"call": record.call} if hasattr(record, "call") else {}),
        }
        if record.exc_info:
            content["traceback"] = record.exc_text or self.formatException(record.exc_info)
        return printable_json(json.dumps(content, ensure_ascii=False))


def set_up(how: ServerSettings) -> None:
    """Send the log to standard error, in the format of the settings."""
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.WARNING)
    if how.log_format == "json":
        for handler in logging.getLogger().handlers:
            handler.setFormatter(JsonFormatter())
    level = "error" if how.quiet and how.log_level == "info" else how.log_level
    logging.getLogger("mockcbs").setLevel(level.upper())
    access.setLevel(logging.INFO if how.access_log else logging.WARNING)
