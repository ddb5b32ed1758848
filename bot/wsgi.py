"""The WSGI application, made from the environment: what a server imports."""

from bot import logs
from bot.app import build_app
from bot.settings import Settings

_settings = Settings.from_environment()
logs.configure(_settings.log_level)
application = build_app(_settings)
