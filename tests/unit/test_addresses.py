"""Addresses of sites as machines write them."""

from __future__ import annotations

import pytest
from nianbao.reading.addresses import site_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://www.example.gov.cn/nianbao", "https://www.example.gov.cn/nianbao/"),
        ("https://www.example.gov.cn", "https://www.example.gov.cn/"),
        ("HTTPS://E.EXAMPLE/X/", "https://e.example/X/"),
        ("http://a.example:8080/b//", "http://a.example:8080/b/"),
        ("https://www.example.gov.cn/a&b/", "https://www.example.gov.cn/a%26b/"),
        ("https://www.example.gov.cn/a%26b/", "https://www.example.gov.cn/a%26b/"),
        ("https://政务.中国/年报/", "https://xn--zfr164b.xn--fiqs8s/%E5%B9%B4%E6%8A%A5/"),
        ("https://[::1]:8000/a/", "https://[::1]:8000/a/"),
    ],
)
def test_one_way_to_write_it(written: str, address: str) -> None:
    """Letters, codes and the slash at the end are the same wherever the address is used."""
    assert site_address(written) == address
    assert site_address(address) == address


@pytest.mark.parametrize(
    "written",
    [
        *(
            "",
            "www.example.gov.cn",
            "ftp://a.example/",
            "https://",
            "https:///a",
            "https://[a/",
            "https://a.example:x/",
        ),
        *("https://a.example/?a=1", "https://a.example/?", "https://a.example/#a", "https://a.example/#"),
        *("https://a@b.example/", "https://a.example/b c/", 'https://a.example/"', "https://a..example/"),
    ],
)
def test_what_is_no_address_of_a_site(written: str) -> None:
    """Nothing is guessed."""
    assert site_address(written) is None
