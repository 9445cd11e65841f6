"""The control API under ``/_mockcbs``: reads and changes the state of a running mock."""
