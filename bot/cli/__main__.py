"""``python -m bot.cli``: the same as ``kit``, for processes that start their own children."""

from bot.cli import main

main()
