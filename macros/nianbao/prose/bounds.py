"""Bounds to what a page may do and cost while it is checked. Pages may come from anywhere, by the thousand.

Reports need words, macros and now and then a choice or a little arithmetic. All of that is far below
these bounds; a page beyond them is told so instead of filling the memory or never coming to an end.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from jinja2.runtime import Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from nianbao.pages.session import AuthorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jinja2.runtime import Context

# How long a text, a list or a page may become, how many bits a number may have, and how many steps a
# page may take: a step is a part of the template that is run through, or so many characters handled.
_LENGTH, _BITS, _STEPS, _CHARACTERS_A_STEP = 1_000_000, 4_000, 300_000, 100

# Methods of texts and collections that give no more than they are given.
_METHODS = {"count", "endswith", "find", "lower", "lstrip", "rstrip", "split", "startswith", "strip", "upper"}
_METHODS |= {"get", "items", "keys", "values"}
# Filters that make much of little, or that take long over a long text.
_REFUSED = {"attr", "batch", "center", "groupby", "indent", "pprint", "random", "slice", "striptags", "tojson"}
_REFUSED |= {"urlize", "wordwrap", "xmlattr"}
_WIDE = re.compile(r"%[^a-zA-Z%]*(?:\*|[0-9]{4})")
_PLACES, _ITEMS = 10, 10_000  # Behind the decimal point; in a range.


_TOO_LARGE = "页面里的计算得出了太大的数或太长的文字；请改正"


class BoundedEnvironment(ImmutableSandboxedEnvironment):
    """Runs templates without access to Python, and within bounds. `begin` comes before each page."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  # as the library's own
        super().__init__(**options)
        self.code_generator_class = _Generator
        self.largest_macro = 1
        self._steps = 0
        self.globals = {"namespace": self.globals["namespace"], "range": _range}
        for name, function in list(self.filters.items()):
            self.filters[name] = _refused(name) if name in _REFUSED else self._measured(function)
        self.filters |= {"bounded": self.bounded, "joined": self._joined, "counted": self._counted}

    def begin(self) -> None:
        """Allow a page its steps."""
        self._steps = _STEPS

    def spend(self, steps: int) -> None:
        """Take *steps*."""
        self._steps -= steps
        if self._steps < 0:
            message = "页面里的循环或计算太多，没有算完；请减少"
            raise AuthorError(message)

    def bounded(self, value: Any) -> Any:  # noqa: ANN401  # whatever an expression gives
        """Return *value* if it is not too long."""
        length = _length(value)
        self.spend(1 + length // (_CHARACTERS_A_STEP if isinstance(value, str) else 1))
        if length > _LENGTH:
            message = f"页面里的计算得出了超过 {_LENGTH} 字的内容；请改正"
            raise AuthorError(message)
        return value

    def concat(self, parts: Iterable[str]) -> str:
        """Join the *parts* of a page or of a block, which may be many."""
        joined: list[str] = []
        length = 0
        for part in parts:
            joined.append(part)
            length += len(part)
            if length > _LENGTH:
                break
        return str(self.bounded("".join(joined)))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:  # noqa: ANN401  # as above
        """Calculate what could grow."""
        numbers = isinstance(left, int) and isinstance(right, int)
        bits = left.bit_length() if isinstance(left, int) else 0
        if operator == "**" and numbers and bits * right > _BITS:
            raise AuthorError(_TOO_LARGE)
        if operator == "*":
            if numbers and bits + right.bit_length() > _BITS:
                raise AuthorError(_TOO_LARGE)
            for value, times in ((left, right), (right, left)):
                if isinstance(times, int) and _length(value) * times > _LENGTH:
                    raise AuthorError(_TOO_LARGE)
        if operator == "%" and isinstance(left, str):
            _check_widths(left)
        return self.bounded(super().call_binop(context, operator, left, right))

    def call(self, context: Context, called: Any, *args: Any, **keywords: Any) -> Any:  # noqa: ANN401  # as above
        """Call a macro or a function."""
        self.spend(self.largest_macro if isinstance(called, Macro) else 1)
        return super().call(context, called, *args, **keywords)

    def get_template(self, *args: Any, **keywords: Any) -> Any:  # noqa: ANN401  # as above
        """Return an included template, which runs its own steps."""
        self.spend(1000)
        return super().get_template(*args, **keywords)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ANN401  # as above
        """Allow of texts and collections only what gives no more than it is given."""
        known = isinstance(obj, str | bytes | int | float | list | tuple | dict | set)
        return super().is_safe_attribute(obj, attr, value) and (not known or attr in _METHODS)

    def wrap_str_format(self, value: Any) -> None:  # noqa: ANN401  # as above
        """Leave formatting to `is_safe_attribute`."""

    def unsafe_undefined(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401, ARG002  # as above
        """Refuse an attribute."""
        message = f"页面里不能用“{attribute}”；请直接写出文字，或改用宏"
        raise AuthorError(message)

    def _measured(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def measured(*args: Any, **keywords: Any) -> Any:  # noqa: ANN401  # as the filter
            given = [*args, *keywords.values()]
            for value in given:
                self.bounded(value)
            _check_growth(function.__name__, given)
            return self.bounded(function(*args, **keywords))

        return measured

    def _joined(self, values: tuple[object, ...]) -> str:
        """Return what the operator ``~`` gives."""
        kind = Markup if any(isinstance(value, Markup) for value in values) else str
        return kind(self.bounded(kind("").join(kind(self.bounded(value)) for value in values)))

    def _counted(self, values: Iterable[Any], steps: int) -> Iterator[Any]:
        """Yield *values* for a loop whose body has so many *steps*."""
        for value in values:
            self.spend(steps)
            yield value


class _Generator(CodeGenerator):
    """Generates code for templates that count their steps."""

    def visit_Template(self, node: nodes.Template, frame: Any = None) -> None:  # noqa: ANN401, N802  # the library's
        """Generate the code of a template."""
        largest = max((_parts(macro) for macro in node.find_all((nodes.Macro, nodes.CallBlock))), default=1)
        environment = self.environment
        environment.largest_macro = max(environment.largest_macro, largest)  # type: ignore[attr-defined]  # ours
        _Bounding().visit(node)
        super().visit_Template(node, frame)


class _Bounding(NodeTransformer):
    """Puts a filter of ours around what makes loops, texts and collections."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802  # the library's name
        """Count a loop."""
        self.generic_visit(node)
        node.iter = _filter("counted", node.iter, nodes.Const(_parts(node)))
        node.recursive = False
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:  # noqa: N802  # the library's name
        """Join texts within bounds."""
        self.generic_visit(node)
        return _filter("joined", nodes.Tuple(node.nodes, "load"))

    def visit_List(self, node: nodes.List) -> nodes.Expr:  # noqa: N802  # the library's name
        """Bound a list."""
        self.generic_visit(node)
        return _filter("bounded", node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Expr:  # noqa: N802  # the library's name
        """Bound a dictionary."""
        self.generic_visit(node)
        return _filter("bounded", node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Expr:  # noqa: N802  # the library's name
        """Bound a tuple; one that is assigned to only names variables."""
        self.generic_visit(node)
        return _filter("bounded", node) if node.ctx == "load" else node


def _filter(name: str, node: nodes.Node, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(node, name, list(args), [], None, None, lineno=node.lineno, environment=node.environment)


def _parts(node: nodes.Node) -> int:
    return sum(1 for _ in node.find_all(nodes.Node))


def _length(value: object) -> int:
    """Return how much it takes to write *value*, counted no further than needed."""
    if isinstance(value, str | bytes):
        return len(value)
    if not isinstance(value, list | tuple | dict | set):
        return 0
    length = len(value)
    for part in value.items() if isinstance(value, dict) else value:
        if length > _LENGTH:
            break
        length += _length(part)
    return length


def _range(*limits: int) -> range:
    """Return what the function of the same name does, within bounds."""
    numbers = range(*limits)
    if numbers[_ITEMS:]:
        raise AuthorError(_TOO_LARGE)
    return numbers


def _refused(name: str) -> Callable[..., Any]:
    def refuse(*_: Any, **__: Any) -> Any:  # noqa: ANN401  # in the place of any filter
        message = f"页面里不能用“{name}”这个过滤器；请直接写出文字"
        raise AuthorError(message)

    return refuse


def _check_widths(pattern: str) -> None:
    if _WIDE.search(pattern):
        raise AuthorError(_TOO_LARGE)


def _check_growth(name: str, args: Iterable[object]) -> None:
    """Refuse what the filter *name* could make too large of *args*, such as a long text put in many places."""
    grown = 1
    for value in args:
        grown *= max(1, _length(value))
        if name == "do_round" and isinstance(value, int) and value > _PLACES:
            raise AuthorError(_TOO_LARGE)
        if name == "do_format" and isinstance(value, str):
            _check_widths(value)
    if grown > 10 * _LENGTH:
        raise AuthorError(_TOO_LARGE)
