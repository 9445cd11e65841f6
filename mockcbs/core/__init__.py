"""The foundation of all other packages: no Flask, no vendor."""
