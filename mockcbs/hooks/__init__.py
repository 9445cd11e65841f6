"""Flask hooks that run for every request."""
