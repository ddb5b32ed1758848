"""Libraries log addresses that hold numbers and the bot token: they are told not to."""

import logging

#: At DEBUG, INFO or WARNING these write request lines (``/bot<token>/sendMessage``, ``?To=+44...``)
#: or whole parameters.
_TALKATIVE = ("httpx", "httpcore", "telegram", "twilio", "urllib3")


def quiet_provider_logs() -> None:
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
