"""The fields of a data file, declared once: what reads it and its JSON Schema are both made from them.

A mapping of a file is `Fields`, each a `Field` with a `Kind` of value. Opened, it is a `Record`, from which a value
is read by the declaration of its field::

    DAY = Field("on", "更正日期", DATE)
    CORRECTION = Fields("更正", required=(DAY, REASON))
    day = CORRECTION.open(node, reader).read(DAY)  # a date, or None after a finding
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from dataclasses import field as part
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from nianbao.reading.check_numbers import read_number
from nianbao.reading.findings import shown
from nianbao.reading.nodes import Taken
from nianbao.reading.numbers import EXPECTED, GAP_WORDS, OPEN, UNKNOWN
from nianbao.reading.values import DOMAIN_PATTERN, LONGEST_ID, Reader, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import yaml

    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number

Schema = dict[str, Any]
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_COMMON_YEAR = 2023
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Kind(Protocol[T_co]):
    """A kind of value: how it is read, and how editors are told of it."""

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> T_co | None:
        """Return what *node* writes, called *subject* in messages, or None after recording why it has no value."""

    def schema(self, title: str, description: str) -> Schema:
        """Return the JSON Schema of such a value; *description* is empty where its *title* says all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The values that a mapping writes, read one by one."""

    node: yaml.Node
    nodes: Mapping[str, yaml.Node]
    reader: Reader

    def read(self, field: Field[T]) -> T | None:
        """Return the value of *field*: its default where it is left out, None after a finding or without default."""
        node = self.nodes.get(field.name)
        return field.default if node is None else field.kind.read(self.reader, node, field.subject or field.title)

    def has(self, *fields: Field[Any]) -> bool:
        """Say whether all of *fields* are written."""
        return all(field.name in self.nodes for field in fields)

    @property
    def place(self) -> Place:
        """Where the record starts."""
        return self.reader.place(self.node)


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """A field: its *name* as files write it, its *title* in messages, and what editors are told of it.

    *subject* is what messages on its value call it, where that is not the title. *default* holds where the
    field is left out. *basis* is the document that asks for it.
    """

    name: str
    title: str
    kind: Kind[T]
    description: str = ""
    subject: str = ""
    default: T | None = None
    basis: str = ""

    @property
    def schema(self) -> Schema:
        """The JSON Schema of its value."""
        schema = self.kind.schema(self.title, self.description)
        if self.default is not None:
            schema["default"] = self.default
        return schema | {"$comment": f"依据：{self.basis}"} if self.basis else schema


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping of fields, called *title* in messages; it is itself a kind of value, a `Record`.

    *retired* pairs names that earlier versions knew with what is to be done about them.
    """

    title: str
    required: tuple[Field[Any], ...] = ()
    optional: tuple[Field[Any], ...] = ()
    retired: tuple[tuple[str, str], ...] = ()

    @property
    def all(self) -> tuple[Field[Any], ...]:
        """The fields that a file may have, those it must have first."""
        return (*self.required, *self.optional)

    def open(self, node: yaml.Node, reader: Reader) -> Record:
        """Return the record that *node* writes; keys that are missing, unknown or repeated are recorded."""
        required = {field.name: field.title for field in self.required}
        optional = [field.name for field in self.optional]
        nodes = reader.mapping(node, self.title, required=required, optional=optional, retired=dict(self.retired))
        return Record(node=node, nodes=nodes, reader=reader)

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> Record:  # noqa: ARG002  # it has its own title
        """Return the record that *node* writes."""
        return self.open(node, reader)

    def schema(self, title: str, description: str) -> Schema:  # noqa: ARG002  # records in lists are not described
        """Return the schema of a mapping with these fields and no others."""
        properties = {field.name: field.schema for field in self.all}
        return object_schema(properties, [field.name for field in self.required], description)


@dataclass(frozen=True, slots=True)
class Made(Generic[T]):
    """A mapping of *fields* of which *make* makes a value, or None after recording why it does not."""

    fields: Fields
    make: Callable[[Record], T | None]

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> T | None:  # noqa: ARG002  # as `Fields`
        """Return what is made of the record that *node* writes."""
        return self.make(self.fields.open(node, reader))

    def schema(self, title: str, description: str) -> Schema:
        """Return the schema of the mapping."""
        return self.fields.schema(title, description)


