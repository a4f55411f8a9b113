"""The Markdown of messages: what it makes, and all that it must not let through."""

import time

import pytest
from bs4 import BeautifulSoup

from dashboard.lib.markdown import LONGEST
from dashboard.lib.markdown import MOST_ADDRESSES
from dashboard.lib.markdown import MOST_MARKS
from dashboard.lib.markdown import html_of
from dashboard.lib.markdown import plain_of

TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "s", "strong", "ul"}
SCHEMES = ("http://", "https://", "mailto:", "tel:")


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *it*", "<p><strong>bold</strong> and <em>it</em></p>"),
        ("~~gone~~ `a < b`", "<p><s>gone</s> <code>a &lt; b</code></p>"),
        ("one *line*\nand another", "<p>one <em>line</em><br>\nand another</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("3. c\n4. d", '<ol start="3">\n<li>c</li>\n<li>d</li>\n</ol>'),
        ("> said", "<blockquote>\n<p>said</p>\n</blockquote>"),
        ("```\nx = *1*\n```", "<pre><code>x = *1*\n</code></pre>"),
        ("snake_case_name_ of it", "<p>snake_case_name_ of it</p>"),
        ("# no *heading*", "<p># no <em>heading</em></p>"),
    ],
)
def test_the_small_set(text: str, html: str) -> None:
    assert html_of(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Where is my order?",
        "a < b & c > d"[:9],
        "Tea\n\nand   cake",
        "*" * (LONGEST + 1),
        "[" * (MOST_MARKS + 1),
        "http://a " * (MOST_ADDRESSES + 1),
    ],
)
def test_a_text_without_marks_and_one_that_is_too_long_stay_as_they_are(text: str) -> None:
    assert html_of(text) is None
    assert plain_of(text) == text


@pytest.mark.parametrize(
    "text", ["[here](https://example.com/a?b=1)", "https://example.com/a?b=1", "<https://example.com/a?b=1>"]
)
def test_a_link_opens_elsewhere_and_tells_nobody_from_where(text: str) -> None:
    link = BeautifulSoup(html_of(text) or "", "html.parser").a

    assert link is not None
    assert link["href"] == "https://example.com/a?b=1"
    assert link["target"] == "_blank"
    assert link["rel"] == ["noopener", "noreferrer", "nofollow"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script> *x*",
        "<img src=x onerror=alert(1)> *x*",
        "**<svg/onload=alert(1)>**",
        "[a](javascript:alert(1))",
        "[a](JaVaScRiPt:alert(1))",
        "[a](java\nscript:alert(1))",
        "[a](&#106;avascript:alert(1))",
        "[a](&Tab;javascript:alert(1))",
        "[a](\\javascript:alert(1))",
        "[a](vbscript:x) [b](data:text/html;base64,PHNjcmlwdD4=) [c](file:///etc/passwd)",
        "<javascript:alert(1)> <data:text/html,x>",
        '[a](https://e.example/"onmouseover=alert(1)) [b](https://e.example "x\\" onclick=alert(1)")',
        "[a](https://e.example/'><script>alert(1)</script>)",
        "![a](https://e.example/x.png) ![b](javascript:alert(1))",
        "[a](/accounts/1/settings) [b](//e.example) [c](#x) [d](?x)",
        "[a]: javascript:alert(1)\n\n[a]",
        "`<script>` ```\n<script>alert(1)</script>\n```",
        "> <iframe src=//e.example>\n\n- <form action=//e.example><input>",
        "*<style>body{display:none}</style>* <!-- x --> <![CDATA[x]]>",
        'https://e.example/<script>alert(1)</script> a@b.example"onclick=alert(1)',
        "\u202e*x* [a](\u0001javascript:alert(1)) [b](https://e.example\u0000)",
        "*a* <math><mtext></p><style><a title='</style><img src onerror=alert(1)>'>",
    ],
)
def test_nothing_passes_that_could_run_or_mislead(text: str) -> None:
    html = BeautifulSoup(html_of(text) or "", "html.parser")

    for tag in html.find_all(True):
        assert tag.name in TAGS
        assert set(tag.attrs) <= {"href", "target", "rel", "start"}
        if "href" in tag.attrs:
            assert str(tag["href"]).startswith(SCHEMES), tag


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Hi** *there*, see [the page](https://example.com)", "Hi there, see the page"),
        ("> quoted\n\n- one\n- two\n\n`code`", "quoted one two code"),
        ("```\nx = 1\n```", "x = 1\n"),
        ("<b>*bold*</b> & co", "<b>bold</b> & co"),
    ],
)
def test_a_preview_has_the_words_without_the_marks(text: str, plain: str) -> None:
    assert plain_of(text) == plain


@pytest.mark.parametrize(
    "piece", ["*a ", "[a](", "`a``", ">", "- ", "a.b", "_a", "~~a", "http://", "**a *b "]
)
def test_no_text_takes_long_to_read(piece: str) -> None:
    started = time.process_time()

    html_of((piece * LONGEST)[:LONGEST])

    assert time.process_time() - started < 2
