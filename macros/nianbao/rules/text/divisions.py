"""What the form divides: results into groups and reasons, applicants into kinds, cases into suits and outcomes.

The rules speak of a figure by the address that the earliest edition has for it (`Form.origin`), so that one
name holds for the reports of all years; `Form.current` leads from it to the address in any edition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.model.form import Form, Heading

RECEIVED, RESULTS, REVIEW, DISCLOSURE = "requests.received", "requests.results", "review", "disclosure"
DECISIONS = "decisions"
# Columns of section 2 that count no acts: decisions, matters and money.
_OTHER_COLUMNS = frozenset({DECISIONS, "amount", "projects", "previous_items", "change"})
_PENDING = "pending"


def groups_of_results(form: Form) -> frozenset[str]:
    """Return the groups of results of section 3 without what stands above them: ``granted``."""
    return frozenset(_named(form, form.below(form.current(RESULTS)), RESULTS))


def kinds_of_applicants(form: Form) -> frozenset[str]:
    """Return the kinds of applicants of section 3 that are not part of another: ``natural_person``."""
    return frozenset(_named(form, form.across(form.current(RECEIVED)), RECEIVED))


def group_of_reason(form: Form, reason: str) -> str:
    """Return the group of results that *reason* is counted in; empty where the form has no such row."""
    own = form.current(f"{RESULTS}.{reason}")
    found = form.find(own)
    if found is None or own != f"{found[0].id}.{found[1].path}":
        return ""
    return form.origin(own.rpartition(".")[0]).removeprefix(f"{RESULTS}.")


def kinds_of_cases(form: Form) -> tuple[str, ...]:
    """Return all kinds of cases of section 4, each before those that are a part of it."""
    table, merged = form.table(REVIEW), merged_cases(form)
    headings = (heading for block in table.blocks for heading in block.columns.walk()) if table is not None else ()
    kinds = (f"{REVIEW}.{each.path}" for each in headings if each.path and (each.children or each.path in merged))
    return tuple(_named(form, kinds, REVIEW))


def merged_cases(form: Form) -> frozenset[str]:
    """Return the columns of section 4 in which a variant of the form prints all cases of a kind as one figure."""
    table = form.table(REVIEW)
    if table is None:
        return frozenset()
    outcomes = {child.path for group in table.groups for child in group.children}
    return frozenset(leaf.path for block in table.blocks for leaf in block.columns.leaves if leaf.path not in outcomes)


def counted_cases(form: Form, topic: str) -> tuple[str, ...]:
    """Return the kinds of cases with outcomes of their own that *topic* stands for: itself, or its parts."""
    table, own = form.table(REVIEW), form.current(f"{REVIEW}.{topic}")
    groups = table.groups if table is not None else ()
    addresses = (f"{REVIEW}.{group.path}" for group in groups)
    return tuple(_named(form, (each for each in addresses if is_within(each, own)), REVIEW)) or (topic,)


def decided_outcomes(form: Form) -> tuple[str, ...]:
    """Return the outcomes of cases that are decided: all but those still pending."""
    table = form.table(REVIEW)
    leaves = (f"{REVIEW}.{leaf.path}" for group in (table.groups if table else ()) for leaf in group.parts)
    outcomes = dict.fromkeys(form.origin(address).rpartition(".")[2] for address in leaves)
    return tuple(outcome for outcome in outcomes if outcome != _PENDING)


def is_within(topic: str, whole: str) -> bool:
    """Say whether *topic* is *whole* or a part of it."""
    return f"{topic}.".startswith(f"{whole}.")


def documents(form: Form) -> Iterator[tuple[str, Heading, tuple[Heading, ...]]]:
    """Yield each row of section 2: what the rules call it, its heading, and its columns.

    Rows of this table have no figure of their own, so that editions are joined by their cells.
    """
    table = form.table(DISCLOSURE)
    for block in table.blocks if table is not None else ():
        columns = block.columns.leaves
        for row in block.rows.leaves:
            yield _origin(form, row, columns[0]).split(".")[1], row, columns


def columns_of(form: Form, document: str) -> tuple[str, ...]:
    """Return the columns of a row of section 2, empty where the form has no such row."""
    for name, row, columns in documents(form):
        if name == document:
            return tuple(_origin(form, row, column).rpartition(".")[2] for column in columns)
    return ()


def _origin(form: Form, row: Heading, column: Heading) -> str:
    return form.origin(f"{DISCLOSURE}.{row.path}.{column.path}")


def counts_acts(columns: Iterable[str]) -> bool:
    """Say whether *columns* of section 2 count what was done with documents: made, repealed, in force."""
    return not _OTHER_COLUMNS & set(columns)


def _named(form: Form, addresses: Iterable[str], above: str) -> Iterator[str]:
    """Yield how the rules call what is at *addresses*, without *above*."""
    return (form.origin(address).removeprefix(f"{above}.") for address in addresses)
