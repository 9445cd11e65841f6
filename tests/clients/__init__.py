"""Real clients against a live ``mockcbs serve``."""
