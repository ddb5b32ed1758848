"""Our check against the SDK's validator: equal verdicts on what Twilio sends, none false on mutants."""

import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest
import twilio.request_validator
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.twilio_signature import (
    Algorithm,
    Verdict,
    WebhookSecrets,
    check,
    parse_shared_keys,
    sign,
)

#: The SDK has no types.
RequestValidator: Any = twilio.request_validator.RequestValidator

URL = "https://kit.example.org/webhooks/twilio/inbound"
TOKEN = "auth-token"
SHARED = "shared-key"
SECRETS = WebhookSecrets(auth_tokens=(TOKEN,), shared_keys=(SHARED,))
FORM = {"Body": ["not great tbh"], "From": ["+447700900123"], "MessageSid": ["SM1"]}
SHA256_SETTINGS = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FORMS = st.dictionaries(TEXT, st.lists(TEXT, min_size=1, max_size=3), max_size=5)
URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["kit.example.org", "127.0.0.1", "KIT.example.org"]),
    st.sampled_from(["", ":443", ":80", ":8443"]),
    st.sampled_from(["", "/", "/webhooks/twilio/inbound", "/a;b", "/%C3%A9"]),
    st.sampled_from(["", "?outbound=0193b6b2-5f2c-7000-8000-000000000001", "?a=1&b=%20", "?"]),
)


class MultiDict(dict[str, list[str]]):
    """As the SDK meets a form in Flask."""

    def getlist(self, name: str) -> list[str]:
        return self[name]


def oracle(url: str, form: dict[str, list[str]], signature: str, secret: str, algorithm: Algorithm) -> bool:
    return bool(RequestValidator(secret).validate(url, MultiDict(form), signature, algorithm.value))


@settings(max_examples=200, deadline=None)
@given(URLS, FORMS, st.sampled_from(Algorithm), st.data())
def test_verdicts_equal_the_sdks(
    url: str, form: dict[str, list[str]], algorithm: Algorithm, data: st.DataObject
) -> None:
    """The signature may be for this request, for another address, for another form, or by another key."""
    secret = SHARED if algorithm is Algorithm.SHA256 else TOKEN
    header = SHA256_SETTINGS if algorithm is Algorithm.SHA256 else None
    signed = RequestValidator(data.draw(st.sampled_from([secret, "another"]))).compute_signature(
        data.draw(st.just(url) | URLS),
        MultiDict(data.draw(st.just(form) | FORMS)),
        algorithm.value,
    )
    expected = Verdict.OK if oracle(url, form, signed, secret, algorithm) else Verdict.BAD
    assert check(url, form, signed, secrets=SECRETS, settings_header=header) is expected


@given(URLS, FORMS, st.sampled_from(Algorithm))
def test_what_we_sign_the_sdk_accepts(url: str, form: dict[str, list[str]], algorithm: Algorithm) -> None:
    assert sign(url, form, TOKEN, algorithm) == RequestValidator(TOKEN).compute_signature(
        url, MultiDict(form), algorithm.value
    )


