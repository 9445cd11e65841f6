"""Responses of Coze, for documents and for the contract kit; views do not use them."""
