"""What a page may hold: whatever a browser would carry out, load or follow elsewhere is refused by check."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from nianbao.html.structure import Structure
from nianbao.pages.allowed import address_problem, shown_otherwise
from nianbao.prose.reading import PageReader
from payloads import REFUSED, SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.model.dataset import Dataset


@pytest.fixture
def judged(examples: Dataset, tmp_path: Path) -> Callable[[str], list[str]]:
    """Return a function that judges a page of no year and returns what was found, as lines of a terminal."""
    (tmp_path / "docs").mkdir()

    def judge(source: str) -> list[str]:
        (tmp_path / "docs/a.md").write_text(source, encoding="utf-8")
        reader = PageReader(examples, tmp_path, tmp_path / "data", tmp_path / "docs")
        reader.judge("a.md")
        return [str(finding) for finding in reader.findings]

    return judge


def test_payloads_are_refused(judged: Callable[[str], list[str]]) -> None:
    """Each is told at the line on which it stands; what is shown as it was typed is let be."""
    assert len(REFUSED) + len(SHOWN) > 150  # none was lost
    silent = []
    for payload in REFUSED:
        found = judged(f"# 甲\n\n第一句。\n\n{payload}\n")
        lines = {int(line.split(":")[1]) for line in found}
        last = 5 + payload.count("\n")
        if not found or not lines <= set(range(5, last + 1)):
            silent.append((payload, found))
    assert silent == []
    assert [payload for payload in SHOWN if judged(f"# 甲\n\n{payload}\n")] == []


def test_places_and_words(judged: Callable[[str], list[str]]) -> None:
    """Each of many mistakes has its own line and column, and says what to do."""
    source = (
        '---\ntitle: 甲\n---\n\n# 甲\n\n<p onclick="a()">甲</p>\n\n<p>乙</p>\n\n<p onclick="b()">丙</p>\n\n'
        '前面<b style="color:red">丁</b>，见[站](javascript:go())。\n\n句子。\n{: onclick="c()" }\n\n<!-- 内部 -->\n'
    )
    style = "；请删去，样式和行为由网站统一规定"
    program = "链接“javascript:go()”不是网址，点开会运行程序或打不开；请改成 https:// 开头的网址或本站的相对地址"
    assert judged(source) == [
        f"docs/a.md:7:4: <p> 不能有 onclick（程序）{style}",
        f"docs/a.md:11:4: <p> 不能有 onclick（程序）{style}",
        f"docs/a.md:13:6: <b> 不能有 style{style}",
        f"docs/a.md:13:35: {program}",
        f"docs/a.md:16:4: <p> 不能有 onclick（程序）{style}",
        "docs/a.md:18:1: 注释会留在公开网页的源代码里，谁都看得到；请删去，只给编辑看的说明写作 {## 说明 ##}",
    ]


SOUND = """\
# 标题 {#report}

