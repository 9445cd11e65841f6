"""The properties of CBS as a service."""

import re

from mockcbs.services.base import Bots, Example, FailureAnswer, Service
from mockcbs.services.cbs import errors
from mockcbs.services.gateway.projects import DEFAULT_PROJECT
from mockcbs.services.gateway.service import BEHIND_GATEWAY, FAILURES, authorize
from mockcbs.services.gateway.tokens import usable
from mockcbs.state import State
from mockcbs.traffic.ids import UUIDS

MAX_QUESTION = 512
"""The maximum length of a question, in characters."""
MAX_ID = 1024
"""The maximum length of a client's user or session id, in characters. The vendor states no limit."""
_BOTS = Bots(UUIDS, MAX_ID, MAX_QUESTION)

_DEFAULT_BOT = "303a0a00-c88a-43e3-aa2f-d5b8b9832b02"
"""The bot in the vendor's examples."""


def _example(mock: State) -> Example:
    named = [bot_id for bot_id in mock.dataset.bots if UUIDS.pattern.fullmatch(bot_id)]
    bot = _DEFAULT_BOT if _DEFAULT_BOT in named or not named else named[0]
    return Example(
        f"/v1/{DEFAULT_PROJECT}/qabots/{bot}/requests/session-stats?interval=week&time_zone=%2B08%3A00",
        {"X-Auth-Token": usable(mock.settings, mock.clock.now())},
    )


SERVICE = Service(
    name="cbs",
    title="Huawei Cloud CBS",
    views="mockcbs.services.cbs.views",
    hosts=("cbs-ext.*.myhuaweicloud.com",),
    paths=re.compile(r"/v1/([0-9a-fA-F]{32}|[^/]+/+qabots?)(/|$)"),
    failures={**FAILURES, "server-error": FailureAnswer(errors.INTERNAL)},
    catalogue=errors.CATALOGUE,
    project=re.compile(r"/v1/([^/]+)/"),
    bots=_BOTS,
    explains="mockcbs.services.cbs.explain",
    variables=lambda _, url: {
        f"HUAWEICLOUD_SDK_REGION_CBS_{region}": url for region in ("CN_NORTH_1", "CN_NORTH_4")
    },
    example=_example,
    documentation="mockcbs.services.cbs.documentation",
    authorize=authorize,
    samples="mockcbs.services.cbs.samples",
    **BEHIND_GATEWAY,
)
