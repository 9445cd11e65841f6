"""The ``mockcbs`` command."""
