"""Is a webhook really from Twilio? Our own check, which imports no SDK and never raises.

The rule (https://www.twilio.com/docs/usage/security): base64 of an HMAC over the whole URL followed
by each form field's name and value, names sorted, the values of one name sorted and de-duplicated.
The header ``X-Twilio-Webhooks-Signature-Settings: key=...,algorithm=HMAC_SHA256`` names another
algorithm and a shared key; without it, SHA-1 and the account's auth token. The SDK's
``RequestValidator`` raises on an absent header and on lone surrogates, where a 403 is due.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import ParseResult, parse_qs, urldefrag, urlparse

from bot.channels.parsing import Form

SIGNATURE_HEADER = "X-Twilio-Signature"
SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"

#: How Twilio names its shared keys; an id may stand before the secret in our settings.
_SHARED_KEY_ID = "webhooks_sharedkey_"


class Algorithm(StrEnum):
    SHA1 = "HMAC_SHA1"
    SHA256 = "HMAC_SHA256"


_HASHES: dict[Algorithm, Callable[..., Any]] = {
    Algorithm.SHA1: hashlib.sha1,
    Algorithm.SHA256: hashlib.sha256,
}

_ALGORITHMS = {algorithm.value: algorithm for algorithm in Algorithm}


class Verdict(StrEnum):
    OK = "ok"
    #: Absent, malformed or wrong: 403.
    BAD = "bad"
    #: Twilio has turned to an algorithm that we do not know: 403, and the operator is paged, because
    #: every text would be refused from now on.
    UNKNOWN_ALGORITHM = "unknown_algorithm"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookSecrets:
    """What Twilio may have signed with. Several of each while one is rotated."""

    auth_tokens: tuple[str, ...] = field(default=(), repr=False)
    shared_keys: tuple[str, ...] = field(default=(), repr=False)


def parse_shared_keys(setting: str) -> tuple[str, ...]:
    """The secrets in a comma-separated setting, each ``secret`` or ``webhooks_sharedkey_...:secret``."""
    entries = (entry.strip() for entry in setting.split(","))
    return tuple(
        entry.partition(":")[2] if entry.startswith(_SHARED_KEY_ID) and ":" in entry else entry
        for entry in entries
        if entry
    )


def sign(url: str, form: Form, secret: str, algorithm: Algorithm = Algorithm.SHA1) -> str:
    """The header's value as Twilio would compute it for exactly this ``url``."""
    return _signature((url + _canonical(form)).encode(), secret, algorithm)


def check(
    url: str,
    form: Form,
    signature: object,
    *,
    secrets: WebhookSecrets,
    settings_header: object = None,
    json_body: bytes | None = None,
) -> Verdict:
    """Whether ``signature`` is Twilio's for ``form`` posted to ``url``, with or without the port.

    ``url`` is the public address with raw path and raw query; its fragment is left out, because
    Twilio signs without. A JSON request gives ``json_body`` in place of the form; its digest stands
    in the query as ``bodySHA256``.
    """
    algorithm, keyed = _settings(settings_header)
    if algorithm is None:
        return Verdict.UNKNOWN_ALGORITHM
    candidates = secrets.shared_keys if keyed else secrets.auth_tokens
    if not isinstance(signature, str) or not signature or not any(candidates):
        return Verdict.BAD
    try:
        good = _matches(url, form, signature, candidates, algorithm, json_body)
    except (ValueError, TypeError, AttributeError):
        # Lone surrogates, a port that is no number, values that are no text: not Twilio's.
        return Verdict.BAD
    return Verdict.OK if good else Verdict.BAD


def _matches(
    url: str,
    form: Form,
    signature: str,
    candidates: Sequence[str],
    algorithm: Algorithm,
    json_body: bytes | None,
) -> bool:
    parts = urlparse(urldefrag(url).url)
    if json_body is not None:
        form = {}
        if not _body_is_signed(parts.query, json_body):
            return False
    fields = _canonical(form)
    given = signature.encode()
    return any(
        hmac.compare_digest(_signature((address + fields).encode(), secret, algorithm).encode(), given)
        for secret in candidates
        if secret
        for address in _with_and_without_port(parts)
    )


def _settings(header: object) -> tuple[Algorithm | None, bool]:
    """(algorithm, signed with a shared key) as the settings header says; None for one unknown to us."""
    if not isinstance(header, str):
        return Algorithm.SHA1, False
    values: dict[str, str] = {}
    for part in header.split(","):
        name, _, value = part.partition("=")
        if value.strip():
            values.setdefault(name.strip(), value.strip())
    name = values.get("algorithm", Algorithm.SHA1).upper()
    algorithm = _ALGORITHMS.get(name)
    if algorithm is None:
        return None, False
    return algorithm, algorithm is not Algorithm.SHA1 or "key" in values


def _signature(signed: bytes, secret: str, algorithm: Algorithm) -> str:
    return base64.b64encode(hmac.new(secret.encode(), signed, _HASHES[algorithm]).digest()).decode()


def _canonical(form: Form) -> str:
    return "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))


def _with_and_without_port(parts: ParseResult) -> Iterator[str]:
    """Twilio is not consistent in whether the address it signs has a port."""
    if parts.port:
        yield parts.geturl()
        yield parts._replace(netloc=parts.netloc.split(":")[0]).geturl()
    else:
        port = 443 if parts.scheme == "https" else 80
        yield parts.geturl()
        yield parts._replace(netloc=f"{parts.netloc}:{port}").geturl()


def _body_is_signed(query: str, body: bytes) -> bool:
    digests = parse_qs(query).get("bodySHA256", [""])
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), digests[0].encode())
