"""The first understanding of replies: word lists and small grammar, each answer with its reasons.

Callers need ``understand``, ``read_together`` and ``is_skip`` only; what is behind them may be replaced.
"""

from messages.understand.answers import is_skip
from messages.understand.decide import understand
from messages.understand.together import read_together

__all__ = ["is_skip", "read_together", "understand"]