第一句，**重点**，*强调*，`代码`，H<sub>2</sub>O，10 m<sup>2</sup>，a < b，&lt;p&gt;。
见[附件](附件.pdf)、[政务网](https://www.example.gov.cn/a?b=1#c){target=_blank}、[www.example.gov.cn](https://www.example.gov.cn/)、
[https://example.gov.cn](https://www.example.gov.cn/a)、[政务.中国](https://政务.中国/)、[邮箱](mailto:a@example.gov.cn)、
[report.schema.json](downloads/report.schema.json)、<https://www.example.gov.cn:8080/>、<a@example.gov.cn>、[电话](tel:027-12345678)。

![说明](图.png)

| 名称 | 件数 |
| :-- | --: |
| 甲 | 1 |

<table>
<caption>表</caption>
<tr><th scope="col" colspan="2">甲</th></tr>
<tr><td rowspan='1'>乙</td><td>丙</td></tr>
</table>

编者注。
{ .transcription }

```sql
SELECT '<script>';
```

1. 甲
2. 乙

> 引文

{{ report_list() }}
"""


def test_sound_page_is_let_be(judged: Callable[[str], list[str]]) -> None:
    """What Markdown makes and what a report needs is not told."""
    assert judged(SOUND) == []


@pytest.mark.parametrize(
    ("text", "address", "named"),
    [
        ("附件.com.pdf", "附件.pdf", None),
        ("www.a.cn", "http://a.cn/b", None),
        ("见 A.CN。", "https://www.a.cn:443/", None),
        ("a.cn", "https://b.cn/", "a.cn"),
        ("http://a.example", "b.html", "a.example"),
        ("见a.cn、A.Cn", "https://a.cn/", None),
        ("邮箱 a@b.cn", "mailto:a@b.cn", None),
        ("A@B.CN", "mailto:a@b.cn?subject=甲", None),
        ("a@b.cn", "mailto:c@d.cn", "a@b.cn"),
        ("a@b.cn", "https://b.cn/", "a@b.cn"),
        ("电话：027-1234 5678转801", "tel:+86-27-12345678", None),
        ("热线", "tel:12345", None),
        ("027-12345678", "tel:4008123123", "02712345678"),
        ("wwẉ.gov.cn", "https://a.example/", "wwẉ.gov.cn"),
        ("www .gov.cn", "https://a.example/", "gov.cn"),
        ("北京.中国", "https://a.example/", "北京.中国"),
        ("网址是北京.中国", "https://北京.中国/", None),
        ("", "https://a.example/", "没有文字"),
        ("\u00a0", "https://a.example/", "没有文字"),
    ],
)
def test_what_texts_of_links_name(text: str, address: str, named: str | None) -> None:
    """A text that shows a host, a mailbox or a telephone leads there; names of files are none of them."""
    found = shown_otherwise(text, address)
    assert (found is None) if named is None else (found is not None and named in found)


# As long as a page may be; each took minutes where something was looked for from every beginning anew.
LONG = {
    "elements left open": "<script>" * 30_000,
    "comments left open": "<!--" * 60_000,
    "attributes without end": "<a " + "b " * 120_000,
    "quotes without end": "<a b='" * 40_000,
    "tags": '<p onclick="a">' * 15_000,
    "digits": "1" * 240_000 + "②",
    "signs": "②" * 80_000,
    "question marks": "?" * 240_000,
    "text of a link": f"[{'甲' * 79_000}](b.md)",
    "hosts of a text": f"[{'a.' * 119_000}](b.md)",
    "labels of a host": f"[甲](https://{'1.' * 1000}_/)",
    "addresses": "[甲](&#106;avascript:a)\n" * 8_000,
    "characters": "申\u200b请" * 30_000,
}


@pytest.mark.parametrize("name", LONG)
def test_long_pages_are_judged_in_time(judged: Callable[[str], list[str]], name: str) -> None:
    """No page takes longer than the layout of its Markdown, which has a bound of its own."""
    begun = time.process_time()
    judged(f"# 标题\n\n{LONG[name]}\n")
    assert time.process_time() - begun < 10


def test_name_before_the_host() -> None:
    """What stands before an @ is no host, and the message says what is wrong with it."""
    assert "在 @ 前面写了别的内容" in str(address_problem("https://www.gov.cn@a.example/"))
    assert "在 @ 前面写了别的内容" in str(address_problem("//www.gov.cn:80@a.example/"))


@pytest.mark.parametrize("address", ["a.html", "#b", "../a/b.html?c=d:e", "https://a.example", "MAILTO:a@b.cn"])
def test_sound_addresses(address: str) -> None:
    """Relative addresses and those of the web are let be."""
    assert address_problem(address) is None


def test_built_articles_are_asked_again() -> None:
    """What came into the article of a built page on another way is told with its place; outside it is the theme's."""
    page = (
        "<!doctype html>\n<html><head><title>a</title></head><body><form><input></form>\n"
        '<article><svg viewBox="0 0 1 1" role="img"><title>a</title></svg><p data-figure="a" tabindex="0">b</p>\n'
        "{}\n</article></body></html>"
    )
    assert Structure(page.format("")).faults == []
    for added, told in {
        '<p onclick="a()">b</p>': "<p> 不能有 onclick（程序）",
        '<p style="color:red">b</p>': "<p> 不能有 style",
        "<script>a()</script>": "网页里不能用 <script>（程序）",
        "<!-- a -->": "正文里有注释",
        "<!a>": "正文里有注释",
        '<iframe srcdoc="a"></iframe>': "网页里不能用 <iframe>",
    }.items():
        faults = Structure(page.format(added)).faults
        assert [fault.line for fault in faults] == [4], added
        assert faults[0].text.startswith(told), faults
