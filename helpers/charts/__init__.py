"""The charts: one function a chart, study in, figure and its table out; `show` is the only way out of a figure."""

from . import corpus
from .style import show
