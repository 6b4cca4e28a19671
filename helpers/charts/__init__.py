"""The charts: one function a chart, study in, figure and its table out; `show` is the only way out of a figure."""

from collections.abc import Callable

from . import archive, corpus, framing, sentiment, sources, trade, validity
from .style import show

MODULES = (corpus, framing, sentiment, trade, sources, validity)


def catalogue() -> dict[str, Callable]:
    """Every chart by name, for choosing one: the functions that the chart modules list in CHARTS."""
    return {name: draw for module in MODULES for name, draw in module.CHARTS.items()}
