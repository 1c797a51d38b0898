"""Pages as templates: what can be known wrong before rendering, and what fails while rendering."""

from __future__ import annotations

import difflib
import inspect
import re
import traceback
from typing import TYPE_CHECKING, Any

import jinja2
from jinja2 import meta, nodes

from nianbao.pages import cards
from nianbao.pages.session import AuthorError
from nianbao.reading.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from nianbao.pages.session import Session

_SYNTAX = (
    (r"expected '\)'|expected token ',', got 'end of print", "圆括号没有配对；请检查 ( 和 )"),
    (r"unexpected '\}'|unexpected end of template|end of print statement", "大括号没有配对；请检查 {{ 和 }}"),
    (r"unexpected char", "有不能识别的符号；请检查引号和括号是否用了全角"),
    (r"Encountered unknown tag|Unexpected end of template", "{% %} 没有配对或名称不对"),
    (r"unexpected ','|expected token", "括号、引号或逗号的位置不对"),
    (r"Missing end of comment tag", "注释没有结束；请补上 ##}"),
)

# A page of a report has some dozens; each takes memory and time while it is compiled.
_MOST_TAGS = 2000
# So few tags cannot nest too deep.
_NESTED = 10

# What is looked at, gathered in one walk, which costs more than to judge what it finds.
_PARTS = (nodes.Call, nodes.Filter, nodes.Name, nodes.Output, nodes.Test)

# What an expression of a page raises may come through these modules of ours.
_PASSING = (__name__, "nianbao.prose.bounds")
_LONGEST = 200


def problems(
    environment: jinja2.Environment, source: str, variables: Mapping[str, Any], session: Session, page: str
) -> tuple[Finding, ...]:
    """Return what is wrong with the Markdown *source* of *page*, before anything is rendered.

    *variables* are those that the engine passes to the page. Found are faults of the template's
    syntax, names and filters that do not exist, and macros called with arguments they do not take.
    """
    tags = source.count("{{") + source.count("{%")
    if not tags and environment.comment_start_string not in source:
        return ()
    if tags > _MOST_TAGS:
        return (Finding(session.place(page, 1), f"页面中的 {{{{ }}}} 和 {{% %}} 多于 {_MOST_TAGS} 处；请减少"),)
    known = {**environment.globals, **variables}
    try:
        tree = environment.parse(source)
        parts = tuple(tree.find_all(_PARTS))
        found = (
            *_filters(parts, environment),  # First: with filters that do not exist, Jinja tells no names.
            *_undefined(tree, parts, known),
            *_calls(parts, known),
        )
        if not found and source.count("{%") > _NESTED:
            environment.compile(source)  # Only Python itself knows what nests too deep for it.
    except jinja2.TemplateSyntaxError as error:
        return (Finding(session.place(page, error.lineno), f"页面中的模板写法有误：{_explain(error)}"),)
    except (RecursionError, SyntaxError, ValueError):
        return (Finding(session.place(page, 1), "页面中的模板写法有误：嵌套太深，或者数字太长；请简化"),)
    return tuple(Finding(session.place(page, line, word), message) for line, word, message in found)


def _explain(error: jinja2.TemplateSyntaxError) -> str:
    text = error.message or ""
    for pattern, chinese in _SYNTAX:
        if re.search(pattern, text):
            return chinese
    return f"请检查大括号、引号和括号（{text}）"


def _undefined(
    tree: nodes.Template, parts: Iterable[nodes.Node], known: Mapping[str, Any]
) -> Iterator[tuple[int, str, str]]:
    names = [part for part in parts if isinstance(part, nodes.Name)]
    if all(node.name in known for node in names):
        return  # The rule, and to be told so by Jinja costs as much as to compile the page.
    unknown = meta.find_undeclared_variables(tree) - set(known)
    macros = [name for name, value in known.items() if is_ours(value)]
    for node in names:
        if node.ctx == "load" and node.name in unknown:
            near = difflib.get_close_matches(node.name, macros, n=1, cutoff=0.6)
            hint = f"；是否应为 {near[0]}" if near else "；可用的见 CONTRIBUTING.md"
            yield node.lineno, node.name, f"没有“{node.name}”这个宏或变量{hint}"


