"""The emulated services, one package each."""
