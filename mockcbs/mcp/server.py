"""The tools of a mock, served over standard input and output."""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from mockcbs.core.errors import UserError
from mockcbs.mcp.tools import INSTRUCTIONS, Tools

try:
    from mcp.server.mcpserver import MCPServer
    from mcp.server.mcpserver.exceptions import ToolError
except ImportError:  # before version 2 of the SDK
    from mcp.server.fastmcp import FastMCP as MCPServer
    from mcp.server.fastmcp.exceptions import ToolError


def run(tools: Tools) -> None:
    """Serve *tools* until standard input ends."""
    server = MCPServer("mockcbs", instructions=INSTRUCTIONS, log_level="WARNING")
    for tool in tools.all():
        server.add_tool(_with_errors(tool), description=inspect.getdoc(tool))
    server.run()


def _with_errors(tool: Callable[..., Any]) -> Callable[..., Any]:
    """*tool* with errors for the assistant: it sees the message of a `UserError`, but not of other errors."""

    @functools.wraps(tool)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return tool(*args, **kwargs)
        except UserError as error:
            raise ToolError(str(error)) from error

    return call
