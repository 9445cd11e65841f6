"""Identity and Access Management (IAM): tokens, signatures and projects that clients of CBS need."""
