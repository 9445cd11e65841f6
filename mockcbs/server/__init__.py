"""Serving a mock over real sockets."""
