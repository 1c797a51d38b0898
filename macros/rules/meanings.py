"""What known words beside a figure mean: a small table of phrases joined to addresses of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.rules.quantities import FEE, ITEMS, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from macros.model.form import Form
    from macros.rules.vocabulary import Token

# Units of the prose under which a figure certainly counts what the table counts in 件.
CASES = frozenset({"件", "起", "宗", "例", ""})
DOCUMENTS = CASES | {"份", "部", "个", "项"}
_ENTRIES = frozenset({"条", ""})
MONEY = frozenset({"元", "万元", "亿元", ""})
# Units under which it may; such words only confirm.
_LIKELY = frozenset({"份", "条", "个", "项"})

_RECEIVED, _CARRIED, _RESULTS = "requests.received", "requests.carried_in", "requests.results.total"
_ROWS = {
    "received": ("received",),
    "results": ("results.total",),
    "carried_in": ("carried_in",),
    "carried_out": ("carried_out",),
    "unfinished": ("carried_out",),
    "begun": ("carried_in",),
    "both": ("received", "carried_in"),
}
WHOLE_ROWS = frozenset({"received", "carried_in", "results.total", "carried_out"})
_UNCERTAIN_ROWS = frozenset({"unfinished", "begun"})
# Parts of the table of section 4 by what cases are called.
TOPICS = {
    "reconsideration": ("reconsideration",),
    "litigation": ("litigation.direct", "litigation.after_reconsideration"),
    "direct": ("litigation.direct",),
    "after_reconsideration": ("litigation.after_reconsideration",),
}
# A claim that is dismissed counts as 维持, or sometimes as 其他结果.
_OUTCOMES = {"lost": "corrected", "won": "upheld"}
_DECISIONS = frozenset({"licensing", "penalties", "coercion", "other_services"})
_DOCUMENTS = frozenset({"regulations", "normative_documents"})
# Columns of one edition of the form that stand for those of the other.
_COLUMNS = {
    2019: {"issued": "made", "made": "made", "newly_published": "newly_published", "published_in_all": "published_in_all"},
    2021: {"issued": "issued", "made": "issued", "repealed": "repealed", "in_force": "in_force"},
}


@dataclass(slots=True)
class Context:
    """What earlier words of a passage leave open for later ones. *location* is where the passage stands."""

    location: str
    open: bool = False  # whether figures without a noun are of requests
    near: bool = False  # whether results without a noun are those of requests
    about: bool = False  # whether cases are those over disclosure
    row: str = ""
    inside: str = ""  # the row that is being broken down
    topics: tuple[str, ...] = ()
    doc: str = ""
    rows: list[str] = field(default_factory=list)  # whole rows that the sentence has told
    told: set[str] = field(default_factory=set)

    def enter(self, row: str) -> None:
        """Go on with *row*, if there is one."""
        self.row = row or self.row
        if row in WHOLE_ROWS and row not in self.rows:
            self.rows.append(row)

    def leave(self) -> None:
        """Forget the rows of a sentence."""
        self.row = self.inside = ""
        self.rows = []


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure is of: one of *options*; *row*, *topics* and *doc* hold for what follows."""

    options: tuple[Quantity, ...]
    certain: bool = True
    loose: bool = False
    row: str = ""
    topics: tuple[str, ...] = ()
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The values of the known words beside a figure, by kind."""

    tokens: tuple[Token, ...]

    def values(self, kind: str) -> tuple[str, ...]:
        """Return the values of a kind, each once, in order."""
        return tuple(dict.fromkeys(token.value for token in self.tokens if token.kind == kind))

    def has(self, kind: str) -> bool:
        """Say whether there is a word of a kind."""
        return any(token.kind == kind for token in self.tokens)


# Kinds that say what a figure is of.
MEANINGFUL = frozenset(
    {"noun", "row", "group", "item", "col", "topic", "out", "doc", "act", "fee", "publish", "info", "category", "decide", "site"}
)


def meaning(tokens: Iterable[Token], context: Context, form: Form, unit: str, *, none: bool = False) -> Meaning | None:
    """Return what a figure beside *tokens*, all known, is of, or None. *none* tells that the words deny it all."""
    words = Words(tuple(tokens))
    if words.has("fee"):
        return _fee(words, unit)
    if words.has("info") or words.has("category") or (words.has("publish") and unit == "条"):
        return _items(words, context, unit)
    if words.has("doc") or (words.has("act") and context.doc):
        return _disclosure(words, context, form, unit, none=none)
    if words.has("act"):
        return None
    if words.has("topic") or (words.has("out") and context.topics):
        return _review(words, context, unit, none=none)
    if words.has("out"):
        return None
    return _requests(words, context, form, unit, none=none)


def _fee(words: Words, unit: str) -> Meaning | None:
    if words.has("row") or words.has("doc") or unit not in MONEY:
        return None
    return Meaning((Quantity((FEE,)),))


def _items(words: Words, context: Context, unit: str) -> Meaning | None:
    """Return the items of a category, or all of them: 公开政府信息9条."""
    categories = words.values("category")
    others = ("row", "group", "item", "col", "topic", "out", "doc", "noun")
    if unit not in _ENTRIES or any(words.has(kind) for kind in others) or len(categories) > 1:
        return None
    certain = not words.has("site")
    if categories:
        return Meaning((Quantity((f"{ITEMS}.{categories[0]}",)),), certain=certain)
    if not unit or not (words.has("publish") or context.location == "publication"):
        return None
    return Meaning((Quantity((ITEMS,)),), certain=certain and words.has("publish") and words.has("info"))


def _disclosure(words: Words, context: Context, form: Form, unit: str, *, none: bool) -> Meaning | None:
    """Return a cell of the table of section 2: documents made, repealed, in force; decisions; fees."""
    docs, acts, rows = words.values("doc"), words.values("act"), words.values("row")
    if any(words.has(kind) for kind in ("noun", "group", "item", "col", "topic", "out", "publish")):
        return None
    if "received" in rows or len(acts) > 1:
        return None
    named = tuple(dict.fromkeys(doc.rstrip("?") for doc in docs))
    certain = not rows and not any(word.endswith("?") for word in acts)
    if not named:
        named, certain = (context.doc,), certain and unit in CASES
    if len(named) > 1:
        return _denied(named) if none and not acts else None
    doc = named[0]
    if doc in _DOCUMENTS:
        return _documents(doc, words, form, unit, certain=certain)
    if acts:
        return None
    if doc in _DECISIONS:
        certain = certain and docs == named and unit in CASES and (words.has("decide") or context.location == "disclosure" or none)
        if unit not in DOCUMENTS:
            return None
        return Meaning((Quantity((f"disclosure.{doc}.decisions",)),), certain=certain, doc=doc)
    if doc == "government_procurement" and unit == "项":
        path = f"disclosure.{doc}.projects"
    elif doc == "administrative_fees" and (unit in {"元", "万元", "亿元"} or none):
        path = f"disclosure.{doc}.amount"
    else:
        return None
    return Meaning((Quantity((path,)),), certain=certain, doc=doc)


def _documents(doc: str, words: Words, form: Form, unit: str, *, certain: bool) -> Meaning | None:
    acts = words.values("act")
    if not acts or unit not in DOCUMENTS or words.has("decide") or words.has("row"):
        return None
    act = acts[0].rstrip("?")
    column = _COLUMNS.get(form.format, {}).get(act)
    if column is None:
        return None
    return Meaning((Quantity((f"disclosure.{doc}.{column}",)),), certain=certain and column == act, doc=doc)


def _denied(docs: tuple[str, ...]) -> Meaning | None:
    """Return the sum that is denied: 无行政许可、行政处罚、行政强制."""
    if not set(docs) <= _DECISIONS:
        return None
    return Meaning((Quantity(tuple(f"disclosure.{doc}.decisions" for doc in docs)),))


def _review(words: Words, context: Context, unit: str, *, none: bool) -> Meaning | None:
    """Return a figure of the table of section 4, where the cases are those over disclosure."""
    outs, topics = words.values("out"), words.values("topic") or context.topics
    if any(words.has(kind) for kind in ("group", "item", "col", "doc")) or len(outs) > 1 or not topics:
        return None
    rows = set(words.values("row"))
    if rows & {"carried_in", "carried_out", "both"}:
        return None
    about = context.about or words.has("about") or "explicit" in words.values("noun")
    if not about and context.location != "review":
        return None
    # A body that decides reviews receives and decides those of others, too.
    active = bool(rows - {"results"}) or (bool(rows) and not outs)
    certain = ("because" in words.values("about") or not active) and unit in CASES
    if unit not in CASES and unit not in _LIKELY:
        return None
    out = _OUTCOMES.get(outs[0], outs[0]) if outs else "total"
    if {"direct", "after_reconsideration"} & set(topics):
        topics = tuple(topic for topic in topics if topic != "litigation")
    parts = dict.fromkeys(part for topic in topics for part in TOPICS[topic])
    return Meaning((Quantity(tuple(f"review.{part}.{out}" for part in parts)),), certain=certain and outs != ("won",), topics=topics)


def _requests(words: Words, context: Context, form: Form, unit: str, *, none: bool) -> Meaning | None:
    """Return a figure of the table of section 3."""
    explicit = "explicit" in words.values("noun")
    rows, groups, items, columns = (words.values(kind) for kind in ("row", "group", "item", "col"))
    if not (explicit or context.open or (context.near and (groups or items))) or words.has("decide"):
        return None
    if words.has("publish") or len(columns) > 1 or len(items) > 1 or (unit not in CASES and unit not in _LIKELY):
        return None
    certain = unit in CASES and not set(rows) & _UNCERTAIN_ROWS and not words.has("some")
    column = f".{columns[0]}" if columns else ""
    loose = context.inside == "received" or ("received" in context.told and "carried_in" not in context.told)
    if groups or items:
        if context.inside in {"carried_in", "carried_out"}:
            return None
        certain = certain and context.row != "carried_in"
        return _results(words, context, form, column, certain=certain, loose=loose)
    if none and len(rows) > 1:
        return None
    if {"unfinished", "carried_out"} <= set(rows):
        rows = ("carried_out",)
    if len(rows) > 1:
        return None
    if not rows:
        return _without_row(words, context, column, certain=certain, none=none)
    row = rows[0]
    if row == "handled":
        options = _sums(column, _RESULTS), _sums(column, _RECEIVED), _sums(column, _RECEIVED, _CARRIED)
        return None if none else Meaning(options, certain=certain)
    if row == "results" and none:
        return None
    if row == "carried_out" and not words.has("noun") and not context.open:
        return None
    if context.inside in {"carried_in", "carried_out"} and row != context.inside:
        return None
    if (context.inside == "results.total" and row == "received") or (words.has("extra") and row in {"received", "results"}):
        certain = False  # 办结84件，其中本年新收80件; 另收到5件
    loose = loose and row in {"results", "carried_out"} or (context.inside == "results.total" and row == "carried_in")
    if row == "carried_out" and context.inside != "received":
        loose = False
    paths = tuple(f"requests.{part}" for part in _ROWS[row])
    path = paths[0].removeprefix("requests.") if len(paths) == 1 else ""
    return Meaning((_sums(column, *paths),), certain=certain, loose=loose, row=path)


def _sums(column: str, *paths: str) -> Quantity:
    return Quantity(tuple(f"{path}{column}" for path in paths))


def _without_row(words: Words, context: Context, column: str, *, certain: bool, none: bool) -> Meaning | None:
    """Return what a noun or a kind of applicant alone means: 政府信息公开申请5件, 其中自然人3件."""
    if column:
        if not context.row and not words.has("noun"):
            return Meaning((_sums(column, _RECEIVED),), certain=False)
        row = context.row or "received"
        loose = row.startswith("results") and "received" in context.told and "carried_in" not in context.told
        certain = certain and (row in WHOLE_ROWS or row == context.inside)
        # 其中 may reach back to any figure of the sentence.
        rows = [row, *(other for other in context.rows if other != row and row in WHOLE_ROWS)]
        options = tuple(_sums(column, f"requests.{each}") for each in rows)
        return Meaning(options, certain=certain, loose=loose, row=row)
    if "explicit" not in words.values("noun"):
        return None
    if none:
        return Meaning((_sums("", _RECEIVED),), certain=certain, row="received")
    options = _sums("", _RECEIVED), _sums("", _RECEIVED, _CARRIED), _sums("", _RESULTS)
    return Meaning(options, certain=certain, row="received")


def _results(words: Words, context: Context, form: Form, column: str, *, certain: bool, loose: bool) -> Meaning | None:
    """Return a kind of result, or two together: 予以公开或部分公开59件."""
    rows, groups, items = set(words.values("row")), words.values("group"), words.values("item")
    if rows - {"results", "handled"}:
        return None
    if items:
        parent = items[0].partition(".")[0]
        inside = context.inside.removeprefix("results.").partition(".")[0]
        inside = inside if context.inside.startswith("results.") else ""
        if (groups and groups != (parent,)) or (not groups and inside not in {"", "total", parent}):
            return None  # 部分公开的申请 may be about third parties, too, and are not counted there.
        row = f"results.{items[0]}"
        table = form.table("requests")
        if table is None or not any(leaf.path == row for block in table.blocks for leaf in block.rows.leaves):
            return None
        return Meaning((_sums(column, f"requests.{row}"),), certain=certain, loose=loose, row=f"results.{parent}")
    if len(groups) > 1 and not words.has("and"):
        return None
    paths = tuple(f"requests.results.{group}" for group in groups)
    row = f"results.{groups[0]}" if len(groups) == 1 else ""
    return Meaning((_sums(column, *paths),), certain=certain, loose=loose, row=row)
