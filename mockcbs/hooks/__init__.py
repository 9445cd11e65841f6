"""Flask hooks that see every request."""
