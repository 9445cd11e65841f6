"""Clauses about webhooks, which the kit receives.

For the words for standing see `mockcbs.contract_tests.clauses`. The source of a clause is a section of
docs/contract/coze.md.
"""

from mockcbs.contract.ledger import table

_TABLE = """\
challenge | documented | 3.13.3 | When a URL is saved, a signed challenge is sent to it: a header with
    event_type url_verification, event_id and created_at in ms, and an event with the text challenge.
post | documented | 1.5.2 | A delivery is a POST with a JSON object and Content-Type application/json;
    charset=utf-8.
signature | documented | 3.13.3 | X-Coze-Signature is the SHA-1 of timestamp, nonce, token and raw body, in
    hexadecimal.
timestamp | documented | 3.13.3 | X-Coze-Timestamp is the time of the attempt in ms.
nonce | derived | 3.13.3 | No two attempts have the same X-Coze-Nonce.
members | derived | 1.5.3 | An event has event_type, event_id, session_id, user_id, status, and bot_id or
    workflow_id as texts, and trigger_time and timestamp.
joins | assumed | 1.5.3 | An event has connector_id, and chat_id or execute_id, as texts.
message | assumed | 1.5.3 | message.sent has message_id, and a role that is user or assistant.
kinds | assumed | 1.5.3 | The type of an event is session.started, message.sent, execution.completed or
    execution.failed.
status | assumed | 1.5.3 | The status of an event is started, sent, success or failed, according to its type.
duration | documented | 1.5.3 | duration_ms, a whole number, is present if, and only if, the event ends an
    execution.
took | assumed | 1.5.3 | duration_ms is the time from trigger_time to timestamp, within a second.
times | assumed | 1.5.3 | trigger_time and timestamp are integers in ms; trigger_time is not after timestamp.
moments | assumed | 1.5.3 | The times of the events of one chat are within minutes of each other.
ids | derived | 1.5.3 | Deliveries with the same event_id have the same event_type and trigger_time.
again | documented | 1.5.2 | An event that was not answered with 200 is sent again with the same bytes.
once | derived | 1.5.2 | An event that was answered with 200 is not sent again.
chat | derived | 1.5.4 | A chat produces one session, one question, one answer and one end, all with the same
    session_id, chat_id, user_id and connector_id, different event ids, and the bot_id of the chat.
"""

WEBHOOK_CLAUSES = table("webhooks", _TABLE)
"""All clauses about webhooks."""
