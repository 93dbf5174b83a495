"""The state of the process in Prometheus' text format, for `/__mock/metrics`.

The registry is made for each scrape from the application's own numbers: nothing is global, and only a process that is
scraped imports the library. A new figure is one line in `_families`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from server.journal.statistics import BOUNDS_S, CallStatistics, Histogram
from server.version import VERSION

CONTENT_TYPE = CONTENT_TYPE_LATEST
_PREFIX = "ailab_mock_"


class _Numbers(Collector):
    def __init__(self, statistics: CallStatistics, gauges: Mapping[str, tuple[str, float]]) -> None:
        self._statistics = statistics
        self._gauges = gauges

    def collect(self) -> Iterable[Metric]:
        yield from _families(self._statistics)
        for name, (meaning, value) in self._gauges.items():
            yield GaugeMetricFamily(_PREFIX + name, meaning, value)


def exposition(statistics: CallStatistics, gauges: Mapping[str, tuple[str, float]]) -> bytes:
    """Return everything as text.

    Parameters
    ----------
    statistics : CallStatistics
    gauges : mapping
        Name without prefix -> meaning and value now: what others know of themselves.
    """
    registry = CollectorRegistry()
    registry.register(_Numbers(statistics, gauges))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


def _families(statistics: CallStatistics) -> Iterable[Metric]:
    version = GaugeMetricFamily(_PREFIX + "build_info", "The version that runs", labels=["version"])
    version.add_metric([VERSION], 1)
    yield version
    calls = CounterMetricFamily(
        _PREFIX + "requests",
        "Calls answered, by operation, HTTP status and error code",
        labels=["operation", "status", "code"],
    )
    for (operation, status, code), number in statistics.calls.items():
        calls.add_metric([operation, str(status), code], number)
    yield calls
    yield _times("request_seconds", "Time from a call's arrival to its answer", "operation", statistics.durations)
    yield _times("step_seconds", "Time of each step of an edit", "step", statistics.steps)
    faults = CounterMetricFamily(_PREFIX + "faults", "Faults played on purpose", labels=["kind"])
    for kind, number in statistics.faults.items():
        faults.add_metric([kind], number)
    yield faults
    yield CounterMetricFamily(
        _PREFIX + "clients_left", "Clients that left before their answer", statistics.clients_left
    )
    yield GaugeMetricFamily(_PREFIX + "requests_in_progress", "Calls being answered", statistics.in_progress)


def _times(name: str, meaning: str, label: str, histograms: Mapping[str, Histogram]) -> Metric:
    family = HistogramMetricFamily(_PREFIX + name, meaning, labels=[label])
    bounds = [*(f"{bound:g}" for bound in BOUNDS_S), "+Inf"]
    for value, histogram in histograms.items():
        below = accumulate(histogram.counts)
        family.add_metric([value], list(zip(bounds, map(float, below), strict=True)), histogram.sum_s)
    return family
