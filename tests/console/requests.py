"""Where the console is."""

CONSOLE = "/_mockcbs/console"
