"""How different outlets tell the same event: load, clean, code and report."""

from . import native

COMPILED = native.load(__path__)