def object_schema(properties: Schema, required: list[str], description: str = "") -> Schema:
    """Return the schema of a mapping that has *properties* and nothing else."""
    schema: Schema = {"type": "object", "description": description} if description else {"type": "object"}
    schema["properties"] = properties
    if required:
        schema["required"] = required
    return schema | {"additionalProperties": False}


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A kind of single value: the method that reads it, its JSON Schema, and what is expected of it in words.

    *options* pair the words of a choice with their meaning; *free* tells that it is a text of any words.
    """

    reading: Callable[[Reader, yaml.Node, str], T | None]
    written: Schema = part(hash=False)
    expected: str = ""
    options: tuple[tuple[str, str], ...] = ()
    free: bool = False

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> T | None:
        """Return what *node* writes, or None after recording why it has no value."""
        return self.reading(reader, node, subject)

    def schema(self, title: str, description: str) -> Schema:
        """Return the schema of the value."""
        words = "：".join(filter(None, (description or title, self.expected)))
        return self.written | {"description": words}


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """A list of values of one *kind*, no more than *most* where that is not 0."""

    kind: Kind[T]
    most: int = 0

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> tuple[T, ...]:
        """Return the items that could be read."""
        nodes = reader.sequence(node, subject)
        if self.most and len(nodes) > self.most:
            reader.fault(node, f"{subject}多于 {self.most} 个；请检查")
            return ()
        values = (item.value if isinstance(item, Taken) else self.kind.read(reader, item, subject) for item in nodes)
        return tuple(value for value in values if value is not None)

    def schema(self, title: str, description: str) -> Schema:
        """Return the schema of the list."""
        return {"type": "array", "items": self.kind.schema(title, ""), "description": description or title}


@dataclass(frozen=True, slots=True)
class OrUnknown(Generic[T]):
    """A value of a *kind* that an old original may not tell; then 不详 is written, which is read as None."""

    kind: Kind[T]

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> T | None:
        """Return the value, or None where it is unknown or after a finding."""
        return None if node.value == UNKNOWN else self.kind.read(reader, node, subject)

    def schema(self, title: str, description: str) -> Schema:
        """Return the schema of the value or the word."""
        whole = self.kind.schema(title, description)
        words = f"{whole.pop('description', description or title)}；旧报告无从查考的填“{UNKNOWN}”"
        return {"anyOf": [whole, {"const": UNKNOWN}], "description": words}


def _month_day(reader: Reader, node: yaml.Node, subject: str) -> tuple[int, int] | None:
    written = re.fullmatch(r"([0-9]{2})-([0-9]{2})", node.value) if isinstance(node.value, str) else None
    if written is None:
        reader.fault(node, f"{subject}应写作“月-日”，如 01-20，实际为{describe(node)}")
        return None
    try:
        day = dt.date(_COMMON_YEAR, int(written[1]), int(written[2]))
    except ValueError:
        reader.fault(node, f"{subject}没有 {node.value} 这一天，或不是每年都有；请改正")
        return None
    return day.month, day.day


def _digest(reader: Reader, node: yaml.Node, subject: str) -> str | None:
    digest = reader.text(node, subject)
    if digest is not None and not _DIGEST.fullmatch(digest):
        problem = f"{subject}应为 nianbao 命令写入的 64 位十六进制数，实际为{describe(node)}；请恢复原样"
        reader.fault(node, problem)
        return None
    return digest


def _check_number(reader: Reader, node: yaml.Node, subject: str) -> str | None:
    number = reader.text(node, subject)
    if number is not None and read_number(number) is None:
        expected = "四组字母和数字，如 2345-6789-ABCD-EFGH"
        reader.fault(node, f"{subject}应为{expected}，实际为{shown(number)}；请照审签单抄写")
        return None
    return number


_LINE: Schema = {"type": "string", "minLength": 1}

TEXT = Value(Reader.text, _LINE, free=True)
IDENTIFIER = Value(Reader.identifier, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": LONGEST_ID})
_WEB_ADDRESS: Schema = {"type": "string", "pattern": "^https?://[^\\s]+$"}
ADDRESS = Value(Reader.address, _WEB_ADDRESS, free=True)
ANY_ADDRESS = Value(Reader.any_address, _WEB_ADDRESS, free=True)
DOMAIN = Value(Reader.domain, {"type": "string", "pattern": f"^{DOMAIN_PATTERN.pattern}$"}, free=True)
BOOLEAN = Value(Reader.boolean, {"type": "boolean"})
YEAR = Value(Reader.year, {"type": "integer", "minimum": 1900, "maximum": 2099})
DATE = Value(Reader.date, {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})
MONTH_DAY = Value(_month_day, {"type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"})
CHECK_NUMBER = Value(_check_number, _LINE)
DIGEST = Value(_digest, {"type": "string", "pattern": "^[0-9a-f]{64}$"})


def choice(options: Mapping[str, str]) -> Value[str]:
    """Return the kind of one of *options*, which map each word to its meaning."""

    def read(reader: Reader, node: yaml.Node, subject: str) -> str | None:
        return reader.choice(node, subject, options)

    words = "，".join(f"{word} {meaning}" for word, meaning in options.items())
    return Value(read, {"enum": list(options)}, words, tuple(options.items()))


def alternatives(mark: str) -> Value[str]:
    """Return the kind of a text that may have several ways to write the same, with *mark* between them."""

    def read(reader: Reader, node: yaml.Node, subject: str) -> str | None:
        text = reader.text(node, subject)
        if text is not None and not all(word.strip() for word in text.split(mark)):
            reader.fault(node, f"{subject}{shown(text)}里有空的写法；几种写法之间用一个 {mark} 分开，两头不写")
            return None
        return text

    return Value(read, _LINE, free=True)


def whole(maximum: int) -> Value[int]:
    """Return the kind of a whole number from 1 to *maximum*."""

    def read(reader: Reader, node: yaml.Node, subject: str) -> int | None:
        value = reader.number(node, subject, "count", maximum)
        if value == 0:
            reader.fault(node, f"{subject}应从 1 起，实际为 0；不要这一项时请整行删去")
        return int(value) if value else None

    return Value(read, {"type": "integer", "minimum": 1, "maximum": maximum})


def difference(maximum: int) -> Value[Number]:
    """Return the kind of a number with its sign, no larger than *maximum* either way, that is not 0."""

    def read(reader: Reader, node: yaml.Node, subject: str) -> Number | None:
        value = reader.number(node, subject, "adjustment", maximum)
        if value == 0:
            reader.fault(node, f"{subject}为 {node.value}，应写明多少，如 +2 或 -1；没有这一项的整项删去")
        return value or None

    written: Schema = {"type": "number", "minimum": -maximum, "maximum": maximum, "not": {"const": 0}}
    return Value(read, written, EXPECTED["adjustment"])


_WAITING = f"还没有填写的是“{OPEN}”"

COUNT: Schema = {"type": "integer", "minimum": 0}
_FIGURES: Mapping[str, Schema] = {
    "count": COUNT,
    "money": {"type": "number", "minimum": 0},
    "change": {"type": "integer"},
    "amount": {"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]{1,6})?(元|万元)$"},
}


def figure(kind: str, maximum: int) -> Value[Number]:
    """Return the kind of a figure of *kind*, see `nianbao.reading.numbers`, that may be unknown; then it is None."""
    return _figure(kind, maximum, {UNKNOWN: GAP_WORDS[UNKNOWN], OPEN: _WAITING})


def cell(kind: str, maximum: int) -> Value[Number]:
    """Return the kind of a figure in a table, whose original may have left it empty; then it is None as well."""
    return _figure(kind, maximum, {**GAP_WORDS, OPEN: _WAITING})


def _figure(kind: str, maximum: int, gaps: Mapping[str, str]) -> Value[Number]:
    told = [gap for gap in GAP_WORDS if gap in gaps]

    def read(reader: Reader, node: yaml.Node, subject: str) -> Number | None:
        written = isinstance(node.value, str) and node.value in gaps
        return None if written else reader.number(node, subject, kind, maximum, told)

    limit: Schema = {} if kind == "amount" else {"maximum": maximum}
    words = [{"const": word} for word in gaps]
    expected = f"{EXPECTED[kind].strip()}；{'，'.join(gaps.values())}"
    return Value(read, {"anyOf": [_FIGURES[kind] | limit, *words]}, expected)
