"""Datasets whose traffic reproduces a published response."""
