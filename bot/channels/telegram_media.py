"""What a Telegram message carries besides words, as links for staff; nothing is fetched.

``telegram:<file_id>`` names a file that Telegram keeps; ``geo:`` is a place (RFC 5870); ``tel:`` a
shared number.
"""

from typing import Any

from bot.channels.parsing import clean_text
from messages.channel import Media

_LONGEST = 255

#: Field of a message -> the type of its file when Telegram does not say.
_FILES = {
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
    "animation": "video/mp4",
    "document": "application/octet-stream",
    "sticker": "image/webp",
}


def media_of(message: dict[str, Any]) -> tuple[Media, ...]:
    """Never raises: a part of an odd shape is left out."""
    found = [_file(message.get(field), usual) for field, usual in _FILES.items()]
    found += [_photo(message.get("photo")), _place(message.get("location")), _contact(message.get("contact"))]
    return tuple(media for media in found if media is not None)


def _file(part: object, usual: str) -> Media | None:
    if not isinstance(part, dict) or not _said(part.get("file_id")):
        return None
    return Media(url=f"telegram:{_said(part['file_id'])}", content_type=_said(part.get("mime_type")) or usual)


def _photo(sizes: object) -> Media | None:
    """Telegram lists the sizes of one picture, the largest last."""
    return _file(sizes[-1], "image/jpeg") if isinstance(sizes, list) and sizes else None


def _place(part: object) -> Media | None:
    if not isinstance(part, dict):
        return None
    latitude, longitude = part.get("latitude"), part.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Media(url=f"geo:{latitude:.6f},{longitude:.6f}", content_type="application/geo")


def _contact(part: object) -> Media | None:
    if not isinstance(part, dict) or not _said(part.get("phone_number")):
        return None
    return Media(url=f"tel:{_said(part['phone_number'])}", content_type="text/vcard")


def _said(value: object) -> str:
    return clean_text(value)[:_LONGEST] if isinstance(value, str) else ""
