"""Which addresses a server may call: VIVA_ALLOW_HOSTS, and what is allowed by default."""

from ipaddress import ip_address

import pytest

from vivavoce.connectors.addresses import refusal
from vivavoce.connectors.reach import reach
from vivavoce.domain.errors import Malformed

PUBLIC = ("93.184.216.34", "2606:2800:220:1::1")
PRIVATE = ("127.0.0.1", "10.1.2.3", "192.168.0.9", "100.64.0.1", "::1", "fd00::1", "0.0.0.0")


def test_a_server_on_loopback_calls_private_addresses_and_others_only_public_ones() -> None:
    for address in PUBLIC + PRIVATE:
        assert reach(private=True, hosts=())("bot", ip_address(address)) is None
    allow = reach(private=False, hosts=())
    assert [allow("bot", ip_address(address)) for address in PUBLIC] == [None, None]
    for address in PRIVATE:
        told = allow("bot", ip_address(address))
        assert told == f"{address} is not a public address; name it in VIVA_ALLOW_HOSTS to allow it"


@pytest.mark.parametrize(
    ("entry", "host", "address", "allowed"),
    [
        ("bot.local", "BOT.local", "10.0.0.1", True),
        ("bot.local", "other.local", "10.0.0.1", False),
        ("10.0.0.0/8", "any", "10.255.0.1", True),
        ("10.0.0.0/8", "any", "11.0.0.1", True),  # a public one
        ("10.0.0.0/8", "any", "192.168.0.1", False),
        ("192.168.0.1", "any", "192.168.0.1", True),
        ("192.168.0.1", "192.168.0.2", "192.168.0.2", False),
        ("fd00::/8", "any", "fd12::1", True),
    ],
)
def test_hosts_addresses_and_networks_are_added(entry: str, host: str, address: str, allowed: bool) -> None:
    allow = reach(private=False, hosts=(entry,))
    assert (allow(host, ip_address(address)) is None) is allowed


def test_link_local_addresses_are_never_called_however_they_are_spelled() -> None:
    allow = reach(private=True, hosts=("169.254.0.0/16", "metadata"))
    for address in ("169.254.169.254", "::ffff:169.254.169.254", "fe80::1%eth0"):
        assert "link-local" in str(refusal("metadata", address, allow))


def test_a_mapped_address_is_judged_as_the_one_it_means() -> None:
    assert refusal("bot", "::ffff:127.0.0.1", reach(private=False, hosts=())) is not None


@pytest.mark.parametrize("entry", ["10.0.0.0/99", "1.2.3.4.5", "::g"])
def test_an_entry_that_is_none_of_these_is_refused(entry: str) -> None:
    with pytest.raises(Malformed, match="VIVA_ALLOW_HOSTS"):
        reach(private=False, hosts=(entry,))
