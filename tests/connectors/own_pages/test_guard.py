"""The guard, case by case: what may be visited, and which machines may be reached for it."""

import pytest

from drumbeat.connectors.own_pages.guard import Guard, NotVisited, is_public

GUARD = Guard(("shop.example", "xn--kse-qla.example"))


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("93.184.216.34", id="a machine"),
        pytest.param("2606:2800:220:1::1", id="a machine by IPv6"),
        pytest.param("::ffff:93.184.216.34", id="wrapped"),
        pytest.param("64:ff9b::5db8:d822", id="translated"),
    ],
)
def test_machines_of_the_open_internet_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.9.1",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "ff0e::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:5db8:d822::1",
        "2001:0:5db8:d822::1",
        "localhost",
        "",
        "127.1",
        "0x7f000001",
    ],
)
def test_no_machine_of_a_house_may_be_reached(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://shop.example",
        "https://shop.example/a/b",
        "https://shop.example:443/",
        "https://www.shop.example/",
        "https://SHOP.example/",
        "https://käse.example/",
    ],
)
def test_our_pages_may_be_visited(address: str) -> None:
    assert GUARD.readable(address).scheme == "https"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://shop.example/", "not https"),
        ("ftp://shop.example/", "not https"),
        ("file:///etc/passwd", "not https"),
        ("javascript:alert(1)", "not https"),
        ("/kettle", "not https"),
        ("", "not https"),
        ("https://", "none of the brand's domains"),
        ("https://evil.example/", "evil.example is none"),
        ("https://shop.example.evil.example/", "none of the brand's domains"),
        ("https://notshop.example/", "none of the brand's domains"),
        ("https://shop.example@evil.example/", "user name"),
        ("https://ida:pw@shop.example/", "user name"),
        ("https://127.0.0.1/", "none of the brand's domains"),
        ("https://[::1]/", "none of the brand's domains"),
        ("https://2130706433/", "none of the brand's domains"),
        (r"https://evil.example\@shop.example/", "user name|none of|cannot be read"),
        ("https://shop.example:22/", "port 22"),
        ("https://shop.example:8443/", "port 8443"),
        ("https://shop.example:99999/", "port 99999|cannot be read"),
        ("https://[shop/", "cannot be read|none of"),
        ("https://shop.example/\n", "cannot be read"),
        ("https://shop.example/\x00", "cannot be read"),
    ],
)
def test_nothing_else_may_be_visited(address: str, why: str) -> None:
    with pytest.raises(NotVisited, match=why):
        GUARD.readable(address)


def test_one_machine_of_the_house_among_many_is_enough_to_refuse() -> None:
    public, house = "93.184.216.34", "10.0.0.1"
    assert GUARD.reachable("shop.example", (public,)) == (public,)
    for found in ((), (house,), (public, house), (house, public)):
        with pytest.raises(NotVisited):
            GUARD.reachable("shop.example", found)
