"""Webhook requests exactly as Twilio and Telegram make them, signed with our own secrets.

The demo's phones and the tests' stand-ins speak through these to the real webhooks.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urldefrag, urlencode

from bot.channels.telegram_webhook import SECRET_HEADER
from bot.channels.twilio_signature import SETTINGS_HEADER, SIGNATURE_HEADER, Algorithm, sign
from messages.channel import CarrierKeyword, Media


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRequest:
    """A POST to make: address with query, body, headers."""

    url: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TwilioSigner:
    """Signs as Twilio does: by auth token, or by shared key where ``shared_key_id`` is given."""

    account_sid: str
    secret: str
    shared_key_id: str = ""

    def request(self, url: str, fields: Mapping[str, str]) -> WebhookRequest:
        url = urldefrag(url).url
        algorithm = Algorithm.SHA256 if self.shared_key_id else Algorithm.SHA1
        form = {name: [value] for name, value in fields.items()}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "User-Agent": "TwilioProxy/1.1",
            SIGNATURE_HEADER: sign(url, form, self.secret, algorithm),
        }
        if self.shared_key_id:
            headers[SETTINGS_HEADER] = f"key={self.shared_key_id},algorithm={algorithm}"
        return WebhookRequest(url=url, body=urlencode(fields).encode(), headers=headers)


def twilio_inbound(
    signer: TwilioSigner,
    *,
    url: str,
    sid: str,
    sender: str,
    to: str,
    text: str,
    media: Sequence[Media] = (),
    carrier_keyword: CarrierKeyword | None = None,
    messaging_service_sid: str = "",
) -> WebhookRequest:
    """A text from ``sender`` to our number ``to``. ``sid``: ``SM`` and 32 hexadecimal digits."""
    fields = {
        "ToCountry": "GB",
        "ToState": "",
        "SmsMessageSid": sid,
        "NumMedia": str(len(media)),
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": text,
        "FromCountry": "GB",
        "To": to,
        "MessagingServiceSid": messaging_service_sid,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": signer.account_sid,
        "From": sender,
        "ApiVersion": "2010-04-01",
    }
    for number, item in enumerate(media):
        fields[f"MediaUrl{number}"] = item.url
        fields[f"MediaContentType{number}"] = item.content_type
    if carrier_keyword:
        fields["OptOutType"] = carrier_keyword.value
    return signer.request(url, fields)


def twilio_status(
    signer: TwilioSigner, *, url: str, sid: str, to: str, sender: str, status: str, error_code: str = ""
) -> WebhookRequest:
    """A status callback to ``url``, which carries our outbound id. ``status`` is Twilio's own word."""
    fields = {
        "SmsSid": sid,
        "SmsStatus": status,
        "MessageStatus": status,
        "To": to,
        "MessageSid": sid,
        "AccountSid": signer.account_sid,
        "From": sender,
        "ApiVersion": "2010-04-01",
    }
    if error_code:
        fields["ErrorCode"] = error_code
    return signer.request(url, fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramCaller:
    """Makes Updates for our webhook. ``secret`` is the one given to ``setWebhook``."""

    url: str
    secret: str

    def request(self, update: Mapping[str, object]) -> WebhookRequest:
        return WebhookRequest(
            url=self.url,
            body=json.dumps(update).encode(),
            headers={"Content-Type": "application/json", SECRET_HEADER: self.secret},
        )

    def text(
        self,
        *,
        update_id: int,
        chat_id: int,
        message_id: int,
        text: str,
        sent_at: datetime,
        edited_at: datetime | None = None,
    ) -> WebhookRequest:
        """A message, or with ``edited_at`` its later version."""
        message: dict[str, object] = {
            "message_id": message_id,
            "from": _person(chat_id),
            "chat": _chat(chat_id),
            "date": int(sent_at.timestamp()),
            "text": text,
        }
        if edited_at is None:
            return self.request({"update_id": update_id, "message": message})
        message["edit_date"] = int(edited_at.timestamp())
        return self.request({"update_id": update_id, "edited_message": message})

    def press(
        self,
        *,
        update_id: int,
        chat_id: int,
        message_id: int,
        callback_id: str,
        value: str,
        sent_at: datetime,
    ) -> WebhookRequest:
        """A press of the button ``value`` under our message ``message_id``."""
        message = {"message_id": message_id, "chat": _chat(chat_id), "date": int(sent_at.timestamp())}
        press = {
            "id": callback_id,
            "from": _person(chat_id),
            "message": message,
            "chat_instance": str(chat_id),
            "data": value,
        }
        return self.request({"update_id": update_id, "callback_query": press})

    def membership(self, *, update_id: int, chat_id: int, blocked: bool, at: datetime) -> WebhookRequest:
        """The person blocks the bot, or lets it in again."""
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
        change = {
            "chat": _chat(chat_id),
            "from": _person(chat_id),
            "date": int(at.timestamp()),
            "old_chat_member": {"user": bot, "status": old, "until_date": 0},
            "new_chat_member": {"user": bot, "status": new, "until_date": 0},
        }
        return self.request({"update_id": update_id, "my_chat_member": change})


def _chat(chat_id: int) -> dict[str, object]:
    return {"id": chat_id, "type": "private", "first_name": "Sam"}


def _person(chat_id: int) -> dict[str, object]:
    return {"id": chat_id, "is_bot": False, "first_name": "Sam", "language_code": "en"}
