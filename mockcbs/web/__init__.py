"""What every service shares of HTTP."""
