"""What exists before a client makes anything."""

DEFAULT_BASE = "appMockcbsReports"
"""The base that is listed while no other base is used."""
