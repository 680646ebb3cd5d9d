"""Which addresses a bot may have: checked on what a name resolves to, so that DNS cannot get around it."""

import ipaddress
import socket
from collections.abc import Callable

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

Allow = Callable[[str, IP], str | None]
"""`allow(host, address)`: None, or why that address must not be called."""


class AddressRefused(OSError):
    """Every address of the host is refused."""


def refusal(host: str, address: str, allow: Allow | None) -> str | None:
    """Why this address of this host must not be called; None when it may."""
    ip: IP = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_link_local:
        return f"{ip} is a link-local address"
    return allow(host, ip) if allow else None


def literal_refusal(host: str, allow: Allow | None) -> str | None:
    """The same for a host that is an address itself; None for a name, which the resolver checks."""
    try:
        return refusal(host, host, allow)
    except ValueError:
        return None


class CheckedResolver(AbstractResolver):
    """The system's resolver, with refused addresses left out."""

    def __init__(self, allow: Allow | None) -> None:
        self._allow = allow
        self._system = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._system.resolve(host, port, family)
        refusals = [refusal(host, each["host"], self._allow) for each in found]
        kept = [each for each, refused in zip(found, refusals, strict=True) if not refused]
        if found and not kept:
            raise AddressRefused(next(reason for reason in refusals if reason))
        return kept

    async def close(self) -> None:
        await self._system.close()
