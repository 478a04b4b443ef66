"""Visitors who ask without a pause, to keep everybody else out."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter

from tests.support.nginx_stack import NAME
from tests.support.visitors import FORM, Visit

CONNECTIONS = 60
"""How many connections each address holds."""
ATTACKS = {
    "the form": Visit("POST", "/", "%ff&" * 16_384),
    "/squad": Visit("POST", "/squad", "text=" + "%ff&" * 49_000),
    "/poster": Visit("GET", "/poster?from=" + "Running+Club+" * 4),
}


async def attack(
    port: int, visit: Visit, part: int, addresses: int, seconds: float
) -> Counter[str]:
    """Ask without a pause from so many addresses; return how often each status came."""
    head = f"{visit.method} {visit.path} HTTP/1.1\r\nHost: {NAME}\r\n"
    head += f"Content-Type: {FORM['Content-Type']}\r\nContent-Length: {len(visit.body)}\r\n\r\n"
    trust, statuses = ssl.create_default_context(), Counter[str]()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE

    async def keep_asking(address: tuple[str, int]) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_connection(
                    "127.0.0.1", port, ssl=trust, server_hostname=NAME, local_addr=address
                )
                while True:
                    writer.write((head + visit.body).encode("ascii"))
                    told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                    statuses[told[9:12]] += 1
                    await reader.readexactly(int(told.split("content-length: ")[1].split()[0]))
            except (OSError, EOFError, IndexError):
                await asyncio.sleep(0.01)

    houses = [(f"127.66.{part}.{n + 1}", 0) for n in range(addresses)]
    tasks = [asyncio.ensure_future(keep_asking(one)) for one in houses * CONNECTIONS]
    await asyncio.wait(tasks, timeout=seconds)
    return statuses
