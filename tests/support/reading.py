# ruff: noqa: T201 -- what is read is printed
"""How a sentence is read: `python tests/support/reading.py 依申请 "收到政府信息公开申请86件。"`.

The first word says where it stands, as in ``tests/unit/sentences.yml``; it is read as in the example's report of 2024.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.model.dataset import read_dataset
from nianbao.rules.rule import Confirmed, Fault, NeedsReview
from nianbao.rules.text.statements import statements
from saying import PLACES, placed, said

if TYPE_CHECKING:
    from nianbao.rules.text.frames import Words
    from nianbao.rules.text.units import Unit

YEAR = 2024
EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


def main(place: str, *texts: str) -> None:
    """Print words and claims of *texts* at *place*, and what is told of them."""
    dataset = read_dataset(EXAMPLES, EXAMPLES / "data")
    for statement in statements(placed(dataset, YEAR, place, *texts)):
        for unit in statement.units:
            print(_shown(unit))
    for code, outcome in said(dataset, YEAR, place, *texts):
        if isinstance(outcome, Fault | NeedsReview):
            print(f"{code} {'wrong' if isinstance(outcome, Fault) else 'doubt'}: {outcome.message}")
        elif isinstance(outcome, Confirmed) and outcome.count:
            print(f"{code} confirmed: {outcome.count}")


def _shown(unit: Unit) -> str:
    frame, numeral = unit.frame, unit.numeral
    figure = f"[{frame.clause.text[numeral.start : numeral.end]}]" if numeral is not None else ""
    words = " ".join(filter(None, (_words(unit, frame.head), figure, _words(unit, frame.tail))))
    claims = [
        f"\n    {claim.weight}: {' or '.join(' + '.join(option.paths) for option in claim.options)}"
        for claim in (unit.claim or unit.hint, unit.also)
        if claim is not None
    ]
    return words + "".join(claims)


def _words(unit: Unit, tokens: Words) -> str:
    text = unit.clause.text
    return " ".join(
        f"{text[token.start : token.end]}<{'.'.join(filter(None, (token.kind, token.value)))}>" for token in tokens
    )


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in PLACES:  # a place and a sentence
        sys.exit(f"{__doc__}\nPlaces: {' '.join(PLACES)}")
    main(*sys.argv[1:])
