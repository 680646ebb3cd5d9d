"""Logs of the server, on stderr: plain lines, or one JSON object a line."""

import logging
import sys
from datetime import UTC, datetime

import msgspec


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


def configure(setting: str) -> None:
    """`setting` as in VIVA_LOG: debug, info, warning or json."""
    handler = logging.StreamHandler(sys.stderr)
    if setting == "json":
        handler.setFormatter(JsonLines())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    level = logging.INFO if setting == "json" else logging.getLevelNamesMapping()[setting.upper()]
    logging.basicConfig(level=level, handlers=[handler])
    if level == logging.INFO:  # what Alembic does inside is for those who look for a fault
        logging.getLogger("alembic.runtime").setLevel(logging.WARNING)
