"""A stand-in for a Microsoft Teams Workflows address over real HTTP."""

import json

from standins.server import Reply, Request, StandIn, json_reply

_PATH = "/workflows/0123456789abcdef/triggers/manual/paths/invoke"


class TeamsStandIn(StandIn):
    """``cards`` holds the content of every Adaptive Card it took."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[dict[str, object]] = []

    @property
    def webhook_url(self) -> str:
        return f"{self.url}{_PATH}?api-version=2016-06-01&sig=not-a-real-signature"

    def is_send(self, request: Request) -> bool:
        return request.method == "POST"

    def fault(self, status: int) -> Reply:
        headers = {"Retry_After": "17"} if status == 429 else {}
        return json_reply(status, {"error": {"code": "Fault", "message": "Try again"}}, **headers)

    def answer(self, request: Request) -> Reply:
        if request.path != _PATH or "sig" not in request.query:
            return json_reply(401, {"error": {"code": "DirectApiAuthorizationRequired"}})
        told = json.loads(request.body)
        for attachment in told["attachments"]:
            assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
            self.cards.append(attachment["content"])
        return Reply(status=202, body=b"")
