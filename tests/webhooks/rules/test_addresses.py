import pytest

from webhooks.rules.addresses import is_public

PRIVATE = """
0.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.2.1 192.168.1.1 198.18.0.1 224.0.0.1 240.0.0.1 255.255.255.255 :: ::1
::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::1 2001:0:7f00:1::1 2001:db8::1 2002:7f00:1::1 fc00::1 fd00::1 fd12:3456::1 fe80::1
fec0::1 ff02::1
"""
PUBLIC = """
1.1.1.1 9.255.255.255 11.0.0.0 126.255.255.255 128.0.0.1 169.253.255.255 169.255.0.0
172.15.255.255 172.32.0.0 192.167.255.255 192.169.0.0 ::ffff:8.8.8.8 64:ff9b::808:808
2001:4860:4860::8888 2606:4700:4700::1111
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_what_is_not_the_public_internet_is_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_accepted(address):
    assert is_public(address)
