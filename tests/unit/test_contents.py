"""What must not reach the public is found in the HTML of a page, however it is written there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.pages.contents import problems
from nianbao.pages.session import Session

if TYPE_CHECKING:
    from nianbao.model.dataset import Dataset

TWICE = ("标题的地址 a 用了两次；请改成不同的",)
BRACES = "会照样公布；宏写作 {{ 名称() }}，用半角符号，两个大括号之间不留空格"
HERE = ("页面里有本机的文件路径；请删去",)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ()),
        ('<p id="a">甲</p><p id="b">乙</p>', ()),
        ('<p id="a">甲</p><p class="b"\nid="a">乙</p>', TWICE),
        ('<p id="b">甲</p><p id="b">乙</p><p id="a">甲</p><p id="a">乙</p>', (*TWICE, TWICE[0].replace("a", "b"))),
        ('<p title="甲 id=" id="a">甲</p><p id="a">乙</p>', TWICE),
        ('<p data-id="a">甲</p><p id="a">乙</p>', ()),
        ('<p id="a">甲</p> id="a"', ()),
        ('<p title="乙" id="a">甲</p>id="', ()),
        ("{ 甲 } ｛乙｝ {a} {f(甲} {b c()}", ()),
        ("甲{ year() }年", (f"“{{ year() }}”{BRACES}",)),
        ('{figure("items")}条', ('“{figure("items")}”' + BRACES,)),
        ("<code>{{</code><pre class='a'>\n{% 甲 %}</pre>", ()),
        ("<b>{{</b>", (f"“{{{{”{BRACES}",)),
        ("甲 %}", (f"“%}}”{BRACES}",)),
        ("｛｛ 甲 ｝｝", (f"“｛｛”{BRACES}",)),
        ("甲 ｝｝", (f"“｝｝”{BRACES}",)),
        ("} } 甲", (f"“}} }}”{BRACES}",)),
        ("{# 甲 #}", ("“{# 甲 #}”会照样公布；只给编辑看的说明写作 {## 说明 ##}",)),
        ('<div class="finding-card">{{ 甲</div>', ()),
        (f"<p>{ROOT.resolve()}/docs</p>", HERE),
    ],
)
def test_what_is_found(content: str, expected: tuple[str, ...], examples: Dataset) -> None:
    """Each problem is told, and what only looks like one is not."""
    folder = ROOT / "examples"
    session = Session(
        dataset=examples, root=ROOT, data=folder / "data", docs=folder / "docs", drafts=False, page=lambda: "index.md"
    )
    found = tuple(finding.message for finding in problems(content, "index.md", session))
    assert found == expected
