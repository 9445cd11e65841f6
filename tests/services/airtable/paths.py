"""Paths of Airtable that tests call."""

from tests.services.airtable.conftest import BASE

TABLE = f"/v0/{BASE}/Reports"
