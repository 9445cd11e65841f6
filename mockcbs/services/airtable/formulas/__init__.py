"""Airtable's formula language: parsing, values and functions."""
