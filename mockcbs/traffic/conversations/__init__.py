"""What users do next: conversations as steps without words."""
