"""What needs the official SDK is not collected without it."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("mcp") else ["test_server.py", "test_tools.py"]
