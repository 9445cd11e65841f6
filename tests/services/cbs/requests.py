"""Requests of the statistics operations that several tests send."""

from mockcbs.services.cbs import schemas
from tests.conftest import BOT, PROJECT

BASE = f"/v1/{PROJECT}/qabots/{BOT}"
TOKEN = {"X-Auth-Token": "any"}
PARAMETER_ERROR = b'{"error_code":"CBS.0021","error_msg":"request parameter error"}'
OPERATIONS = {
    "/requests/session-stats": schemas.SessionStats(),
    "/requests/reply-rates": schemas.ReplyRates(),
    "/qa-pairs/hots": schemas.HotQuestions(),
    "/requests/keywords": schemas.Keywords(),
}
