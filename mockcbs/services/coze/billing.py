"""The cost of an execution, in bills and in the callback ``benefit.usage`` (contract 1.3.3).

Every execution that has ended is one row, with the tokens in its response.
"""

from decimal import Decimal
from typing import Any

from mockcbs.services.coze import accounts, callback_apps
from mockcbs.services.coze.envelope import WORKSPACE, derived_id
from mockcbs.traffic.knowledge import Turn

EVENT = "benefit.usage"
BOT, WORKFLOW = 1, 2
"""``root_entity_type``."""

_POINTS = 2
"""``balance_type`` of resource points."""
_MODEL_RESOURCE = 1
"""``resource_type`` of a model."""
_MODEL = "1706077826"
_WEIGHT = 4
"""One token of output costs as much as this number of input tokens."""

Usage = dict[str, int]
"""``input_count`` and ``output_count`` of an execution."""


def row(turn: Turn, execute_id: str, connector_id: str, usage: Usage, kind: int) -> dict[str, Any]:
    """The cost of an execution: one resource point for 1000 input tokens or 250 output tokens."""
    read, written = usage["input_count"], usage["output_count"]
    return {
        "id": derived_id(execute_id, EVENT, at=turn.at_ms),
        "consume_time": (turn.at_ms + turn.latency_ms) // 1000,
        "record_root_id": execute_id,
        "connector_id": connector_id,
        "connector_uid": turn.user_id,
        "device_id": "",
        "custom_consumer": "",
        "space_id": WORKSPACE,
        "root_entity_type": kind,
        "root_entity_id": turn.bot_id,
        "change_balance": str(Decimal(read + _WEIGHT * written).scaleb(-3)),
        "balance_type": _POINTS,
        "resource_type": _MODEL_RESOURCE,
        "resource_id": _MODEL,
        "model_id": _MODEL,
        "model_input_token": read,
        "model_output_token": written,
        "tts_char_num": 0,
        "tts_count": 0,
        "asr_audio_length": 0,
        "rtc_duration": 0,
        "rtc_begin_time": 0,
        "rtc_end_time": 0,
        "cost_account_id": accounts.user_id(),
    }


def announce(turn: Turn, execute_id: str, connector_id: str, usage: Usage, kind: int) -> None:
    """Send the row to the callback apps that subscribe to it."""
    if callback_apps.has_endpoints():
        callback_apps.announce(EVENT, row(turn, execute_id, connector_id, usage, kind))
