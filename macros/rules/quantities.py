"""What a figure in the prose can be: sums of cells, the fee or the items, with the words that messages call them by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from macros.model.report import plain, total
from macros.pages.text import macro_call
from macros.rules.figures import summed

if TYPE_CHECKING:
    from macros.model.report import Report
    from macros.reading.findings import Place
    from macros.reading.numbers import Number