def _filters(parts: Iterable[nodes.Node], environment: jinja2.Environment) -> Iterator[tuple[int, str, str]]:
    """Yield filters and tests that do not exist, and put ones that do in their place."""
    for node in parts:
        if isinstance(node, nodes.Filter) and node.name not in environment.filters:
            yield node.lineno, node.name, f"没有“{node.name}”这个过滤器；请改正或删去"
            node.name = "string"
    for test in parts:
        if isinstance(test, nodes.Test) and test.name not in environment.tests:
            yield test.lineno, test.name, f"没有“{test.name}”这个判断；请改正或删去"
            test.name = "defined"


def _calls(parts: Iterable[nodes.Node], macros: Mapping[str, Any]) -> Iterator[tuple[int, str, str]]:
    signatures: dict[str, inspect.Signature] = {}  # A page calls the same macro by the dozen.
    for call in parts:
        if not isinstance(call, nodes.Call) or not isinstance(call.node, nodes.Name):
            continue
        if call.dyn_args is not None or call.dyn_kwargs is not None:
            continue
        macro = macros.get(call.node.name)
        if macro is None or not is_ours(macro):
            continue
        if call.node.name not in signatures:
            signatures[call.node.name] = inspect.signature(macro)
        keywords: dict[str, None] = {keyword.key: None for keyword in call.kwargs}
        first = [None] if hasattr(macro, "jinja_pass_arg") else []
        try:
            signatures[call.node.name].bind(*first, *call.args, **keywords)
        except TypeError:
            usage = _usage(macro)
            yield call.lineno, call.node.name, f"“{call.node.name}”的参数不对；应写作 {usage}"
    for output in parts:
        for shown in output.nodes if isinstance(output, nodes.Output) else ():
            if isinstance(shown, nodes.Name) and is_ours(macros.get(shown.name)):
                usage = _usage(macros[shown.name])
                yield shown.lineno, shown.name, f"“{shown.name}”后面缺少括号；应写作 {usage}"


def is_ours(value: object) -> bool:
    """Say whether *value*, which a page may call by a name, is a macro of this package."""
    return callable(value) and getattr(value, "__module__", "").startswith("nianbao.")


def _usage(macro: Callable[..., Any]) -> str:
    names = [name for name in inspect.signature(macro).parameters if name != "context"]
    return f"{macro.__name__}({', '.join(names)})"


class PageTemplate(jinja2.Template):
    """A page's template that never fails: what goes wrong becomes a finding and a card.

    The environment carries the *session* as an extension attribute. An error raised in our own code
    is a bug: it is kept in `Session.bugs` with its traceback, which the host shows in the terminal.
    """

    def render(self, *args: Any, **keywords: Any) -> str:  # noqa: ANN401  # as in Jinja
        """Return the rendered page, or a card in its place."""
        session: Session = self.environment.session  # type: ignore[attr-defined]  # set by extend()
        try:
            return super().render(*args, **keywords)
        except Exception as error:  # noqa: BLE001  # whatever an author's expression raises
            page = self.filename if self.filename not in {None, "<template>"} else session.page()
            line, ours = _origin(error)
            if ours and not isinstance(error, AuthorError | RecursionError):
                session.bugs.append(error)
                return cards.block("程序出错，此页暂不能显示；请把终端里的出错信息告诉维护人员", [])
            if isinstance(error, AuthorError):
                message = str(error)
            elif isinstance(error, jinja2.TemplateNotFound):
                message = f"找不到要包含的文件“{error.name}”；请改正或删去"
            elif isinstance(error, jinja2.TemplateSyntaxError):
                message = f"要包含的文件“{error.name}”里模板写法有误：{_explain(error)}"
            else:
                words = f"{type(error).__name__}: {error}"
                message = f"页面中的表达式无法计算（{' '.join(words.split())[:_LONGEST]}）；请改正"
            finding = Finding(session.place(str(page), line), message)
            session.findings.extend((finding,))
            return cards.card([finding])


def _origin(error: Exception) -> tuple[int, bool]:
    """Return the line of the page where *error* arose, and whether our own code raised it."""
    frames = list(traceback.walk_tb(error.__traceback__))
    # Jinja puts frames of its own making, with the lines of the page, into the traceback.
    lines = [line for frame, line in frames if "__jinja_exception__" in frame.f_globals]
    raising = frames[-1][0].f_globals.get("__name__", "") if frames else ""
    return (lines[-1] if lines else 1), raising.startswith("nianbao.") and raising not in _PASSING
