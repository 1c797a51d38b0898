"""What the figures and pages of reports are called where changes are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.lifecycle.labels import cell_labels
from nianbao.model.dataset import read_forms
from nianbao.model.report import FEE, ITEMS
from nianbao.pages.lists import section_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.model.form import Form
    from nianbao.model.project import Project

_FACTS = {FEE: "信息处理费（元）", ITEMS: "主动公开的信息"}


def figure_labels(form: Form) -> Mapping[str, str]:
    """Return the names of all figures and facts of *form* by their addresses."""
    return {**cell_labels(form), **_FACTS}


def labels_of(portal: Project) -> Mapping[str, str]:
    """Return the names of figures by address and of pages by file, in any form that *portal* knows, newest first."""
    found: dict[str, str] = {}
    for form in reversed(tuple(read_forms(portal.root, portal.data).editions.values())):
        if form is not None:
            pages = {section_page(form, section): section.heading for section in form.sections}
            found = {**figure_labels(form), **pages, **found}
    return found
