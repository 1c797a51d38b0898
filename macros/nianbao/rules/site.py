"""A rule for what every page tells machines of the site that it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.agency import SITE, SITE_TAGS
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, Reads, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.rules.rule import Case, Outcome

_EXAMPLES = {"name": "某某市人民政府门户网站", "domain": "www.example.gov.cn", "id_code": '"1234567890"'}


def _tags(case: Case) -> Iterator[Outcome]:
    """Yield one outcome for each tag of the site, with the newest report alone: all years share the site.

    Of the other obligatory tags, the title, the source and the column are always known, and P-01 asks for the date.
    """
    if case.report.year != case.newest:
        yield Inapplicable("网站信息各年度共用，只随最近的年度核对")
    else:
        for tag, key in SITE_TAGS.items():
            if key in case.agency.site:
                yield Confirmed()
                continue
            message = (
                f"没有登记{SITE[key]}，各页缺少标签 {tag}；"
                f"请向网站的主办单位问明，在 site 里写上 {key}，如 {key}: {_EXAMPLES[key]}"
            )
            yield Fault(place=case.agency.site_place, message=message, subject=f"site.{key}")


RULES = (
    Rule(
        code="P-10",
        hard=False,
        statement="各页都有网站名称、网站域名和网站标识码的标签。",
        basis=(
            "《政府网站发展指引》（国办发〔2017〕47号）附件《网页设计规范》的网页标签；"
            "各标签是否必选没有对照过原件，所以只作提醒"
        ),
        check=_tags,
        reads=Reads.AGENCY | Reads.NEWEST,
        # A waiver stands in the file of a year, and the year that is judged changes with the next report.
        waivable=False,
    ),
)
