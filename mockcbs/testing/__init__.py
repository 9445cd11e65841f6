"""mockcbs in tests: in process, as a live server, and as a pytest plugin."""
