"""The three lines of the Procfile, as a host starts them: a text comes in, its reply goes out."""

from datetime import UTC, datetime

from bot.channels.simulated_requests import WebhookRequest
from installation import Installation, procfile, wait_until
from standins.server import post
from standins.twilio import TwilioStandIn
from town import Town


def test_a_text_comes_in_and_its_reply_leaves(installation: Installation, twilio: TwilioStandIn) -> None:
    lines = procfile()
    assert list(lines) == ["release", "web", "worker"]
    refused = installation.run(lines["web"])
    assert refused.returncode == 1, "pages must not be served on a database without tables"
    assert "kit db upgrade" in refused.stderr

    released = installation.start(lines["release"])
    assert released.popen.wait(timeout=60) == 0
    database = installation.database()
    jay = Town(database, now=datetime.now(UTC)).young_person("Jay")
    web, worker = installation.start(lines["web"]), installation.start(lines["worker"])
    installation.wait_for_web()

    request = installation.text(jay.address, "i got the job!!", f"SM{1:032x}")
    assert post(request) == 200
    wait_until(lambda: bool(twilio.accepted), what="the reply")
    [reply] = twilio.accepted
    assert reply.to == jay.address
    assert reply.status_callback.startswith(f"{installation.address}/webhooks/twilio/status")

    assert post(request) == 200, "the same text again is acknowledged, and nothing more"
    assert post(_unsigned(request)) == 403
    assert worker.end() == 0
    assert web.running
    web.end()
    assert len(twilio.accepted) == 1
    assert "Traceback" not in installation.logs()
    database.close()


def _unsigned(request: WebhookRequest) -> WebhookRequest:
    headers = {name: value for name, value in request.headers.items() if name != "X-Twilio-Signature"}
    return WebhookRequest(url=request.url, body=request.body, headers=headers)
