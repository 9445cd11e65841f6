"""Clauses about webhooks, which the kit receives.

For the words for standing see `mockcbs.contract_tests.clauses`. The source of a clause is a section of
docs/contract/coze.md.
"""

from mockcbs.contract.ledger import table

_TABLE = """\
challenge | documented | 3.13.3 | When a URL is saved, a signed challenge is sent to it.
post | documented | 1.5.2 | A delivery is a POST with a JSON object and Content-Type application/json;
    charset=utf-8.
signature | documented | 3.13.3 | X-Coze-Signature is the SHA-1 of timestamp, nonce, token and raw body, in
    hexadecimal.
timestamp | documented | 3.13.3 | X-Coze-Timestamp is the time of the attempt in ms.
nonce | derived | 3.13.3 | No two attempts have the same X-Coze-Nonce.
members | derived | 1.5.3 | An event has event_type, event_id, session_id, user_id, trigger_time, timestamp
    and status.
kinds | assumed | 1.5.3 | The type of an event is session.started, message.sent, execution.completed or
    execution.failed.
status | assumed | 1.5.3 | The status of an event is started, sent, success or failed, according to its type.
duration | documented | 1.5.3 | duration_ms is present if, and only if, the event ends an execution.
times | assumed | 1.5.3 | trigger_time and timestamp are integers in ms.
ids | derived | 1.5.3 | Deliveries with the same event_id have the same event_type and trigger_time.
again | documented | 1.5.2 | An event that was not answered with 200 is sent again with the same bytes.
once | derived | 1.5.2 | An event that was answered with 200 is not sent again.
chat | derived | 1.5.4 | A chat produces one session, one question, one answer and one end, all with the same
    session_id.
"""

WEBHOOK_CLAUSES = table("webhooks", _TABLE)
"""All clauses about webhooks."""
