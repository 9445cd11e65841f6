"""The calls of the recording that tests replay."""

from tests.conftest import BOT, PROJECT
from tests.services.iam.logins import login

TOKEN = "MIIsecret-token-of-somebody"
BASE = f"/v1/{PROJECT}/qabots/{BOT}/requests"
STATS = "session-stats?interval=day&time_zone=%2B08%3A00&start_time=1795000000000&end_time=1795100000000"

LOGIN = login("somebody", "hush-hush", "somewhere")
