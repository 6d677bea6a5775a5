"""Which addresses of the Internet a webhook may be sent to."""

from __future__ import annotations

import ipaddress

UNICAST = ipaddress.ip_network("2000::/3")
"""All that is assigned as global unicast in IPv6 (RFC 4291): what is outside is refused."""
TUNNELS = (ipaddress.ip_network("2001::/32"), ipaddress.ip_network("2002::/16"))
"""Teredo and 6to4 carry an IPv4 address of somebody's choice."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Carries an IPv4 address (RFC 6052), which is the one that counts."""
LAST_32_BITS = 0xFFFFFFFF


def is_public(text: str) -> bool:
    """Whether this resolved address is one of the public Internet. An IPv4 address that is written
    as IPv6 is judged as the IPv4 address that it is. Raises ValueError for what is no address.
    """
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return _is_global(address.ipv4_mapped)
        if address in NAT64:
            return _is_global(ipaddress.IPv4Address(int(address) & LAST_32_BITS))
        if address not in UNICAST or any(address in tunnel for tunnel in TUNNELS):
            return False
    return _is_global(address)


def _is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast


def is_loopback(text: str) -> bool:
    return ipaddress.ip_address(text).is_loopback
