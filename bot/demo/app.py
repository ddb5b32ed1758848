"""The demo's web process: the same application as everywhere, with the simulator's page added."""

from flask import Flask

from bot import secrets
from bot.app import assemble
from bot.demo.pages import simulator
from bot.demo.world import Demo
from bot.settings import Settings


def demo_app(settings: Settings, demo: Demo) -> Flask:
    return assemble(
        demo.world.services,
        demo.world.keys,
        session_key=secrets.load(settings).session_key,
        demo=True,
        more=(simulator(demo),),
    )
