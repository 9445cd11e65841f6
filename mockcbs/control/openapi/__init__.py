"""OpenAPI documents of all operations, made from the schemas that check requests."""
