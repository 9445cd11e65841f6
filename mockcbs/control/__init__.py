"""Looking inside a running mock and moving its parts: journal, metrics, and ``/_mockcbs``."""
