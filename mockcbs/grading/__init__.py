"""What an exam finds, requirement by requirement, and the report of it."""
