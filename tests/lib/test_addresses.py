"""The strict grammar of an app's address, and that what it accepts has the browser's origin."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.lib.addresses import HouseRules
from dashboard.lib.addresses import check_app_url
from dashboard.lib.addresses import is_local
from dashboard.lib.addresses import origin_of
from dashboard.lib.errors import Invalid

CASES = json.loads((Path(__file__).parent.parent / "fixtures" / "url-cases.json").read_text())["cases"]

ACCEPTED = {
    "https://app.example": "https://app.example",
    "https://app.example/": "https://app.example",
    "https://APP.Example:443/Path": "https://app.example",
    "http://app.example:80": "http://app.example",
    "http://app.example:443": "http://app.example:443",
    "https://app.example:65535?q": "https://app.example:65535",
    "http://localhost:8000/x": "http://localhost:8000",
    "https://orders": "https://orders",
    "https://192.0.2.1/": "https://192.0.2.1",
    "https://[2001:db8::1]:8443/": "https://[2001:db8::1]:8443",
    "https://[2001:DB8::1]/": "https://[2001:db8::1]",
    "https://[::1]/": "https://[::1]",
    "https://xn--fa-hia.de/": "https://xn--fa-hia.de",
    "https://ab--cd.example/": "https://ab--cd.example",
    "https://1a.example/": "https://1a.example",
    "https://app.example/a/../b?x=%41&y=[1]#!/home?x#y": "https://app.example",
    "https://app.example/?account={{account_id}}&user={{user_id}}": "https://app.example",
    "https://app.example/c/{{contact.id|required}}#{{conversation.id}}": "https://app.example",
    "https://app.example#@good.example": "https://app.example",
    "https://" + "a" * 63 + ".example/": "https://" + "a" * 63 + ".example",
}

REFUSED = {
    "": "Type the address",
    "ftp://app.example/": "must start with",
    "HTTPS://app.example/": "must start with",
    "app.example": "must start with",
    "//app.example/x": "must start with",
    " https://app.example/": "must start with",
    "\thttps://app.example/": "must start with",
    "java\tscript:alert(1)": "must start with",
    "javascript:alert(1)//https://": "must start with",
    "data:text/html,hello": "must start with",
    "about:srcdoc": "must start with",
    "file:///etc/passwd": "must start with",
    "blob:https://app.example/1": "must start with",
    "https:app.example": "must start with",
    "https://": "no host",
    "https:///app.example": "no host",
    "https://:8080/": "no host",
    "https://user@app.example/": "user name",
    "https://app.example\\@evil.example/": "backslash",
    "https://evil.example\\.good.example/": "backslash",
    "https://app.example/a\\b": "backslash",
    "https://app.example/a b": "spaces",
    "https://app.example/a\nb": "spaces",
    "https://app.example/\x7f": "spaces",
    "https://app.example/a'b": "%27",
    'https://app.example/"': "%22",
    "https://app.example/<script>": "%3C",
    "https://app.example/a|b": "%7C",
    "https://app.example/a^b": "%5E",
    "https://app.example/`": "%60",
    "https://app.example/%zz": "percent sign",
    "https://app.example/%4": "percent sign",
    "https://app.example/%{{contact.id}}1": "percent sign",
    "https://app.example/ü": "percent-encoded",
    "https://app.example/\u202e": "percent-encoded",
    "https://app.example/\ud800": "percent-encoded",
    "https://app.example/{contact.id}": "Braces",
    "https://app.example/{{ {{x}} }}": "Braces",
    "https://app.example/{{{x}}}": "Braces",
    "https://app.example/{{x": "Braces",
    "https://app.example/{{}}": "Braces",
    "https://app.example/{{x|optional}}": "Braces",
    "https://{{host}}/": "not in the host",
    "https://app.example:{{port}}/": "not in the host",
    "https://{{user}}@app.example/": "not in the host",
    "{{scheme}}://app.example/": "must start with",
    "https://app.example./": "dot",
    "https://.app.example/": "dot",
    "https://app..example/": "dot",
    "https://a;sandbox/": "only letters",
    "https://a,b.example/": "only letters",
    "https://a'b.example/": "only letters",
    "https://*.example/": "only letters",
    "https://my_app.example/": "only letters",
    "https://a-.example/": "only letters",
    "https://app%2eexample/": "only letters",
    "https://app.example\r\nX-Injected: 1/": "only letters",
    "https://" + "a" * 64 + ".example/": "63 characters",
    "https://" + "a.b." * 70 + "example/": "253 characters",
    "https://xn--/": "only letters",
    "https://xn--a/": "not the encoded form",
    "https://xn--zzzzzzzzz99999.example/": "not the encoded form",
    "https://faß.de/": "xn--fa-hia.de",
    "https://аpple.example/": "xn--pple-43d.example",
    "https://example。com/": "example.com",
    "https://exa\u00admple.com/": "example.com",
    "https://\u202e.example/": "no domain name",
    "https://app.example:/": "1 to 65535",
    "https://app.example:0/": "1 to 65535",
    "https://app.example:080/": "1 to 65535",
    "https://app.example:65536/": "1 to 65535",
    "https://app.example:99999999999999999999/": "1 to 65535",
    "https://app.example:80:443/": "1 to 65535",
    "https://app.example:٣/": "1 to 65535",
    "https://127.1/": "four numbers",
    "https://2130706433/": "four numbers",
    "https://017700000001/": "four numbers",
    "https://0x7f.1/": "four numbers",
    "https://0x7f000001/": "four numbers",
    "https://a.0x/": "four numbers",
    "https://127.0.0.01/": "four numbers",
    "https://127.0.0.256/": "four numbers",
    "https://1.2.3.4.5/": "four numbers",
    "https://app.example.1/": "four numbers",
    "https://[::ffff:127.0.0.1]/": "IPv4 address itself",
    "https://[::ffff:7f00:1]/": "IPv4 address itself",
    "https://[fe80::1%25eth0]/": "IPv6",
    "https://[fe80::1%eth0]/": "zone",
    "https://[2001:db8:0:0:0:0:0:1]/": "[2001:db8::1]",
    "https://[2001:0db8::1]/": "[2001:db8::1]",
    "https://[::g]/": "is not one",
    "https://[::1/": "is not one",
    "https://[::1]evil.example/": "only a port",
    "https://[::1]:0/": "1 to 65535",
    "https://app.example/" + "a" * 2048: "2048",
}


@pytest.mark.attack(26, 30)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["input"])
def test_the_grammar_takes_exactly_the_listed_addresses(case: dict[str, Any]) -> None:
    if case["strict_accepts"]:
        assert check_app_url(case["input"]) == case["input"]
        assert origin_of(case["input"]) == case["strict_origin"] == case["whatwg_origin"]
    else:
        with pytest.raises(Invalid):
            check_app_url(case["input"])
        with pytest.raises(Invalid):
            origin_of(case["input"])


@pytest.mark.parametrize(("url", "origin"), ACCEPTED.items())
def test_an_accepted_address_is_kept_as_it_is(url: str, origin: str) -> None:
    assert check_app_url(url) == url
    assert origin_of(url) == origin


@pytest.mark.parametrize(("url", "words"), REFUSED.items(), ids=lambda text: ascii(text)[:60])
def test_a_refusal_says_why(url: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_app_url(url)

    assert [problem.field for problem in refusal.value.problems] == ["url"]
    assert words in str(refusal.value)


@pytest.mark.parametrize("thing", [None, 7, True, ["https://app.example"], {"url": "https://app.example"}])
def test_only_text_is_an_address(thing: object) -> None:
    with pytest.raises(Invalid, match="must be a text"):
        check_app_url(thing)


def test_http_is_refused_where_the_desk_asks_for_https() -> None:
    assert check_app_url("http://app.example/") == "http://app.example/"
    assert check_app_url("https://app.example/", HouseRules(https_only=True)) == "https://app.example/"
    with pytest.raises(Invalid, match="only https"):
        check_app_url("http://app.example/", HouseRules(https_only=True))


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:3000/",
        "http://LOCALHOST",
        "http://orders.localhost/",
        "http://127.0.0.1:8000",
        "http://127.9.9.9/",
        "http://[::1]:8000/",
    ],
)
def test_local_addresses_are_known(url: str) -> None:
    assert is_local(url)


@pytest.mark.parametrize("url", ["http://notlocalhost/", "http://localhost.example/", "http://192.0.2.1/"])
def test_other_addresses_are_not_local(url: str) -> None:
    assert not is_local(url)
