"""What known words beside a figure mean: a small table of phrases joined to addresses of the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.rules.text.context import WHOLE_ROWS
from nianbao.rules.text.quantities import FEE, ITEMS, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.model.form import Form
    from nianbao.rules.text.context import Context
    from nianbao.rules.text.vocabulary import Token

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
_UNCERTAIN_ROWS = frozenset({"unfinished", "begun"})
# Parts of the table of section 4 by what cases are called.
TOPICS = {
    "reconsideration": ("reconsideration",),
    "litigation": ("litigation.direct", "litigation.after_reconsideration"),
    "direct": ("litigation.direct",),
    "after_reconsideration": ("litigation.after_reconsideration",),
}
# Kinds that do not stand beside reviews and litigation over disclosure.
_NO_CASES = ("group", "item", "col", "doc", "act")
# A claim that is dismissed counts as 维持, or sometimes as 其他结果.
_OUTCOMES = {"lost": "corrected", "won": "upheld"}
_DECISIONS = frozenset({"licensing", "penalties", "coercion", "other_services"})
_DOCUMENTS = frozenset({"regulations", "normative_documents"})
# Columns of one edition of the form that stand for those of the other.
_COLUMNS = {
    2019: {
        "issued": "made",
        "made": "made",
        "newly_published": "newly_published",
        "published_in_all": "published_in_all",
    },
    2021: {"issued": "issued", "made": "issued", "repealed": "repealed", "in_force": "in_force"},
}


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure is of: one of *options*; *row*, *topics* and *doc* hold for what follows.

    A *loose* figure may leave out what was carried in, and one not above *within* may be a part of that.
    """

    options: tuple[Quantity, ...]
    certain: bool = True
    loose: bool = False
    within: Quantity | None = None
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


def meaning(tokens: Iterable[Token], context: Context, form: Form, unit: str, *, none: bool = False) -> Meaning | None:
    """Return what a figure beside *tokens*, all known, is of, or None. *none* tells that the words deny it all."""
    words = Words(tuple(tokens))
    if words.has("fee"):
        return _fee(words, unit)
    if words.has("info") or words.has("category") or (words.has("publish") and unit == "条"):
        return _items(words, context, unit)
    if words.has("doc") or (words.has("act") and context.doc):
        return _disclosure(words, context, form, unit, none=none)
    if words.has("topic") or (words.has("out") and context.topics):
        return _review(words, context, unit)
    if words.has("act") or words.has("out"):
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
    others = ("noun", "group", "item", "col", "topic", "out", "publish")
    if "received" in rows or len(acts) > 1 or any(words.has(kind) for kind in others):
        return None
    named = tuple(dict.fromkeys(doc.rstrip("?") for doc in docs)) or (context.doc,)
    certain = not rows and not any(word.endswith("?") for word in acts) and (bool(docs) or unit in CASES)
    if len(named) > 1:
        # 无行政许可、行政处罚、行政强制 denies them all.
        paths = tuple(f"disclosure.{doc}.decisions" for doc in named)
        return Meaning((Quantity(paths),)) if none and not acts and set(named) <= _DECISIONS else None
    doc = named[0]
    if doc in _DOCUMENTS:
        column, alike = _column(words, form, unit)
        certain = certain and alike
    elif acts:
        return None
    elif doc in _DECISIONS:
        column = "decisions" if unit in DOCUMENTS else ""
        certain = certain and docs == named and unit in CASES
        certain = certain and (none or words.has("decide") or context.location == "disclosure")
    else:
        column = _amount(doc, unit, none=none)
    return Meaning((Quantity((f"disclosure.{doc}.{column}",)),), certain=certain, doc=doc) if column else None


def _column(words: Words, form: Form, unit: str) -> tuple[str, bool]:
    """Return the column of an act, and whether the form calls it alike; empty where it has none."""
    acts = words.values("act")
    if not acts or unit not in DOCUMENTS or words.has("decide") or words.has("row"):
        return "", False
    act = acts[0].rstrip("?")
    column = _COLUMNS.get(form.format, {}).get(act, "")
    return column, column == act


def _amount(doc: str, unit: str, *, none: bool) -> str:
    if doc == "government_procurement":
        return "projects" if unit == "项" else ""
    return "amount" if doc == "administrative_fees" and (none or (unit and unit in MONEY)) else ""


def _review(words: Words, context: Context, unit: str) -> Meaning | None:
    """Return a figure of the table of section 4, where the cases are those over disclosure."""
    outs, topics = words.values("out"), words.values("topic") or context.topics
    rows = set(words.values("row"))
    if rows & {"carried_in", "carried_out", "both"} or any(words.has(kind) for kind in _NO_CASES):
        return None
    about = context.about or words.has("about") or "explicit" in words.values("noun")
    if len(outs) > 1 or unit not in CASES | _LIKELY or not (about or context.location == "review"):
        return None
    # A body that decides reviews receives and decides those of others, too.
    active = bool(rows - {"results"}) or (bool(rows) and not outs)
    certain = unit in CASES and ("because" in words.values("about") or not active) and outs != ("won",)
    certain = certain and (words.has("topic") or not words.has("about")) and not words.has("new")
    out = _OUTCOMES.get(outs[0], outs[0]) if outs else "total"
    if {"direct", "after_reconsideration"} & set(topics):
        topics = tuple(topic for topic in topics if topic != "litigation")
    parts = dict.fromkeys(part for topic in topics for part in TOPICS[topic])
    return Meaning((Quantity(tuple(f"review.{part}.{out}" for part in parts)),), certain=certain, topics=topics)


