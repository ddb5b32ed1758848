"""The understanding of replies: trained readers, and rules for what is exact; each answer with its reasons.

Callers need ``understand``, ``read_together`` and ``is_skip`` only; what is behind them may be replaced.
"""

from messages.understand.answers import is_skip
from messages.understand.decide import understand
from messages.understand.together import read_together

__all__ = ["is_skip", "read_together", "understand"]
