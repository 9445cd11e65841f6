"""Examines a user's analytics client: it runs the client against many mocks and compares its outputs.

The right figures of a client need not be known: each relation compares two runs of the client with each
other.
"""
