"""The configured channels: which there are is known at once, each is built when something is first sent.

So the web process, which sends nothing, knows whom an alert can reach and imports no provider's SDK.
"""

import threading
from collections.abc import Callable, Iterator, Mapping

from bot.settings import Settings, listed
from messages.channel import Channel, ChannelName


class ConfiguredChannels(Mapping[ChannelName, Channel]):
    def __init__(self, makers: Mapping[ChannelName, Callable[[], Channel]]) -> None:
        self._makers = makers
        self._built: dict[ChannelName, Channel] = {}
        self._lock = threading.Lock()

    def __getitem__(self, name: ChannelName) -> Channel:
        with self._lock:
            if name not in self._built:
                self._built[name] = self._makers[name]()
            return self._built[name]

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[ChannelName]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def configured(settings: Settings) -> ConfiguredChannels:
    makers = {
        ChannelName.SMS: (settings.sms, _sms),
        ChannelName.TELEGRAM: (settings.telegram, _telegram),
        ChannelName.EMAIL: (bool(settings.smtp_url.get_secret_value()), _email),
        ChannelName.TEAMS: (bool(settings.teams_webhook_url.get_secret_value()), _teams),
        ChannelName.WEBHOOK: (bool(settings.operator_webhook_url), _webhook),
    }
    return ConfiguredChannels(
        {name: _maker(make, settings) for name, (there, make) in makers.items() if there}
    )


def _maker(make: Callable[[Settings], Channel], settings: Settings) -> Callable[[], Channel]:
    return lambda: make(settings)


def _sms(settings: Settings) -> Channel:
    from bot.channels.twilio_sms import TwilioSms

    return TwilioSms(
        settings.twilio_account_sid,
        next(iter(listed(settings.twilio_auth_token)), ""),
        messaging_service_sid=settings.twilio_messaging_service_sid or None,
        from_=settings.twilio_from or None,
        callback_url=f"{settings.base_url}/webhooks/twilio/status",
        base_url=settings.twilio_api_base_url or None,
        region=settings.twilio_region or None,
        edge=settings.twilio_edge or None,
    )


def _telegram(settings: Settings) -> Channel:
    from bot.channels.telegram import TelegramChat

    return TelegramChat(settings.telegram_bot_token.get_secret_value(), settings.telegram_api_base_url)


def _email(settings: Settings) -> Channel:
    from bot.channels.email import EmailAlerts

    return EmailAlerts(settings.smtp_url.get_secret_value(), settings.mail_from)


def _teams(settings: Settings) -> Channel:
    from bot.channels.teams import TeamsAlerts

    return TeamsAlerts(settings.teams_webhook_url.get_secret_value())


def _webhook(settings: Settings) -> Channel:
    from bot.channels.webhook import OperatorWebhook

    return OperatorWebhook(settings.operator_webhook_url)
