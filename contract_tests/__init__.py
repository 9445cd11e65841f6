"""The checks of the contract kit, for mockcbs, for the real services and for any other server."""
