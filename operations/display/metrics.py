"""The state of the site in the text format of Prometheus."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from operations.rules.measures import WorkMeasure


class _Site(Collector):
    """Read from the database at each scrape: every web process gives the same figures, so that none
    needs a folder shared with the others.
    """

    def __init__(
        self, version: str, parts: Mapping[str, str], measures: Iterable[WorkMeasure] | None
    ) -> None:
        self.version, self.parts, self.measures = version, parts, measures

    def collect(self) -> Iterator[Metric]:
        info = GaugeMetricFamily("segur_info", "Version of the site.", labels=["version"])
        info.add_metric([self.version], 1)
        yield info
        ready = GaugeMetricFamily("segur_ready", "1 where this part answers.", labels=["part"])
        for part, problem in self.parts.items():
            ready.add_metric([part], not problem)
        yield ready
        if self.measures is not None:
            yield from _work(self.measures)


def _work(measures: Iterable[WorkMeasure]) -> Iterator[Metric]:
    labels = ["measure"]
    value = GaugeMetricFamily(
        "segur_work", "Seconds, or a count; NaN for what never happened.", labels=labels
    )
    limit = GaugeMetricFamily("segur_work_limit", "The threshold of each.", labels=labels)
    well = GaugeMetricFamily("segur_work_well", "1 within its threshold.", labels=labels)
    for measure in measures:
        value.add_metric([measure.name], math.nan if measure.value is None else measure.value)
        limit.add_metric([measure.name], measure.limit)
        well.add_metric([measure.name], measure.is_well)
    yield from (value, limit, well)


def exposition(
    *, version: str, parts: Mapping[str, str], measures: Iterable[WorkMeasure] | None
) -> bytes:
    """`measures` is None when the database that they are read from is away."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Site(version, parts, measures))
    return generate_latest(registry)
