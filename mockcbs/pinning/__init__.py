"""Turns a published response into a dataset that reproduces it."""
