"""State that the workers of one server share."""
