"""Pass 3: what known words beside a figure mean, by a small table of phrases joined to addresses of the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.model.report import FEE, ITEMS
from nianbao.rules.text.divisions import (
    DECISIONS,
    columns_of,
    counted_cases,
    counts_acts,
    decided_outcomes,
    group_of_reason,
    is_within,
)
from nianbao.rules.text.quantities import Meaning, Quantity
from nianbao.rules.text.states import WHOLE_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nianbao.model.form import Form
    from nianbao.rules.text.states import Context
    from nianbao.rules.text.vocabulary import Token

# Units of the prose under which a figure certainly counts what the table counts in 件.
CASES = frozenset({"件", "起", "宗", "例", ""})
# Units of what is counted, by any table or none.
COUNTED = CASES | {"份", "条", "封", "批", "件次"}
DOCUMENTS = CASES | {"份", "部", "个", "项", "次"}
_ENTRIES = frozenset({"条", ""})
MONEY = frozenset({"元", "万元", "亿元", ""})
_COPIES = frozenset({"份", "部", "次", "件次"})
# Units under which it may.
_LIKELY = _COPIES | {"条", "个", "项"}

_RECEIVED, _CARRIED, _RESULTS = "requests.received", "requests.carried_in", "requests.results.total"
_ROWS = {
    "received": ("received",),
    "results": ("results.total",),
    "carried_in": ("carried_in",),
    "carried_out": ("carried_out",),
    "unfinished": ("carried_out",),
    "begun": ("carried_in",),
    "carried": ("carried_in",),
    "both": ("received", "carried_in"),
}
_UNCERTAIN_ROWS = frozenset({"unfinished", "begun"})
# Where a plain 申请 is likely one for information: the parts of section 1 under no known heading, and section 5.
_LIKELY_PLACES = frozenset({"", "improvement"})
# Both kinds of applicants are all of them: 收到自然人和法人或其他组织的申请86件.
_ALL_APPLICANTS = frozenset({"natural_person", "organizations"})
# Kinds that do not stand beside reviews and litigation over disclosure.
_NO_CASES = ("group", "item", "col", "doc", "act")
# A claim that is dismissed counts as 维持, or sometimes as 其他结果.
_OUTCOMES = {"lost": ("corrected",), "won": ("upheld",)}
_LITIGATION = "litigation"
# 制作 and 制发 are what two editions of the form call nearly the same.
_LIKE = {"issued": "made", "made": "issued"}


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
    decided = words.has("out") or words.has("decided")
    if words.has("topic") or words.has("court") or (decided and context.topics):
        return _review(words, context, form, unit)
    if words.has("act") or decided:
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
    certain = not words.has("site") and not words.has("ways")
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
    handled = set(rows) <= {"handled", "results"}
    own = unit == "部" and context.doc == "regulations"  # 制定规章1部，废止2部
    certain = not rows and not any(word.endswith("?") for word in acts) and (bool(docs) or unit in CASES or own)
    doubtful = False
    if len(named) > 1:
        # 无行政许可、行政处罚、行政强制 denies them all.
        paths = tuple(f"disclosure.{doc}.decisions" for doc in named)
        decided = all(DECISIONS in columns_of(form, doc) for doc in named)
        if not decided or acts or not (none or (words.has("sum") and unit in CASES)):
            return None
        return Meaning((Quantity(paths),), certain=none, doubtful=not none)
    doc = named[0]
    columns = columns_of(form, doc)
    if counts_acts(columns):
        column, alike = _column(words, form, doc, unit)
        certain = certain and alike and not words.has("some")  # 目前现行有效10件 may count the new year's, too.
        doubtful = bool(docs) and alike and unit in CASES | _COPIES  # 出台, 印发; 规范性文件
    elif acts:
        return None
    elif DECISIONS in columns:
        column = "decisions" if unit in DOCUMENTS else ""
        # 办理行政处罚4875件 may count cases instead of decisions, but not beside the table.
        doubtful = docs == named and unit in CASES and handled
        certain = doubtful and (none or words.has("decide") or context.location == "disclosure")
    else:
        column = _amount(columns, unit, none=none)
    if not column:
        return None
    likely = bool(docs) and not doubtful and unit in DOCUMENTS and handled
    return Meaning(
        (Quantity((f"disclosure.{doc}.{column}",)),), certain=certain, doubtful=doubtful, likely=likely, doc=doc
    )


def _column(words: Words, form: Form, doc: str, unit: str) -> tuple[str, bool]:
    """Return the column of an act on documents, and whether the form calls it alike; empty where it has none."""
    acts = words.values("act")
    if not acts or unit not in DOCUMENTS or words.has("decide") or words.has("row"):
        return "", False
    act = acts[0].rstrip("?")
    row = f"disclosure.{doc}"
    for column in (act, _LIKE.get(act, act)):
        if form.find(f"{row}.{column}") is not None:
            return column, column == act
    return (act, True) if form.find(form.current(f"{row}.{act}")) is not None else ("", False)


def _amount(columns: tuple[str, ...], unit: str, *, none: bool) -> str:
    """Return which of *columns* a figure in *unit* is of where no act is named; empty for none."""
    if "projects" in columns:
        return "projects" if unit == "项" else ""
    return "amount" if none or (unit and unit in MONEY) else ""


def _review(words: Words, context: Context, form: Form, unit: str) -> Meaning | None:
    """Return a figure of the table of section 4, where the cases are those over disclosure."""
    written = words.values("out") or (("decided",) if words.has("decided") else ())
    outs = tuple(dict.fromkeys(out.rstrip("?") for out in written))
    topics = words.values("topic") or _before_court(words, context) or context.topics
    rows = set(words.values("row"))
    others = "volume" in words.values("noun") or any(words.has(kind) for kind in _NO_CASES)
    if others or rows & {"carried_in", "carried_out", "both"}:
        return None
    about = context.about or words.has("about") or "explicit" in words.values("noun")
    perhaps = context.location in {*_LIKELY_PLACES, "requests", "other"} and not context.about
    if (
        len({_OUTCOMES.get(out, (out,)) for out in outs}) > 1
        or unit not in CASES | _LIKELY
        or not (about or context.location == "review" or perhaps)
    ):
        return None
    # A body that decides reviews receives and decides those of others, too.
    active = bool(rows - {"results"}) or (bool(rows) and not outs)
    certain = unit in CASES and ("because" in words.values("about") or not active) and outs != ("won",)
    certain = certain and (words.has("topic") or not words.has("about")) and not words.has("new")
    columns = _OUTCOMES.get(outs[0], outs) if outs else (context.outcome or "total",)
    if outs == ("decided",):
        columns = decided_outcomes(form)
    dismissed = outs == ("won",)
    topics = tuple(each for each in topics if not any(is_within(other, each) for other in topics if other != each))
    options = [_cases(form, topics, columns)]
    suits = set(counted_cases(form, _LITIGATION))
    if outs and words.has("sum") and not words.has("topic") and len(context.suits) > 1:
        options.insert(0, _cases(form, sorted(context.suits), columns))  # 复议6件、诉讼3件，纠正合计1件
    if not words.has("topic") and set(topics) <= suits <= context.suits:
        options.insert(0, _cases(form, (_LITIGATION,), columns))  # 直接起诉1件、复议后起诉2件；维持2件
    if dismissed:
        options += [_cases(form, topics, ("other",)), _cases(form, topics, ("upheld", "other"))]
    # A body that is known for no reviews but its own tells of those, whatever it does with them.
    doubtful = (dismissed and not active) or (active and not dismissed and words.has("about"))
    if outs != written:  # 终止1件 may be counted with others.
        certain, doubtful = False, certain
    if not (about or context.location == "review"):
        certain, doubtful = False, certain and words.has("topic")  # Other cases may be counted with them.
    return Meaning(tuple(options), certain=certain, doubtful=doubtful, topics=topics)


def _before_court(words: Words, context: Context) -> tuple[str, ...]:
    """Return the cases that a court or another body decides: those told last, if they may be that body's."""
    for body in words.values("court"):
        fitting = all(is_within(topic, body) for topic in context.topics)
        return context.topics if context.topics and fitting else (body,)
    return ()


