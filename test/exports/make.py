"""Writes .made/: exports as their frameworks' users make them by default, each with its framework's answers."""

import shutil

import boosting
import precision
import scikit_learn
from case import MADE

shutil.rmtree(MADE, ignore_errors=True)
scikit_learn.make()
boosting.make()
precision.make()
