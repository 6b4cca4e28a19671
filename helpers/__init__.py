"""How different outlets tell the same event: load, clean, code and report."""
