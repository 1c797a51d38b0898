"""A page as a template: its literal text and its calls of macros. Anything else is a mistake with its place."""

from __future__ import annotations

import difflib
import functools
import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from nianbao.prose.macros import MACROS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.prose.macros import Macro

# `{#id}` is Markdown's; what only editors are to see stands between these.
COMMENT_START, COMMENT_END = "{##", "##}"

# A page of a report has some dozens.
_MOST_CALLS = 2000

_SYNTAX = (
    (r"expected '\)'|expected token ',', got 'end of print", "圆括号没有配对；请检查 ( 和 )"),
    (r"unexpected '\}'|unexpected end of template|end of print statement", "大括号没有配对；请检查 {{ 和 }}"),
    (r"unexpected char", "有不能识别的符号；请检查引号和括号是否用了全角"),
    (r"unexpected ','|expected token", "括号、引号或逗号的位置不对"),
    (r"Missing end of comment tag", "注释没有结束；请补上 ##}"),
)
_ONLY_MACROS = '页面里只能写宏，如 {{ figure("requests.received") }}'


class Text(NamedTuple):
    """Literal *text* that was typed from the offset *start* on."""

    text: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of the macro *name* that was typed from *start* up to *end*, marks included."""

    name: str
    args: tuple[object, ...]
    keywords: Mapping[str, object]
    start: int
    end: int

    @property
    def argument(self) -> object:
        """The first argument, or None where there is none."""
        return next(iter(self._values), None)

    @property
    def words(self) -> str:
        """The name and the arguments that are text, parted by blanks."""
        return " ".join([self.name, *(value for value in self._values if isinstance(value, str))])

    @property
    def _values(self) -> tuple[object, ...]:
        return (*self.args, *self.keywords.values())


class Mistake(NamedTuple):
    """What is wrong at the offset *at* of a page, in Chinese."""

    at: int
    message: str


_Found = TypeVar("_Found", Call, Mistake, Call | Mistake)


@dataclass(frozen=True, slots=True)
class Template:
    """The *parts* of a page in order, without comments, and its *mistakes*."""

    parts: tuple[Text | Call, ...]
    mistakes: tuple[Mistake, ...] = ()


def sandbox() -> jinja2.Environment:
    """Return an environment for pages, without anything that a page could reach."""
    environment = ImmutableSandboxedEnvironment(
        comment_start_string=COMMENT_START, comment_end_string=COMMENT_END, undefined=jinja2.StrictUndefined
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.tests.clear()
    return environment


_reading = functools.cache(sandbox)


def literal(source: str, start: int) -> Template:
    """Return the page *source*, which begins at *start* of its file, as text without macros."""
    return Template((Text(source, start),))


def parse(source: str, start: int) -> Template:
    """Return the parts of the page *source*, which begins at the offset *start* of its file."""
    parts: list[Text | Call] = []
    mistakes: list[Mistake] = []
    try:
        for kind, at, end in _pieces(source):
            if kind == "text":
                parts.append(Text(source[at:end], start + at))
                continue
            if kind == "block":
                found: Call | Mistake = Mistake(at, "页面里不能用 {% %}；请直接写文字，或改用宏")
            else:
                found = _moved(_call(source[at:end]), at)
            if isinstance(found, Mistake):
                mistakes.append(found)
            else:
                parts.append(found)
    except jinja2.TemplateSyntaxError as error:
        mistakes.append(Mistake(_line_start(source, error.lineno), f"页面中的模板写法有误：{_explain(error)}"))
    if len(parts) > 2 * _MOST_CALLS:
        mistakes = [Mistake(0, f"页面中的 {{{{ }}}} 多于 {_MOST_CALLS} 处；请减少")]
    else:
        mistakes += _crowded(source, parts)
    moved = tuple(_moved(part, start) if isinstance(part, Call) else part for part in parts)
    return Template(moved, tuple(Mistake(start + mistake.at, mistake.message) for mistake in mistakes))


def _moved(found: _Found, by: int) -> _Found:
    """Return *found* so many characters further on."""
    if isinstance(found, Mistake):
        return found._replace(at=found.at + by)
    return replace(found, start=found.start + by, end=found.end + by)


def _pieces(source: str) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of each text, expression and block of *source*; comments are left out.

    Raises TemplateSyntaxError where a mark has no end.
    """
    position = 0
    opened = 0
    for _, kind, value in _reading().lex(source):
        at = source.find(value, position)
        at = at if at >= 0 else position  # Blanks beside a mark with a dash are dropped.
        end = at + len(value)
        if kind == "data":
            yield "text", at, end
        elif kind in {"variable_begin", "block_begin", "raw_begin"}:
            opened = at
        elif kind == "variable_end":
            yield "call", opened, end
        elif kind in {"block_end", "raw_end"}:
            yield "block", opened, end
        position = end


