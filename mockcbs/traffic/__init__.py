"""The traffic log, from which every response is computed. It imports neither Flask nor a service."""
