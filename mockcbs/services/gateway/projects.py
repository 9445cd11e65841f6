"""The project that is meant if nobody names one."""

DEFAULT_REGION = "cn-north-4"

DEFAULT_PROJECT = "1604d8170cd84440a81281e5a3a04f8b"
"""The project of that region; the one the vendor's own examples use."""
