"""Recorded exchanges: made by a proxy, answered again by the mock."""