def _requests(words: Words, context: Context, form: Form, unit: str, *, none: bool) -> Meaning | None:
    """Return a figure of the table of section 3."""
    rows, columns = words.values("row"), words.values("col")
    results = words.has("group") or words.has("item")
    spoken = "explicit" in words.values("noun") or context.open or (context.near and results)
    if not spoken or unit not in CASES | _LIKELY or words.has("decide") or words.has("publish") or len(columns) > 1:
        return None
    certain = unit in CASES and not set(rows) & _UNCERTAIN_ROWS and not words.has("some")
    column = f".{columns[0]}" if columns else f".{context.column}" if results and context.column else ""
    if results:
        found = _results(words, context, form, column)
    elif not rows:
        found = _applicants(words, context, column) if column else _noun(words, none=none)
    else:
        found = _row(words, context, column, none=none)
    return found and replace(found, certain=found.certain and certain)


def _row(words: Words, context: Context, column: str, *, none: bool) -> Meaning | None:
    """Return what was received, carried in, answered or carried out."""
    rows = set(words.values("row")) - ({"unfinished"} if "carried_out" in words.values("row") else set())
    if len(rows) > 1 or (none and rows & {"results", "handled"}):
        return None
    row = rows.pop()
    if row == "handled":
        return Meaning((_sums(column, _RESULTS), _sums(column, _RECEIVED), _sums(column, _RECEIVED, _CARRIED)))
    inside = context.inside
    if inside in {"carried_in", "carried_out"} and row != inside:
        return None
    # 办结84件，其中本年新收80件; 另收到5件
    partly = (inside == "results.total" and row == "received") or (
        words.has("extra") and row in {"received", "results"}
    )
    loose = {
        "results": context.loose,
        "carried_out": inside == "received",
        "carried_in": inside == "results.total",
    }.get(row, False)
    paths = tuple(f"requests.{part}" for part in _ROWS[row])
    path = paths[0].removeprefix("requests.") if len(paths) == 1 else ""
    return Meaning((_sums(column, *paths),), certain=not partly, loose=loose, row=path)


def _sums(column: str, *paths: str) -> Quantity:
    return Quantity(tuple(f"{path}{column}" for path in paths))


def _noun(words: Words, *, none: bool) -> Meaning | None:
    """Return what the noun alone means: 政府信息公开申请5件."""
    if "explicit" not in words.values("noun"):
        return None
    options = (_sums("", _RECEIVED), _sums("", _RECEIVED, _CARRIED), _sums("", _RESULTS))
    return Meaning(options[:1] if none else options, row="received")


def _applicants(words: Words, context: Context, column: str) -> Meaning | None:
    """Return what a kind of applicant alone means: 其中自然人3件."""
    if not context.row and not words.has("noun"):
        return Meaning((_sums(column, _RECEIVED),), certain=False)
    row = context.row or "received"
    # 其中 may reach back to any figure of the sentence.
    rows = [row, *(other for other in context.rows if other != row and row in WHOLE_ROWS)]
    options = tuple(_sums(column, f"requests.{each}") for each in rows)
    if not context.row and words.has("among"):  # 自然人申请的59件中 may be those carried in, too, or those answered.
        options = (*options, _sums(column, _RECEIVED, _CARRIED), _sums(column, _RESULTS))
    certain = row in WHOLE_ROWS or row == context.inside
    return Meaning(options, certain=certain, loose=row.startswith("results") and context.loose, row=row)


def _results(words: Words, context: Context, form: Form, column: str) -> Meaning | None:
    """Return a kind of result, or two together: 予以公开或部分公开59件."""
    groups, items = words.values("group"), words.values("item")
    if set(words.values("row")) - {"results", "handled"} or context.inside in {"carried_in", "carried_out"}:
        return None
    if items:
        parent, named = _item(items, groups, context.inside, form), items[:1]
    else:
        parent, named = groups[0] if len(groups) == 1 else "", groups
    if (items and not parent) or (len(named) > 1 and not words.has("and")):
        return None
    paths = tuple(f"requests.results.{each}" for each in named)
    row = f"results.{parent}" if parent else ""
    within = Quantity((_CARRIED,)) if context.rows[-1:] == ("carried_in",) else None
    return Meaning((_sums(column, *paths),), loose=context.loose, within=within, row=row)


def _item(items: tuple[str, ...], groups: tuple[str, ...], inside: str, form: Form) -> str:
    """Return the group of a reason, empty where the reason may be counted elsewhere.

    部分公开的申请 may be about third parties, too, and are not counted under that reason.
    """
    parent = items[0].partition(".")[0]
    broken = inside.removeprefix("results.").partition(".")[0] if inside.startswith("results.") else ""
    if len(items) > 1 or (groups and groups != (parent,)) or (not groups and broken not in {"", "total", parent}):
        return ""
    table = form.table("requests")
    found = table.find(f"results.{items[0]}") if table is not None else None
    return parent if found is not None and found[1].path == f"results.{items[0]}" else ""
