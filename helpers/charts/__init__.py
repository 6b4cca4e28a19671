"""The charts: one function a chart, table in, figure out; `show` is the only way out of a figure."""

from .style import show
