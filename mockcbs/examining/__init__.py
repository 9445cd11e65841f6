"""Examines a user's analytics client: it runs the client against many mocks and compares its outputs.

The exam does not need to know the right figures: each relation compares runs of the client with each other.
"""
