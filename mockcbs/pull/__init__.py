"""The nightly pull: figures and raw events of a service as files, one a day and bot.

It speaks HTTP only, so the service may be the mock or the real one.
"""
