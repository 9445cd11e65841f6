"""The response cache, and how a view states what its response depends on."""