def _change_one_character(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    other = chance.choice([mark for mark in "abcXYZ019+/=" if mark != text[at]])
    return text[:at] + other + text[at + 1 :]


def test_no_mutant_is_accepted() -> None:
    """5,000 requests, each with one thing changed after it was signed."""
    chance = random.Random(44)
    good = sign(URL, FORM, TOKEN)
    mutants: list[Callable[[], tuple[str, dict[str, list[str]], str]]] = [
        lambda: (URL, FORM, _change_one_character(good[:-1], chance) + "="),
        lambda: (_change_one_character(URL, chance), FORM, good),
        lambda: (URL, FORM | {"Body": [_change_one_character("not great tbh", chance)]}, good),
        lambda: (URL, FORM | {"From": [_change_one_character("+447700900123", chance)]}, good),
        lambda: (URL, FORM | {f"Extra{chance.random()}": ["1"]}, good),
        lambda: (URL, FORM | {"Body": ["not great tbh", f"{chance.random()}"]}, good),
        lambda: (URL, {name: FORM[name] for name in chance.sample(sorted(FORM), 2)}, good),
        lambda: (URL + f"?x={chance.random()}", FORM, good),
        lambda: (URL, FORM, good[: chance.randrange(len(good))]),
        lambda: (URL, FORM, sign(URL, FORM, f"{chance.random()}")),
    ]
    accepted = 0
    for number in range(5_000):
        url, form, signature = mutants[number % len(mutants)]()
        accepted += check(url, form, signature, secrets=SECRETS) is Verdict.OK
    assert accepted == 0
    assert check(URL, FORM, good, secrets=SECRETS) is Verdict.OK


@pytest.mark.parametrize(
    "signature",
    [None, "", "x", 0, b"bytes", ["list"], "\ud83d", "é" * 28, "=" * 28, object()],
    ids=lambda given: ascii(given)[:30].split(" at ")[0],
)
def test_an_absent_or_odd_signature_is_bad_and_raises_nothing(signature: object) -> None:
    assert check(URL, FORM, signature, secrets=SECRETS) is Verdict.BAD


@settings(max_examples=200)
@given(st.text(), st.dictionaries(st.text(), st.lists(st.text())), st.text(), st.text())
def test_nothing_raises(url: str, form: dict[str, list[str]], signature: str, header: str) -> None:
    assert check(url, form, signature, secrets=SECRETS, settings_header=header) is not Verdict.OK


def test_lone_surrogates_anywhere_are_bad() -> None:
    assert check(URL, {"Body": ["\ud83d"]}, "x", secrets=SECRETS) is Verdict.BAD
    assert check(URL + "?\udcff", FORM, "x", secrets=SECRETS) is Verdict.BAD
    assert check("https://kit.example.org:port/", FORM, "x", secrets=SECRETS) is Verdict.BAD


class TestWhichSecret:
    def test_both_tokens_are_good_during_rotation(self) -> None:
        rotating = WebhookSecrets(auth_tokens=("new", "old"))
        for token in ("new", "old"):
            assert check(URL, FORM, sign(URL, FORM, token), secrets=rotating) is Verdict.OK
        assert check(URL, FORM, sign(URL, FORM, "older"), secrets=rotating) is Verdict.BAD

    def test_sha256_asks_for_the_shared_key_and_not_the_token(self) -> None:
        by_key = sign(URL, FORM, SHARED, Algorithm.SHA256)
        by_token = sign(URL, FORM, TOKEN, Algorithm.SHA256)
        assert check(URL, FORM, by_key, secrets=SECRETS, settings_header=SHA256_SETTINGS) is Verdict.OK
        assert check(URL, FORM, by_token, secrets=SECRETS, settings_header=SHA256_SETTINGS) is Verdict.BAD
        assert check(URL, FORM, by_key, secrets=SECRETS) is Verdict.BAD

    @pytest.mark.parametrize(
        "header", ["", "algorithm=", " , ", "algorithm=HMAC_SHA1", "algorithm=hmac_sha1"]
    )
    def test_a_header_that_names_nothing_new_means_the_token(self, header: str) -> None:
        signed = sign(URL, FORM, TOKEN)
        assert check(URL, FORM, signed, secrets=SECRETS, settings_header=header) is Verdict.OK

    def test_an_unknown_algorithm_is_told_apart(self) -> None:
        verdict = check(
            URL, FORM, sign(URL, FORM, TOKEN), secrets=SECRETS, settings_header="key=k,algorithm=HMAC_SHA512"
        )
        assert verdict is Verdict.UNKNOWN_ALGORITHM

    def test_nothing_is_good_without_a_secret(self) -> None:
        for secrets in (WebhookSecrets(), WebhookSecrets(auth_tokens=("",), shared_keys=("",))):
            assert check(URL, FORM, sign(URL, FORM, ""), secrets=secrets) is Verdict.BAD

    def test_secrets_stay_out_of_a_repr(self) -> None:
        assert TOKEN not in repr(SECRETS)
        assert SHARED not in repr(SECRETS)

    @pytest.mark.parametrize(
        ("setting", "keys"),
        [
            ("", ()),
            ("one", ("one",)),
            (" one , two ,", ("one", "two")),
            ("webhooks_sharedkey_01:one,two", ("one", "two")),
            ("has:colon", ("has:colon",)),
        ],
    )
    def test_shared_keys_with_or_without_their_ids(self, setting: str, keys: tuple[str, ...]) -> None:
        assert parse_shared_keys(setting) == keys


class TestAddress:
    def test_the_port_may_be_signed_or_not(self) -> None:
        bare, ported = "https://kit.example.org/a?b=c", "https://kit.example.org:443/a?b=c"
        for signed in (bare, ported):
            for called in (bare, ported):
                assert check(called, FORM, sign(signed, FORM, TOKEN), secrets=SECRETS) is Verdict.OK

    def test_another_scheme_is_another_address(self) -> None:
        signed = sign(URL.replace("https", "http"), FORM, TOKEN)
        assert check(URL, FORM, signed, secrets=SECRETS) is Verdict.BAD

    def test_the_fragment_is_not_signed(self) -> None:
        signed = sign(URL, FORM, TOKEN)
        assert check(URL + "#rc=5&rp=all", FORM, signed, secrets=SECRETS) is Verdict.OK

    def test_values_are_never_trimmed(self) -> None:
        signed = sign(URL, {"Body": [" hi "]}, TOKEN)
        assert check(URL, {"Body": [" hi "]}, signed, secrets=SECRETS) is Verdict.OK
        assert check(URL, {"Body": ["hi"]}, signed, secrets=SECRETS) is Verdict.BAD


class TestJsonBody:
    BODY = b'{"a": "\xc3\xa9"}'
    SIGNED_URL = f"{URL}?bodySHA256={hashlib.sha256(BODY).hexdigest()}"

    def verdict(self, url: str, body: bytes) -> Verdict:
        return check(url, {}, sign(url, {}, TOKEN), secrets=SECRETS, json_body=body)

    def test_the_digest_in_the_query_vouches_for_the_body_as_the_sdk_says(self) -> None:
        assert self.verdict(self.SIGNED_URL, self.BODY) is Verdict.OK
        signed = sign(self.SIGNED_URL, {}, TOKEN)
        assert RequestValidator(TOKEN).validate(self.SIGNED_URL, self.BODY.decode(), signed)

    def test_another_body_or_no_digest_is_bad(self) -> None:
        assert self.verdict(self.SIGNED_URL, self.BODY + b" ") is Verdict.BAD
        assert self.verdict(URL, self.BODY) is Verdict.BAD
