"""``python -m mockcbs``."""

from mockcbs.cli.main import main

main()
