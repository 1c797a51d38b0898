"""What the HTML of a page may hold: elements, attributes, schemes. Everything else is refused.

A list of what is allowed, since nobody knows all that browsers carry out. Pages are judged by it before they are
built (`nianbao.prose.markup`), and what was built is judged again (`nianbao.html.structure`).
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from nianbao.reading.addresses import is_of_a_network
from nianbao.reading.findings import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The elements of pages, each with the attributes that it may have beside `_EVERYWHERE`.
_ELEMENTS: Mapping[str, frozenset[str]] = {
    # What Markdown makes, and what it has no sign for but printed reports have: notes below figures, lists of terms.
    **dict.fromkeys(_names("h1 h2 h3 h4 h5 h6 p br hr ul blockquote pre code em strong"), frozenset()),
    **dict.fromkeys(
        _names("b i u sub sup small span div section figure figcaption dl dt dd abbr kbd samp"), frozenset()
    ),
    "ol": _names("start"),
    # Word and PDF show no numbers but those in order, so that `value` and `reversed` of items stay out.
    "li": frozenset(),
    # To open another window harms nobody; browsers no longer give it the page that it was opened from.
    "a": _names("href target rel"),
    "img": _names("src alt width height"),
    # Tables as wide as the printed ones. Markdown aligns columns by `style`, whose values are listed below.
    **dict.fromkeys(_names("table thead tbody tfoot tr caption"), frozenset()),
    **dict.fromkeys(_names("colgroup col"), _names("span")),
    **dict.fromkeys(_names("td th"), _names("colspan rowspan scope headers style")),
}
# Addresses of headings, and the language of a word. `title` is not among them: who points at a word would read what no
# rule has read, and who prints the page or uses the keyboard would not read it at all.
_EVERYWHERE = _names("id lang class")

# Classes of the theme hide and move text. The one that a page may have is for notes of those who typed a report in,
# the other Markdown gives to code.
CLASSES = re.compile("(?:transcription|language-[A-Za-z0-9+-]+)?")

# Values of attributes that would else reach further than their element.
_VALUES = {
    "style": re.compile("text-align: (?:left|right|center);"),
    "target": re.compile("_blank"),
    "rel": re.compile("(?:(?:noopener|noreferrer|nofollow|external) ?)+"),
    "class": CLASSES,
    # Two underlines begin the switches of the theme.
    "id": re.compile(r"(?!__)[^\s\"'<>&]+"),
    "lang": re.compile("[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    **dict.fromkeys(_names("start span colspan rowspan width height"), re.compile("[0-9]{1,4}")),
}

# What macros and the theme draw beside that: menus, notes that open, drawings, marks for read-back and search.
_DRAWN: Mapping[str, frozenset[str]] = {
    "article": frozenset(),
    "nav": frozenset(),
    "details": frozenset(),
    "summary": frozenset(),
    "a": _names("download"),
    "svg": _names("xmlns width height viewbox"),
    **dict.fromkeys(_names("g title desc"), frozenset()),
    **dict.fromkeys(_names("del ins"), frozenset()),  # What a correction took away and added.
    "circle": _names("cx cy r"),
    "line": _names("x1 x2 y1 y2"),
    "rect": _names("x y width height rx"),
    "path": _names("d"),
    "text": _names("x y text-anchor"),
}
_DRAWN_EVERYWHERE = _names("role tabindex title")
_DRAWN_PREFIXES = ("data-", "aria-")

# Words for what is refused, by what people call it; the rest is told by its name.
_KINDS = {
    **dict.fromkeys(_names("script noscript template slot"), "程序"),
    **dict.fromkeys(_names("style link"), "样式"),
    **dict.fromkeys(_names("form input button select textarea option label fieldset datalist output"), "表单"),
    **dict.fromkeys(_names("iframe frame frameset object embed applet portal fencedframe"), "嵌入的内容"),
    **dict.fromkeys(_names("svg math canvas"), "图形"),
    **dict.fromkeys(_names("video audio source track marquee blink"), "音像"),
    **dict.fromkeys(_names("meta base head html body title"), "对整个网页的设置"),
    **dict.fromkeys(_names("s del strike"), "划掉的文字"),
}
_INSTEAD = "请删去，改用文字、列表、表格、链接或图片"

# Where links may lead: pages, mail and telephones. `data:` and `javascript:` bring programs with them,
# `ms-word:` and its like start programs of the reader's machine.
_SCHEMES = _names("http https mailto tel")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_OF_A_MACHINE = re.compile(r"file:|[a-z]:(?:[\\/]|%5c)", re.IGNORECASE)
# What browsers drop from addresses or read as a slash, so that they lead elsewhere than they say.
_ODD = re.compile(r"[\x00-\x1f\x7f\\]")
_HOST = re.compile(r"(?:https?:)?//([^/?#]*)", re.IGNORECASE)
_PORT = re.compile(r":[0-9]{1,5}\Z")
# A host is Latin or Chinese; letters of other scripts that look Latin make another host of it.
_PLAIN_LABEL = re.compile("[A-Za-z0-9-]+|[\u3400-\u9fff0-9-]+")
_LAST_PORT = 65_535
_EMPTY = re.compile(r"\??|mailto:[^@]*|tel:[^0-9]*", re.IGNORECASE)
_PICTURE = re.compile(r"[^?#]+\.(?:png|jpe?g|gif|webp|svg)(?:[?#].*)?", re.IGNORECASE)
# A host in a text: behind a scheme or www., or ending as hosts do and names of files do not.
_LETTERS = r"A-Za-z0-9\u00c0-\u024f\u0370-\u04ff\u1e00-\u1eff-"
_SHOWN_HOST = re.compile(
    r"(?:https?://|(?<![A-Za-z0-9.-])(?=www\.))(?P<sure>[^\s/?#，。；、）（()<>《》“”：:]+)"
    rf"|(?<![{_LETTERS}@.])(?P<likely>(?:[{_LETTERS}]+\.)+"
    r"(?:cn|com|net|org|gov|edu|info|top|xyz|vip|cc))(?![A-Za-z0-9.-])"
    r"|(?<![\w.-])(?P<chinese>(?:[\w-]+\.)+(?:中国|政务|公益|公司|网络|网址))(?![\w.-])",
    re.IGNORECASE,
)
_MAILBOX = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]*+@[A-Za-z0-9.-]*[A-Za-z0-9]", re.ASCII)
_TELEPHONE = 7  # digits of a number without its area
# A blank before the dot of a host, by which it would not be seen as one.
_PARTED = re.compile(r"(?<=[A-Za-z0-9])\s+(?=\.[A-Za-z])")
# A Chinese full stop within a host, which input methods and browsers read as a dot.
_FULL_STOP = re.compile("(?<=[A-Za-z0-9])。(?=[A-Za-z0-9])")


class Problem(NamedTuple):
    """What is refused of a tag: texts of which one finds it in the source, the likeliest first; a Chinese sentence."""

    about: tuple[str, ...]
    message: str


def problems(name: str, attributes: Mapping[str, str], *, drawn: bool = False) -> Iterator[Problem]:
    """Yield what must not stand in the start tag of the element *name*; both are in lower case.

    With *drawn*, what macros and the theme draw is allowed as well, and addresses are not asked about.
    """
    own = _ELEMENTS.get(name)
    added = _DRAWN.get(name) if drawn else None
    if own is None and added is None:
        kind = _KINDS.get(name)
        yield Problem((f"<{name}",), f"网页里不能用 <{name}>{f'（{kind}）' if kind else ''}；{_INSTEAD}")
        return
    known = (own or frozenset()) | (added or frozenset()) | _EVERYWHERE | (_DRAWN_EVERYWHERE if drawn else frozenset())
    for attribute, value in attributes.items():
        if attribute not in known and not (drawn and attribute.startswith(_DRAWN_PREFIXES)):
            kind = "（程序）" if attribute.startswith("on") else ""
            yield Problem((attribute, value), f"<{name}> 不能有 {attribute}{kind}；请删去，样式和行为由网站统一规定")
        elif (not drawn or attribute == "style") and attribute in _VALUES and not _VALUES[attribute].fullmatch(value):
            yield Problem(
                (attribute, value), f"<{name}> 的 {attribute} 不能是{shown(value)}；请删去，样式和行为由网站统一规定"
            )
    if not drawn:  # What links of a built page lead to is judged where they are followed.
        yield from _picture_and_addresses(name, attributes)


def _picture_and_addresses(name: str, attributes: Mapping[str, str]) -> Iterator[Problem]:
    if name == "img" and "alt" not in attributes:
        yield Problem(("<img",), "图片没有说明；请写 alt，如 ![说明](图片.png)")
    for attribute in ("href", "src"):
        if attribute in attributes:
            message = address_problem(attributes[attribute], loaded=attribute == "src")
            if message is not None:
                yield Problem((attributes[attribute], f"<{name}"), message)


def address_problem(address: str, *, loaded: bool = False) -> str | None:
    """Return what is wrong with the *address* of a link, or of a picture that is *loaded*, or None."""
    what = f"{'图片地址' if loaded else '链接'}{shown(address)}"
    plain = address.strip(" ")
    scheme, host = _SCHEME.match(plain), _HOST.match(plain)
    message = None
    if _OF_A_MACHINE.match(plain):
        message = f"{what}指向编写人电脑里的文件，读者打不开；请把文件放进 docs，再用相对地址链接"
    elif _ODD.search(plain):
        message = f"{what}里有反斜杠或控制符，浏览器会读成别的地址；请改正"
    elif loaded and (scheme or host):
        message = f"不能从其他网站载入“{address}”；请把文件放进 docs，或改成链接"
    elif loaded and not _PICTURE.fullmatch(plain):
        message = f"{what}不是图片文件；请写 docs 里图片的文件名，如 图片.png"
    elif _EMPTY.fullmatch(plain):
        message = f"{what}没有写地址，点开还是这一页；请写上地址，或去掉链接"
    elif scheme and scheme[1].lower() not in _SCHEMES:
        message = f"{what}不是网址，点开会运行程序或打不开；请改成 https:// 开头的网址或本站的相对地址"
    elif scheme and host is None and scheme[1].lower().startswith("http"):
        message = f"{what}缺少 //；请写完整的网址"
    elif host and "@" in host[1]:
        message = f"{what}在 @ 前面写了别的内容，看上去是一个网站，打开的是另一个；请改正"
    elif host:
        message = _host_problem(what, host[1])
    return message


def _host_problem(what: str, written: str) -> str | None:
    """Return what is wrong with the host and port *written* in the address that messages call *what*, or None."""
    host, port = _PORT.sub("", written), _PORT.search(written)
    if not all(map(_PLAIN_LABEL.fullmatch, host.split("."))):
        return f"{what}的网站名里有不寻常的字符；请照实际的网址改正"
    if port is not None and int(port[0][1:]) > _LAST_PORT:
        return f"{what}的端口号太大；请照实际的网址改正"
    if is_of_a_network(host):
        return f"{what}指向本机或内网，读者打不开；请改成公开的网址，或去掉链接"
    return None


def shown_otherwise(text: str, address: str) -> str | None:
    """Return what is wrong with a link whose *text* names other than its *address*, or has no word, or None."""
    shown_text = _PARTED.sub("", _FULL_STOP.sub(".", unicodedata.normalize("NFKC", html.unescape(text))))
    leads, named = address.strip(), None
    if not shown_text.strip():
        return "链接没有文字，读者看不到；请在方括号里写上文字，或删去链接" if leads else None
    if leads.lower().startswith("tel:"):
        digits, called = re.sub("[^0-9]", "", shown_text), re.sub("[^0-9]", "", leads)
        named = digits if len(digits) >= _TELEPHONE and called[-_TELEPHONE:] not in digits else None
    elif (mailbox := _MAILBOX.search(shown_text)) is not None:
        named = mailbox[0] if mailbox[0].lower() not in unquote(leads).lower() else None
    if named is not None:
        return f"链接上写着 {named}，打开的是 {leads}；请让两者一致"
    return _host_shown_otherwise(shown_text, leads)


def _host_shown_otherwise(text: str, address: str) -> str | None:
    host = _HOST.match(address)
    for found in _SHOWN_HOST.finditer(text):
        named = _plain(found["sure"] or found["likely"] or found["chinese"])
        leads = _plain(host[1]) if host else ""
        # Where a Chinese host begins, the text does not say.
        if named != leads and not (found["chinese"] and leads and named.endswith(leads)):
            where = f"打开的是 {leads}" if leads else "打开的是本站的文件"
            return f"链接上写着 {named}，{where}；请让两者一致"
    return None


def _plain(host: str) -> str:
    """Return a *host* as it is compared: without port and ``www.``, in lower case."""
    return _PORT.sub("", host.strip().rstrip(".").lower()).removeprefix("www.")


_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


def attributes_of(written: str) -> dict[str, str]:
    """Return the attributes that are *written* in a start tag by their names in lower case, references read.

    Where one is written twice the first counts, as in browsers.
    """
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), html.unescape("".join(values)))
    return found
