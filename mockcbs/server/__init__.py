"""Serves a mock over sockets."""
