"""Which crew does the work: the cores of this machine, or the workers of a cluster that somebody names."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from nianbao.model.project import WrongUseError
from nianbao.running.processes import Processes, cores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.running.crew import Crew, Limits


@contextmanager
def crew_of(scheduler: str, limits: Limits, most: int = 0) -> Iterator[Crew]:
    """Give the workers of the Dask cluster at the address *scheduler*; without one as many processes as cores.

    Of processes there are *most* at the most, if it is not 0. Raises WrongUseError where the cluster cannot be used.
    """
    if not scheduler:
        yield Processes(min(cores(), most) if most else cores(), limits)
        return
    try:
        from nianbao.running.cluster import Cluster  # an extra, loaded where it is asked for
    except ModuleNotFoundError as error:
        message = "--scheduler：没有安装 Dask；请先运行 pip install distributed，各台机器上也要有"
        raise WrongUseError(message) from error
    with closing(Cluster(scheduler, limits)) as cluster:
        yield cluster
