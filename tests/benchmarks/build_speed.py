# ruff: noqa: T201 -- what a benchmark finds is printed
"""How fast a portal is built, as ratios of times taken in one run: `python tests/benchmarks/build_speed.py`.

The floor is the host alone with the same pages, every macro already rendered: no data, no rules, no plugin of ours.
Both sites must be alike to the byte. Times are those of the processor, so that a busy machine does not
matter; the best of some rounds counts. Nothing is asserted here.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]  # Run by hand, this file stands outside of both.

from deploying import deploy_years  # noqa: E402  # found by the line above
from flattening import FASTER, differing, environment, flatten  # noqa: E402  # likewise
from previewing import save_and_see  # noqa: E402  # likewise
from stretching import stretch  # noqa: E402  # likewise


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a build takes: *seconds* of the processor, *memory* at its peak in KB."""

    seconds: float
    memory: int

    @classmethod
    def best(cls, config: Path, rounds: int) -> Cost:
        """Return the least of *rounds* builds of the site of *config*."""
        costs = [cls.of(config) for _ in range(rounds)]
        return cls(seconds=min(cost.seconds for cost in costs), memory=min(cost.memory for cost in costs))

    @classmethod
    def of(cls, config: Path) -> Cost:
        """Build the site of *config*. Raises RuntimeError where that fails."""
        command = [sys.executable, "-m", "mkdocs", "build", "-q", "-f", str(config)]
        process = subprocess.Popen(command, cwd=config.parent, env=environment(), stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            message = f"{config} cannot be built"
            raise RuntimeError(message)
        return cls(seconds=usage.ru_utime + usage.ru_stime, memory=usage.ru_maxrss)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A portal of *years* beside its floor, with the number of its *pages*."""

    years: int
    pages: int
    ours: Cost
    floor: Cost


def main() -> None:
    """Print the ratios."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few, some, many = (_measure(folder, years, options.rounds) for years in options.years)
        start = Cost.best(_one_page(folder / str(few.years) / "floor"), options.rounds)
        for measured in (few, some, many):
            _print(measured, start)
        growth = _per_page(many, many.ours, start) / _per_page(few, few.ours, start)
        host = _per_page(many, many.floor, start) / _per_page(few, few.floor, start)
        print(f"a page of {many.years} years over one of {few.years}: {growth:.2f}, of the host alone {host:.2f}")
        faster = Cost.best(folder / str(some.years) / "floor" / FASTER, options.rounds)
        print(
            f"{some.years} years over a host that is given our Markdown extension as well:"
            f" {some.ours.seconds / faster.seconds:.3f} ({faster.seconds:.2f} s)"
        )
        if options.mike:
            apart = deploy_years(folder / str(some.years) / "floor", folder / "apart")
            ratio = some.ours.seconds / apart.seconds
            print(f"one site of {some.years} years over {apart.deployments} deployments with mike: {ratio:.3f}")
        if options.saves:
            project = folder / str(some.years) / "examples"
            ours, floor = (save_and_see(site, options.saves) for site in (project, project.parent / "floor"))
            print(
                f"from saving to seeing, {some.years} years: {ours.seconds / floor.seconds:.2f} of the host's own,"
                f" median {ours.seconds:.2f} s; the work of the processor {ours.work / floor.work:.2f} of the host's,"
                f" median {ours.work:.2f} s"
            )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", type=int, nargs=3, default=[7, 20, 80], help="the sizes of the portal")
    parser.add_argument("--rounds", type=int, default=3, help="how often each build is made; the best counts")
    parser.add_argument(
        "--saves", type=int, default=5, help="how often a file is saved in a preview; the median counts"
    )
    parser.add_argument("--mike", action="store_true", help="beside deployments with mike, which must be installed")
    return parser.parse_args()


def _measure(folder: Path, years: int, rounds: int) -> Measured:
    place = folder / str(years)
    place.mkdir()
    project = stretch(place, years)
    floor = flatten(project)
    # By turns, so that what else the machine does falls on both.
    ours, alone = [], []
    for _ in range(rounds):
        ours.append(Cost.of(project / "mkdocs.yml"))
        alone.append(Cost.of(floor / "mkdocs.yml"))
    pages, different = differing(project / "site", floor / "site")
    if different:
        print(f"the sites of {years} years differ, so the ratios are worth little: {', '.join(different[:5])}")
    return Measured(years=years, pages=pages, ours=_least(ours), floor=_least(alone))


def _least(costs: list[Cost]) -> Cost:
    return Cost(seconds=min(cost.seconds for cost in costs), memory=min(cost.memory for cost in costs))


def _one_page(floor: Path) -> Path:
    """Return the configuration of a site of one page, which takes what the host takes to start."""
    folder = floor.with_name("one")
    shutil.copytree(floor, folder, ignore=shutil.ignore_patterns("site", "20*"))
    for path in (folder / "docs").glob("*.md"):
        path.unlink()
    (folder / "docs" / "index.md").write_text("# 一页\n", encoding="utf-8")
    config = folder / "mkdocs.yml"
    told = yaml.safe_load(config.read_text(encoding="utf-8"))
    del told["nav"]
    config.write_text(yaml.safe_dump(told), encoding="utf-8")
    return config


def _per_page(measured: Measured, cost: Cost, start: Cost) -> float:
    """Return the seconds for a page, without those that the host takes to start."""
    return (cost.seconds - start.seconds) / measured.pages


def _print(measured: Measured, start: Cost) -> None:
    ours, floor = measured.ours, measured.floor
    print(
        f"{measured.years} years, {measured.pages} pages: {ours.seconds / floor.seconds:.3f} of the host's time"
        f" ({ours.seconds:.2f} s over {floor.seconds:.2f} s, a page {1000 * _per_page(measured, ours, start):.1f} ms"
        f" over {1000 * _per_page(measured, floor, start):.1f} ms), {ours.memory / floor.memory:.3f} of its memory"
        f" ({ours.memory // 1024} MB over {floor.memory // 1024} MB)",
        flush=True,
    )


if __name__ == "__main__":
    main()
