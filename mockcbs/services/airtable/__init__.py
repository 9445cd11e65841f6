"""Airtable: records, schemas of tables, and formulas that filter records (docs/tables.md)."""
