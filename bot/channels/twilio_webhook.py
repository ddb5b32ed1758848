"""Twilio's forms, read into our own values. The signature has been checked before.

Field names: https://www.twilio.com/docs/messaging/guides/webhook-request.
"""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from bot.channels.parsing import Form, clean_text, parse_form
from bot.channels.twilio_errors import meaning
from bot.channels.twilio_sms import OUTBOUND_PARAMETER
from messages.channel import CarrierKeyword, ChannelName, DeliveryReport, DeliveryStatus, Inbound, Media

#: Twilio sends ten at most; the count it states is not trusted.
_MOST_MEDIA = 20

_STATUSES: Mapping[str, DeliveryStatus] = {
    "accepted": DeliveryStatus.ACCEPTED,
    "scheduled": DeliveryStatus.ACCEPTED,
    "queued": DeliveryStatus.ACCEPTED,
    "sending": DeliveryStatus.SENDING,
    "sent": DeliveryStatus.SENT,
    "delivered": DeliveryStatus.DELIVERED,
    "read": DeliveryStatus.DELIVERED,
    "undelivered": DeliveryStatus.UNDELIVERED,
    "failed": DeliveryStatus.FAILED,
    "canceled": DeliveryStatus.FAILED,
}

_CARRIER_KEYWORDS: Mapping[str, CarrierKeyword] = {word.value: word for word in CarrierKeyword}


def parse_inbound(form: Form, raw: bytes) -> Inbound:
    """The text in a signed ``form``, whose posted bytes are ``raw``. Never raises.

    A form without a MessageSid is known by its digest, so that its repetition is still one text.
    """
    return Inbound(
        channel=ChannelName.SMS,
        provider_id=_first(form, "MessageSid", "SmsMessageSid", "SmsSid") or _digest(raw),
        sender=_first(form, "From"),
        text=_body(form),
        raw=raw,
        media=_media(form),
        carrier_keyword=_carrier_keyword(form),
    )


def parse_status(form: Form, raw: bytes, query: bytes) -> DeliveryReport | None:
    """The report in a signed ``form``; None for a status that says nothing about a text we sent.

    ``query`` is the raw query of the address called, where our outbound id is.
    """
    status = _STATUSES.get(_first(form, "MessageStatus", "SmsStatus").lower())
    provider_id = _first(form, "MessageSid", "SmsSid")
    if status is None or not provider_id:
        return None
    code = _first(form, "ErrorCode")
    failed = status in (DeliveryStatus.UNDELIVERED, DeliveryStatus.FAILED)
    told = meaning(code) if failed or code.strip("0") else None
    return DeliveryReport(
        channel=ChannelName.SMS,
        provider_id=provider_id,
        status=status,
        outbound_id=_outbound_id(query),
        failure=told.failure if told else None,
        code=code,
        words=told.words if told else "",
        raw=raw,
    )


def _first(form: Form, *names: str) -> str:
    """The first value that is not empty under any of ``names``, clean."""
    return next((clean_text(value) for name in names for value in form.get(name, ()) if value), "")


def _body(form: Form) -> str:
    """All that was written: a repeated ``Body`` hides nothing."""
    return "\n".join(dict.fromkeys(clean_text(value) for value in form.get("Body", ())))


def _media(form: Form) -> tuple[Media, ...]:
    if not any(name.startswith("MediaUrl") for name in form):
        return ()
    found = ((_first(form, f"MediaUrl{n}"), _first(form, f"MediaContentType{n}")) for n in range(_MOST_MEDIA))
    return tuple(Media(url=url, content_type=content_type) for url, content_type in found if url)


def _carrier_keyword(form: Form) -> CarrierKeyword | None:
    return _CARRIER_KEYWORDS.get(_first(form, "OptOutType").upper())


def _outbound_id(query: bytes) -> UUID | None:
    try:
        return UUID(_first(parse_form(query), OUTBOUND_PARAMETER))
    except ValueError:
        return None


def _digest(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