def _cases(form: Form, topics: Iterable[str], columns: Sequence[str]) -> Quantity:
    parts = dict.fromkeys(part for topic in topics for part in counted_cases(form, topic))
    return Quantity(tuple(f"review.{part}.{column}" for part in parts for column in columns))


def _requests(words: Words, context: Context, form: Form, unit: str, *, none: bool) -> Meaning | None:
    """Return a figure of the table of section 3."""
    such = words.has("item") and len(words.values("group")) == 1 and "such" in words.values("fill")
    if such:  # 因不掌握等原因无法提供12件: for all of its reasons, most likely.
        words = Words(tuple(token for token in words.tokens if token.kind != "item"))
    rows, columns = _without_handled(words.values("row")), words.values("col")
    columns = () if set(columns) == _ALL_APPLICANTS else columns
    results = words.has("group") or words.has("item")
    nouns = words.values("noun")
    volume = "volume" in nouns and context.location not in {"review", "disclosure"}
    spoken = "explicit" in nouns or volume or context.open or (context.near and results) or context.ground is not None
    presumed = context.location in _LIKELY_PLACES and bool(results or rows or (columns and context.inside))
    if none and len(columns) > 1 and rows == ("received",) and not results and spoken:
        received = Quantity(tuple(f"{_RECEIVED}.{column.rstrip('?')}" for column in columns))
        return Meaning((received,), certain=not any(column.endswith("?") for column in columns))
    if not (spoken or presumed) or unit not in CASES | _LIKELY or len(columns) > 1:
        return None
    if words.has("publish"):
        return _published(words, context)
    if words.has("decide") and not results:
        return None
    settled = unit in CASES | _COPIES and not words.has("some")
    named = not any(column.endswith("?") for column in columns) and not any(
        item.endswith("?") for item in words.values("item")
    )
    certain = settled and named and spoken and unit in CASES and not set(rows) & _UNCERTAIN_ROWS and not such
    doubtful = settled and named and bool(spoken or results or nouns)
    columns = tuple(column.rstrip("?") for column in columns)
    column = f".{columns[0]}" if columns else f".{context.column}" if results and context.column else ""
    perhaps = f".{context.applicants}" if context.applicants and not column else ""
    if results:
        found = _either(_results(words, context, form, column, none=none), perhaps)
    elif not rows:
        found = _applicants(words, context, column, counted=bool(unit)) if column else _noun(words, context, none=none)
    else:
        found = _either(_row(words, context, column, none=none), perhaps)
    if found is None:
        return None
    unsure = such or not spoken or unit not in CASES or bool(set(rows) & _UNCERTAIN_ROWS)
    unsettled = found.doubtful or (found.certain and unsure)
    likely = (found.certain or found.doubtful) and not words.has("some") and not doubtful
    return replace(found, certain=found.certain and certain, doubtful=unsettled and doubtful, likely=likely)


