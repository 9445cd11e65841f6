"""Airtable: records of tables, their schema, and formulas that choose records (docs/tables.md)."""
