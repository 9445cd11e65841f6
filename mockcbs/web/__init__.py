"""The parts of HTTP that all services share."""