def _published(words: Words, context: Context) -> Meaning | None:
    """Return what 公开37件 means where requests are spoken of: granted, perhaps in part."""
    others = ("item", "col", "topic", "out", "doc", "act", *(() if words.has("group") else ("noun",)))
    if set(words.values("row")) - {"results", "handled"}:
        return None
    if words.values("publish") != ("plain",) or not context.open or any(words.has(kind) for kind in others):
        return None
    granted = "requests.results.granted"
    both = Quantity((granted, "requests.results.partly_granted"))
    if words.has("group"):  # 公开或部分公开48件
        partly = words.values("group") == ("partly_granted",) and words.has("and")
        return Meaning((both,), certain=False, doubtful=True) if partly else None
    return Meaning((Quantity((granted,)), both), certain=False, doubtful=True, row="results.granted")


def _without_handled(rows: tuple[str, ...]) -> tuple[str, ...]:
    """Return what rows are told of; 受理并办理 says no more than 受理."""
    return tuple(row for row in rows if row != "handled") or rows


def _either(found: Meaning | None, column: str) -> Meaning | None:
    """Return a meaning that may also be of the applicants of *column*: 自然人申请69件，已办结64件."""
    if found is None or not column:
        return found
    limited = (Quantity(tuple(f"{path}{column}" for path in option.paths)) for option in found.options)
    return replace(found, options=(*found.options, *limited))


