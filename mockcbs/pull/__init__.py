"""The nightly pull: figures and raw events of a service, as one file per day and bot.

It only uses HTTP, so the service may be the mock or the real one.
"""
