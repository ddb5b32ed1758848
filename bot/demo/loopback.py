"""Requests from the simulated providers to our own webhooks, without a network between them."""

from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import Client

from bot.channels.simulated_requests import WebhookRequest
from bot.webhooks import WebhookKeys, webhooks
from messages.errors import KitError
from scheduler.services import Services


class WebhookRefused(KitError):
    """Our own webhook did not take what the simulated provider posted."""


class Loopback:
    """Our real webhooks as an application of their own: signature, body limit, storing, handling.

    Each process has one, so that neither needs the other to be up. :meth:`serve` comes after the channels
    that post here are made, since the webhooks need the services and the services need the channels.
    """

    def __init__(self) -> None:
        self._app = Flask("bot.demo.loopback")

    def serve(self, services: Services, keys: WebhookKeys) -> None:
        self._app.register_blueprint(webhooks(services, keys))

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> None:
        parts = urlsplit(url)
        answer = Client(self._app).post(
            path=parts.path, query_string=parts.query, data=body, headers=headers, buffered=True
        )
        answer.close()  # what the webhook does after its answer is done when this returns
        if answer.status_code != 200:
            raise WebhookRefused(f"{parts.path} answered {answer.status_code}.")

    def send(self, request: WebhookRequest) -> None:
        self.post(request.url, request.body, request.headers)
