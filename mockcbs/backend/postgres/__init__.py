"""State that replicas on many machines share, in PostgreSQL."""
