"""A crosswalk read from the file of its edition, and held against the editions that it joins."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.model.crosswalk import Crosswalk, Link

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import yaml

    from nianbao.model.form import Form
    from nianbao.reading.findings import Findings, Place
    from nianbao.reading.values import Reader


def read_crosswalk(node: yaml.Node, reader: Reader) -> Crosswalk:
    """Return the crosswalk that *node* writes; what is wrong with it is recorded by *reader*."""
    nodes = reader.mapping(node, "与上一版格式的衔接", required=["format", "figures"])
    written = reader.sequence(nodes["figures"], "各数的衔接") if "figures" in nodes else ()
    return Crosswalk(
        format=(reader.year(nodes["format"], "上一版格式") if "format" in nodes else None) or 0,
        links=tuple(_link(link, reader) for link in written),
        place=reader.place(node),
    )


def _link(node: yaml.Node, reader: Reader) -> Link:
    nodes = reader.mapping(node, "数的衔接", required=["here", "note"], optional=["there"])
    here, there, note = (
        (reader.text(nodes[key], key) or "") if key in nodes else "" for key in ("here", "there", "note")
    )
    return Link(here=here, there=there, note=note, place=reader.place(node))


def join_editions(editions: Mapping[int, Form | None], findings: Findings) -> dict[int, Form | None]:
    """Return the *editions*, each with the former names of its figures; one that is None has findings of its own.

    Addresses of crosswalks that lead nowhere are recorded.
    """
    joined: dict[int, Form | None] = {}
    for number, form in sorted(editions.items()):
        if form is None or form.earlier is None:
            joined[number] = form
            continue
        for place, message in _faults(form, form.earlier, editions):
            findings.add(place, message)
        own = tuple((link.there, link.here) for link in form.earlier.links if link.there not in {"", link.here})
        named, before = replace(form, former=own), joined.get(form.earlier.format)
        older = ((name, named.current(later)) for name, later in before.former) if before is not None else ()
        joined[number] = replace(form, former=(*own, *older))
    return joined


def _faults(form: Form, crosswalk: Crosswalk, editions: Mapping[int, Form | None]) -> Iterator[tuple[Place, str]]:
    if crosswalk.format not in editions or crosswalk.format >= form.format:
        yield crosswalk.place, f"上一版格式 {crosswalk.format} 没有格式文件，或者不早于本格式；请改正"
        return
    earlier = editions[crosswalk.format]
    for link in crosswalk.links:
        if form.find(link.here) is None:
            yield link.place, f"衔接里的 {link.here} 不是本格式的数；请改正"
        if link.there and earlier is not None and earlier.find(link.there) is None:
            yield link.place, f"衔接里的 {link.there} 不是 {crosswalk.format} 年格式的数；请改正"
