"""The requirements for a receiver, by name."""

from collections.abc import Collection

from mockcbs.grading import findings

REQUIREMENTS = {
    "challenge": "It answers the check of its URL with the challenge, within 3 s.",
    "right-signature": "It accepts a right signature (profile coze: SHA-1 of timestamp, nonce, token, body).",
    "accepts": "It answers 200 to every right delivery, within 3 s.",
    "stores": "It stores every event.",
    "commits-first": "It has stored an event when it answers 200.",
    "rates": "It counts completed and failed executions apart.",
    "milliseconds": "It reads duration_ms as milliseconds.",
    "days": "Its days are those of Asia/Shanghai.",
    "deduplicates": "It answers 200 to an event that it has already, and counts it once.",
    "redelivery": "It counts an event once if its first delivery was cut off before the response.",
    "any-order": "It counts events right that come in another order.",
    "late-events": "It accepts an event that happened long ago, if the delivery is fresh.",
    "lost-event": "It counts an execution whose session.started was never delivered.",
    "unicode": "It distinguishes users whose names are not ASCII.",
    "raw-body": "It checks the signature over the received bytes, for any form of their JSON.",
    "refuses-changed-body": "It refuses a body that was changed after it was signed.",
    "refuses-wrong-signature": "It refuses a signature made with another secret.",
    "refuses-unsigned": "It refuses a delivery without a signature.",
    "refuses-replay": "It refuses an old delivery that is sent again with its old timestamp.",
    "verifies-first": "It checks the signature before it reads the body: unsigned rubbish is 401.",
    "refuses-rubbish": "It answers 400 to a signed body that is not a JSON object or has no event_type.",
    "unknown-type": "It answers 200 to an event type it does not know, and counts nothing.",
    "content-type": "It does not fail (5xx) on another content type.",
    "large-body": "It accepts a body of 1 MB.",
    "burst": "It accepts 60 deliveries at the same time and counts each event once.",
    "rotated-secret": "It accepts a delivery that is signed with the old and the new secret.",
    "restart": "It still knows every event after a restart.",
}
"""The sentence of each requirement, by name."""

SHOWN_BY = {
    "rates": ("success_rate",),
    "milliseconds": ("avg_response_time_ms",),
    "lost-event": ("total_calls",),
    "unicode": ("unique_users",),
    "unknown-type": ("total_calls", "total_messages"),
}
"""The figures that are needed to check a requirement, by name."""


class Findings(findings.Findings):
    """The verdict on every requirement of a receiver."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__(REQUIREMENTS, secrets)

    def keep_shown(self, printed: Collection[str], *names: str) -> None:
        """Mark these requirements as kept if the *printed* figures can show it."""
        for name in names:
            if missing := [figure for figure in SHOWN_BY.get(name, ()) if figure not in printed]:
                self.skip(f"--check prints no {' and no '.join(missing)}", name)
            else:
                self.keep(name)

    def is_skipped(self, name: str, *causes: str) -> bool:
        """Whether *name* is skipped because one of its *causes* is broken and breaks it, too."""
        cause = next((cause for cause in causes if self.is_broken(cause)), None)
        if cause:
            self.skip(f"{cause} is broken", name)
        return cause is not None
