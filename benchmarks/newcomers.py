"""Measures how long new clients wait beside busy ones: `python benchmarks/newcomers.py URL [SECONDS]`.

48 clients keep their connections and send requests without a pause; 16 clients open a connection for each
request. The program prints the number of responses to both, and how long the 16 clients waited.
"""

import argparse
import asyncio
import time
from itertools import count
from urllib.parse import urlsplit

BUSY, NEW = 48, 16
PATH = (
    "/v1/1604d8170cd84440a81281e5a3a04f8b/qabots/303a0a00-c88a-43e3-aa2f-d5b8b9832b02/requests/session-stats"
)

numbers = count(1)


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: str) -> None:
    """Send one request whose response is in no cache."""
    writer.write(
        f"GET {PATH}?interval=week&start_time={next(numbers)} HTTP/1.1\r\n"
        f"Host: mock\r\nX-Auth-Token: t\r\nConnection: {connection}\r\n\r\n".encode()
    )
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    await reader.readexactly(int(head.partition(b"content-length: ")[2].split()[0]))


async def keep_busy(host: str, port: int, until: float) -> int:
    """Send requests over one connection. Return their number."""
    reader, writer = await asyncio.open_connection(host, port)
    asked = 0
    while time.monotonic() < until:
        await ask(reader, writer, "keep-alive")
        asked += 1
    writer.close()
    return asked


async def come_anew(host: str, port: int, until: float) -> list[float]:
    """Send each request over a new connection. Return the time of each, in s."""
    took = []
    while (began := time.monotonic()) < until:
        reader, writer = await asyncio.open_connection(host, port)
        await ask(reader, writer, "close")
        took.append(time.monotonic() - began)
        writer.close()
    return took


async def measure(url: str, seconds: float) -> str:
    """The result as one line of text."""
    at, until = urlsplit(url), time.monotonic() + seconds
    host, port = at.hostname or "127.0.0.1", at.port or 80
    busy, new = await asyncio.gather(
        asyncio.gather(*(keep_busy(host, port, until) for _ in range(BUSY))),
        asyncio.gather(*(come_anew(host, port, until) for _ in range(NEW))),
    )
    took = sorted(one for client in new for one in client)
    p50, p99 = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
    return f"new: {len(took)} responses, p50 {p50:.0f} ms, p99 {p99:.0f} ms; busy: {sum(busy)} responses"


def main() -> None:
    """Measure the server of the command line, and print one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "url", metavar="URL", help="that of a server, such as http://127.0.0.1:8021/_mockcbs/ready"
    )
    parser.add_argument("seconds", nargs="?", type=float, default=5, metavar="SECONDS", help="default 5")
    asked = parser.parse_args()
    print(asyncio.run(measure(asked.url, asked.seconds)))


if __name__ == "__main__":
    main()