@functools.lru_cache(maxsize=1000)  # Pages say the same again and again.
def _call(written: str) -> Call | Mistake:
    """Return the call that is *written* with its marks, or what stands there instead."""
    try:
        output = _reading().parse(written).body
    except (jinja2.TemplateSyntaxError, RecursionError, ValueError) as error:
        return Mistake(0, f"页面中的模板写法有误：{_explain(error)}")
    node = output[0].nodes[0] if len(output) == 1 and isinstance(output[0], nodes.Output) else None
    name = node.node if isinstance(node, nodes.Call) else node
    if not isinstance(name, nodes.Name):
        return Mistake(0, f"{_ONLY_MACROS}，不能有{_named(name)}；请删去，或直接写出文字")
    at = written.find(name.name)
    macro = MACROS.get(name.name)
    if macro is None:
        return Mistake(at, _unknown(name.name))
    if not isinstance(node, nodes.Call):
        return Mistake(at, f"“{macro.name}”后面缺少括号；应写作 {macro.usage}")
    found = _arguments(node, macro)
    if isinstance(found, str):
        return Mistake(at, f"{found}；应写作 {macro.usage}")
    return Call(name=macro.name, args=found[0], keywords=found[1], start=0, end=len(written))


def _arguments(call: nodes.Call, macro: Macro) -> tuple[tuple[object, ...], Mapping[str, object]] | str:
    """Return the arguments of *call* without and with names, or what is wrong with them."""
    args = tuple(_constant(arg) for arg in call.args)
    keywords = {keyword.key: _constant(keyword.value) for keyword in call.kwargs}
    if call.dyn_args is not None or call.dyn_kwargs is not None or None in {*args, *keywords.values()}:
        return f"“{macro.name}”的参数只能是文字或整数"
    if not macro.takes(len(args), [keyword.key for keyword in call.kwargs]):
        return f"“{macro.name}”的参数不对"
    return args, MappingProxyType(keywords)


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, MACROS, n=1, cutoff=0.6)
    hint = f"；是否应为 {near[0]}" if near else "；可用的见 nianbao macros"
    return f"没有“{name}”这个宏{hint}"


_KINDS = (
    ((nodes.Filter,), "过滤器（| 后面的部分）"),
    ((nodes.Getattr, nodes.Getitem), "点号或方括号"),
    ((nodes.BinExpr, nodes.UnaryExpr, nodes.Concat, nodes.Compare), "计算"),
    ((nodes.CondExpr, nodes.Test), "条件"),
)


def _named(node: nodes.Node | None) -> str:
    """Return in Chinese what *node*, which is no name of a macro, is."""
    return next((words for kinds, words in _KINDS if isinstance(node, kinds)), "别的内容")


def _constant(node: nodes.Expr) -> object | None:
    """Return the text or the whole number that *node* writes, or None where it is anything else."""
    if isinstance(node, nodes.Neg) and isinstance(node.node, nodes.Const) and type(node.node.value) is int:
        return -node.node.value
    if isinstance(node, nodes.Const) and type(node.value) in {str, int}:
        value: object = node.value
        return value
    return None


def _crowded(source: str, parts: list[Text | Call]) -> Iterator[Mistake]:
    """Yield the calls of *parts* that do not stand in lines of their own between blank lines as they must.

    Such calls may follow one another.
    """
    calls = [part for part in parts if isinstance(part, Call) and MACROS[part.name].alone]
    lines = {_line_of(source, call.start): call for call in calls}
    for call in calls:
        first, last = _line_of(source, call.start), _line_of(source, call.end)
        whole = source[first[0] : last[1]].strip()
        clean = whole == source[call.start : call.end] and source[first[0]] not in " \t"
        around = (_line_of(source, first[0] - 1) if first[0] else None, _line_of(source, last[1] + 1))
        apart = all(line is None or line in lines or not source[slice(*line)].strip() for line in around)
        if not clean or not apart:
            yield Mistake(call.start, f"“{call.name}”画出的内容应单独成行，不缩进，前后各空一行")


def _line_of(source: str, at: int) -> tuple[int, int]:
    """Return where the line with the offset *at* begins and ends, without its line feed."""
    at = min(at, len(source))
    end = source.find("\n", at)
    return source.rfind("\n", 0, at) + 1, len(source) if end < 0 else end


def _line_start(source: str, line: int) -> int:
    return sum(len(text) + 1 for text in source.split("\n")[: line - 1])


def _explain(error: Exception) -> str:
    if not isinstance(error, jinja2.TemplateSyntaxError):
        return "嵌套太深，或者数字太长；请简化"
    text = error.message or ""
    for pattern, chinese in _SYNTAX:
        if re.search(pattern, text):
            return chinese
    return f"请检查大括号、引号和括号（{text}）"
