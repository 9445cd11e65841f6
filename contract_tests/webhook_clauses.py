"""Clauses about webhooks, which the kit receives. Standing as in `mockcbs.contract_tests.clauses`; the source
is a section of the project's contract of Coze.
"""

from mockcbs.contract.ledger import table

_TABLE = """\
challenge | documented | 3.13.3 | Saving a URL sends a challenge, signed like any delivery.
post | documented | 1.5.2 | A delivery is a POST of a JSON object, as application/json; charset=utf-8.
signature | documented | 3.13.3 | X-Coze-Signature is the SHA-1 of timestamp, nonce, token and raw body, in
    hex.
timestamp | documented | 3.13.3 | X-Coze-Timestamp is the present time in ms, fresh at each attempt.
nonce | derived | 3.13.3 | No two attempts have the same X-Coze-Nonce.
members | derived | 1.5.3 | An event has event_type, event_id, session_id, user_id, times and status.
kinds | assumed | 1.5.3 | Events are session.started, message.sent, execution.completed, execution.failed.
status | assumed | 1.5.3 | Their status is started, sent, success, failed.
duration | documented | 1.5.3 | duration_ms is on executions that have ended, and only there.
times | assumed | 1.5.3 | trigger_time and timestamp are integers of milliseconds.
ids | derived | 1.5.3 | One event_id is one event: what comes under it again is the same.
again | documented | 1.5.2 | What was not answered with 200 comes again, byte for byte.
once | derived | 1.5.2 | What was answered with 200 does not come again.
chat | derived | 1.5.4 | A chat is one session, a question, an answer and one end, all of one session_id.
"""

WEBHOOK_CLAUSES = table("webhooks", _TABLE)
"""Every clause about webhooks."""
