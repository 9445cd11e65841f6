"""What Coze answers, for documents and for the contract kit; views do not use it."""
