"""The emulated services, a package each."""
