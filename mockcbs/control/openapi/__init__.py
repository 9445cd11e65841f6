"""OpenAPI documents: what every operation reads and answers, from the schemas that check it."""
