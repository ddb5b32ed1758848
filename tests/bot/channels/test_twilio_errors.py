"""Every code of the table, and what an HTTP answer means when its code is not in it."""

import json

import pytest

from bot.channels.answers import Answer
from bot.channels.twilio_errors import meaning, refusal
from messages.channel import Failure

CODES = [
    (20003, Failure.CONFIGURATION),
    (20429, Failure.THROTTLED),
    (21211, Failure.INVALID_ADDRESS),
    (21408, Failure.UNKNOWN),  # one country must not stop the sender
    (21610, Failure.CONSENT),
    (21611, Failure.TRANSIENT),
    (21614, Failure.NOT_MOBILE),
    (30001, Failure.EXPIRED),
    (30003, Failure.UNREACHABLE),
    (30005, Failure.UNKNOWN_ADDRESS),
    (30006, Failure.NOT_MOBILE),
    (30007, Failure.FILTERED),
    (30036, Failure.EXPIRED),
    (99999, Failure.UNKNOWN),
]


def answered(status: int, told: object = None, **headers: str) -> Answer:
    body = b"<html>" if told is None else json.dumps(told).encode()
    return Answer(status=status, headers=headers, body=body)


@pytest.mark.parametrize(("code", "failure"), CODES)
def test_codes_have_a_class_words_and_a_page(code: int, failure: Failure) -> None:
    told = meaning(code)
    assert told.failure is failure
    assert told.words.endswith(".")
    assert told.link == f"https://www.twilio.com/docs/api/errors/{code}"
    assert meaning(str(code)) == told


@pytest.mark.parametrize("code", [None, "", "0", "abc", "٣٠٠٠٣", "9" * 5000, -1], ids=repr)
def test_no_code_is_unknown_without_a_page(code: str | int | None) -> None:
    assert meaning(code).failure is Failure.UNKNOWN
    assert meaning(code).link == ""


@pytest.mark.parametrize(
    ("answer", "failure", "code"),
    [
        pytest.param(answered(400, {"code": 21610}), Failure.CONSENT, "21610", id="code"),
        pytest.param(answered(400, {"code": 12345}), Failure.UNKNOWN, "12345", id="unknown code"),
        pytest.param(answered(400, {"code": "x"}), Failure.UNKNOWN, "400", id="odd code"),
        pytest.param(answered(400, [1]), Failure.UNKNOWN, "400", id="not an object"),
        pytest.param(
            answered(400, {"type": "t", "title": "t", "status": 400, "code": 21211}),
            Failure.INVALID_ADDRESS,
            "21211",
            id="RFC 9457",
        ),
        pytest.param(answered(401), Failure.CONFIGURATION, "401", id="401"),
        pytest.param(answered(404), Failure.CONFIGURATION, "404", id="wrong address of the API"),
        pytest.param(answered(302), Failure.CONFIGURATION, "302", id="moved"),
        pytest.param(answered(429), Failure.THROTTLED, "429", id="429 without a code"),
        pytest.param(answered(500, {"code": 20500}), Failure.TRANSIENT, "20500", id="clean 500"),
        pytest.param(answered(503, {"code": 20503}), Failure.TRANSIENT, "20503", id="clean 503"),
        pytest.param(answered(500), Failure.AMBIGUOUS, "500", id="500 not from Twilio"),
        pytest.param(answered(502), Failure.AMBIGUOUS, "502", id="gateway"),
        pytest.param(answered(503), Failure.AMBIGUOUS, "503", id="503 not from Twilio"),
        pytest.param(answered(504, {"error": "upstream"}), Failure.AMBIGUOUS, "504", id="JSON not Twilio's"),
        pytest.param(answered(408), Failure.AMBIGUOUS, "408", id="408"),
    ],
)
def test_answers(answer: Answer, failure: Failure, code: str) -> None:
    error = refusal(answer)
    assert (error.failure, error.code) == (failure, code)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("34", 34.0), ("0.5", 0.5), ("", None), ("soon", None), ("nan", None), ("-1", None)],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    assert refusal(Answer(status=429, headers={"Retry-After": header}, body=b"")).retry_after == seconds
