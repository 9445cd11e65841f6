"""``python -m mockcbs``."""

from mockcbs.cli import main

main()
