"""Sessions of a CBS bot by period, as JSON: the vendor's SDK, which signs its calls."""

import json
import sys
import warnings
from datetime import datetime, timedelta

from huaweicloudsdkcbs.v1 import CbsClient, CollectReplyRatesRequest, CollectSessionStatsRequest
from huaweicloudsdkcore.auth.credentials import BasicCredentials

warnings.simplefilter("ignore")
base_url, project_id, bot_id, start, end, granularity, zone = sys.argv[1:]


def epoch_ms(day: str) -> int:
    return int(datetime.fromisoformat(f"{day}T00:00:00{zone}").timestamp() * 1000)


credentials = BasicCredentials("MOCKCBSAK", "mockcbs-secret-key", project_id)
client = CbsClient.new_builder().with_credentials(credentials).with_endpoint(base_url).build()
asked = {
    "qabot_id": bot_id,
    "start_time": epoch_ms(start),
    "end_time": epoch_ms(end) + int(timedelta(days=1).total_seconds() * 1000) - 1,
    "interval": granularity,
    "time_zone": zone,
}
sessions = client.collect_session_stats(CollectSessionStatsRequest(**asked))
replies = client.collect_reply_rates(CollectReplyRatesRequest(**asked))
if sessions.total is None or replies.total is None:
    sys.exit("the response holds no figures")
rows = {row.start: row.to_dict() for row in sessions.intervals}
for row in replies.intervals:
    rows.setdefault(row.start, {}).update(row.to_dict())
print(json.dumps([*rows.values(), {**sessions.total.to_dict(), **replies.total.to_dict()}]))
