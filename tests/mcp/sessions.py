"""Sessions of the official client."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from mcp import ClientSession, StdioServerParameters, stdio_client

Use = Callable[..., Awaitable[Any]]


def assisted(session: Callable[[Use, ClientSession], Awaitable[None]], *options: object) -> None:
    """Run *session* against ``mockcbs mcp``; it uses tools by name and gets their results."""

    async def main_() -> None:
        command = [sys.executable, "-m", "mockcbs", "mcp", *map(str, options)]
        parameters = StdioServerParameters(command=command[0], args=command[1:])
        async with stdio_client(parameters) as streams, ClientSession(*streams) as client:
            await client.initialize()

            async def use(tool: str, **arguments: Any) -> Any:
                result = await client.call_tool(tool, arguments)
                text = "".join(part.text for part in result.content)
                failed = result.model_dump(by_alias=True)["isError"]
                return text if failed or tool in {"example_code", "reset"} else json.loads(text)

            await session(use, client)

    asyncio.run(asyncio.wait_for(main_(), 100))
