"""The control surface, ``/_mockcbs``: what tests do to the mock itself."""
