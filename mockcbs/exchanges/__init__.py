"""Recorded exchanges: a proxy records them, and the mock replays them."""
