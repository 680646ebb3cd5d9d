import socket
from ipaddress import ip_address

import pytest

from vivavoce.connectors.addresses import IP, AddressRefused, CheckedResolver, literal_refusal


def no_private(host: str, address: IP) -> str | None:
    return f"{address} is private" if address.is_private and host != "friend.example" else None


@pytest.mark.parametrize("host", ["169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:169.254.169.254"])
def test_link_local_is_always_refused(host: str) -> None:
    assert "link-local" in (literal_refusal(host, None) or "")
    assert "link-local" in (literal_refusal(host, lambda host, address: None) or "")


@pytest.mark.parametrize("host", ["127.0.0.1", "10.1.2.3", "::1", "::ffff:127.0.0.1", "192.168.1.1"])
def test_the_rule_is_asked_about_addresses(host: str) -> None:
    assert literal_refusal(host, None) is None
    assert literal_refusal(host, no_private)


def test_a_name_is_for_the_resolver() -> None:
    assert literal_refusal("localhost", no_private) is None
    assert literal_refusal("8.8.8.8", no_private) is None


async def test_a_name_is_checked_by_what_it_resolves_to() -> None:
    seen: list[tuple[str, IP]] = []

    def note(host: str, address: IP) -> str | None:
        seen.append((host, address))
        return no_private(host, address)

    resolver = CheckedResolver(note)
    with pytest.raises(AddressRefused, match="private"):
        await resolver.resolve("localhost", 80, socket.AF_INET)
    assert ("localhost", ip_address("127.0.0.1")) in seen
    assert await CheckedResolver(None).resolve("localhost", 80, socket.AF_INET)
    # A legacy spelling that the system takes for 127.0.0.1 is a name to us, and so resolved and checked.
    with pytest.raises(AddressRefused):
        await resolver.resolve("127.1", 80, socket.AF_INET)
