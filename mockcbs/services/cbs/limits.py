"""The maximum lengths of texts in requests."""

MAX_QUESTION = 512
"""The maximum length of a question, in characters."""
MAX_ID = 1024
"""The maximum length of a client's user or session id, in characters. The vendor states no limit."""
