"""The processing fee where a sentence gives it as an amount, which the rules for text may not read as such."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

_AMOUNT = re.compile(
    r"收取(?:的)?(?:政府信息公开|政府信息|依申请公开)?信息处理费(?:共计|共|合计|总计|金额)?为?"
    r"(?P<amount>[0-9]+(?:\.[0-9]+)?)(?P<unit>元|万元)"
)
# Words that tell of another year, or of what is to be charged.
_OTHER = re.compile("上一?年度?|去年|标准|每件|每页|应当?收")
_TEN_THOUSAND = 10_000


def stated_fee(texts: Iterable[str]) -> str:
    """Return the fee in 元 that sentences of *texts* state, empty where none does or they differ."""
    found = set()
    for text in texts:
        for sentence in re.split("[。；]", text):
            for match in _AMOUNT.finditer(sentence):
                if not _OTHER.search(sentence):
                    amount = Decimal(match["amount"]) * (_TEN_THOUSAND if match["unit"] == "万元" else 1)
                    found.add(plain(int(amount) if amount == int(amount) else amount))
    return found.pop() if len(found) == 1 else ""
