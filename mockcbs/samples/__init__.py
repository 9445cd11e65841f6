"""Code that sends a request, in several languages."""
