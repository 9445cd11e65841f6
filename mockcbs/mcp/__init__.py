"""``mockcbs mcp``: the controls of a mock as tools of the Model Context Protocol."""
