"""Which addresses a server may call: the rule behind VIVA_ALLOW_HOSTS."""

import ipaddress
from collections.abc import Sequence

from vivavoce.connectors.addresses import IP, Allow
from vivavoce.domain.errors import Malformed, Problem


def reach(*, private: bool, hosts: Sequence[str]) -> Allow:
    """Public addresses may always be called, loopback and private ones when `private`, or when their host
    name, address or network is among `hosts`. Raises Malformed for an entry that is none of these."""
    names = {entry.casefold() for entry in hosts if not _looks_like_network(entry)}
    networks = [_network(entry) for entry in hosts if _looks_like_network(entry)]

    def allow(host: str, address: IP) -> str | None:
        if private or address.is_global or host.casefold() in names:
            return None
        if any(address in network for network in networks):
            return None
        return f"{address} is not a public address; name it in VIVA_ALLOW_HOSTS to allow it"

    return allow


def _looks_like_network(entry: str) -> bool:
    return ":" in entry or "/" in entry or entry.replace(".", "").isdecimal()


def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError as error:
        raise Malformed(
            Problem(str(error), "VIVA_ALLOW_HOSTS", "write host names, addresses or networks, with commas")
        ) from error
