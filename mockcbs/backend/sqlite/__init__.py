"""State that the workers of one server share: each part as the processes beside it see it."""
