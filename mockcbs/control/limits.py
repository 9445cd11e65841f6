"""The maximum lengths of names in requests to the control API."""

MAX_PROJECT, MAX_TOKEN = 256, 65_536
"""The maximum lengths of a project and a token, in characters."""
