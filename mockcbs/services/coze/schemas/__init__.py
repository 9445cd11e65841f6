"""Requests to Coze: queries and bodies with every limit of the contract, one module per area."""
