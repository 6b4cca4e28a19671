"""The tests run the sources, whatever was compiled; tests/test_native.py compares the two."""

import os

os.environ["HELPERS_COMPILED"] = "0"