def _row(words: Words, context: Context, column: str, *, none: bool) -> Meaning | None:
    """Return what was received, carried in, answered or carried out."""
    told = _without_handled(words.values("row"))
    rows = set(told) - ({"unfinished"} if "carried_out" in told else set())
    if rows == {"received", "results"} and not none:  # 受理并办结86件
        return Meaning((_sums(column, _RECEIVED), _sums(column, _RESULTS)), certain=False, doubtful=True)
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
    if row == "carried":
        options = (_sums(column, _CARRIED), _sums(column, "requests.carried_out"))
        return Meaning(options, certain=False, doubtful=True)
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


def _noun(words: Words, context: Context, *, none: bool) -> Meaning | None:
    """Return what the noun alone means: 政府信息公开申请5件, 申请量86件, 申请由上年的77件增至86件."""
    nouns = words.values("noun")
    received, both = _sums("", _RECEIVED), _sums("", _RECEIVED, _CARRIED)
    if "volume" in nouns or (nouns and words.has("new")):
        return Meaning((received,), row="received")
    if "explicit" in nouns or (nouns and any(words.has(kind) for kind in ("year", "from", "cmp"))):
        # Of documents, 依申请公开 is a way of publishing.
        certain = none or context.location not in {"documents", "publication", "disclosure"}
        options = (received,) if none else (received, both, _sums("", _RESULTS))
        return Meaning(options, certain=certain, row="received")
    return None


def _applicants(words: Words, context: Context, column: str, *, counted: bool) -> Meaning | None:
    """Return what a kind of applicant alone means: 其中自然人3件."""
    if not context.row and not words.has("noun"):
        whole = tuple(_sums(column, row) for row in (_RECEIVED, _RESULTS, _CARRIED))
        return Meaning((*whole, _sums(column, _RECEIVED, _CARRIED)), certain=False, doubtful=True)
    row = context.row or "received"
    # 其中 may reach back to any figure of the sentence.
    rows = [row, *(other for other in context.rows if other != row and row in WHOLE_ROWS)]
    options = tuple(_sums(column, f"requests.{each}") for each in rows)
    if not context.row and (
        counted or words.has("among")
    ):  # 自然人申请的59件 may be those carried in, too, or those answered.
        options = (*options, _sums(column, _RECEIVED, _CARRIED))
        options = options if "asked" in words.values("fill") else (*options, _sums(column, _RESULTS))
    certain = row in WHOLE_ROWS or row == context.inside
    return Meaning(options, certain=certain, loose=row.startswith("results") and context.loose, row=row)


def _results(words: Words, context: Context, form: Form, column: str, *, none: bool) -> Meaning | None:
    """Return a kind of result, or two together: 予以公开或部分公开59件."""
    groups, items = words.values("group"), tuple(item.rstrip("?") for item in words.values("item"))
    if set(words.values("row")) - {"results", "handled"} or context.inside in {"carried_in", "carried_out"}:
        return None
    if items and none:  # 没有以国家秘密、内部事务信息为由不予公开的
        parent, named = "", items
    elif len(items) > 1 and groups == tuple({group_of_reason(form, item) for item in items}) and words.has("and"):
        # 因不掌握、没有现成信息而无法提供的34件: of these reasons together.
        paths = tuple(f"requests.results.{item}" for item in items)
        return Meaning((_sums(column, *paths),), certain=False, doubtful=True, row=f"results.{groups[0]}")
    elif items:
        parent, named = _item(items, groups, context.inside, form), items[:1]
    else:
        parent, named = groups[0] if len(groups) == 1 else "", groups
    if (items and not parent and not none) or (len(named) > 1 and not words.has("and")):
        return None
    paths = tuple(f"requests.results.{each}" for each in named)
    row = f"results.{named[0] if items else parent}" if parent else ""
    within = Quantity((_CARRIED,)) if context.rows[-1:] == ("carried_in",) else None
    return Meaning((_sums(column, *paths),), loose=context.loose, within=within, row=row)


def _item(items: tuple[str, ...], groups: tuple[str, ...], inside: str, form: Form) -> str:
    """Return the group of a reason, empty where the reason may be counted elsewhere.

    部分公开的申请 may be about third parties, too, and are not counted under that reason.
    """
    parent = group_of_reason(form, items[0])
    broken = inside.removeprefix("results.").partition(".")[0] if inside.startswith("results.") else ""
    if len(items) > 1 or (groups and groups != (parent,)) or (not groups and broken not in {"", "total", parent}):
        return ""
    return parent
