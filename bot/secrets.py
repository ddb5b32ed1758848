"""Where the installation's keys come from: the environment, or files made on first run."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from bot.settings import Settings, private_file
from messages.errors import KitError
from storage.sealing import Keyring, new_key

_NAMES = ("secret_key", "encryption_keys", "index_key")


class KeysMissing(KitError):
    """Set KIT_SECRET_KEY, KIT_ENCRYPTION_KEYS and KIT_INDEX_KEY: production makes no keys of its own.
    kit keys new prints some.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    session_key: str
    keyring: Keyring


def load(settings: Settings) -> Keys:
    """The keys from the environment; outside production, those missing are made once in the data folder."""
    found = {
        "secret_key": settings.secret_key.get_secret_value(),
        "encryption_keys": settings.encryption_keys.get_secret_value(),
        "index_key": settings.index_key.get_secret_value(),
    }
    for name, value in found.items():
        if not value:
            found[name] = _from_file(settings, name)
    return Keys(
        session_key=found["secret_key"],
        keyring=Keyring(encryption_keys=found["encryption_keys"], index_keys=found["index_key"]),
    )


def fresh() -> dict[str, str]:
    """New keys, by the variables that name them."""
    return {f"KIT_{name.upper()}": _made(name) for name in _NAMES}


def own_keys(data_dir: Path) -> dict[str, str]:
    """The keys of this data folder, made on first use, by the variables that would name them."""
    return {f"KIT_{name.upper()}": _kept(data_dir, name) for name in _NAMES}


def _from_file(settings: Settings, name: str) -> str:
    if settings.production:
        raise KeysMissing
    return _kept(settings.data_dir, name)


def _kept(data_dir: Path, name: str) -> str:
    path = data_dir / "keys" / name
    private_file(path, _made(name))
    return path.read_text().strip()


def _made(name: str) -> str:
    return secrets.token_urlsafe(48) if name == "secret_key" else new_key()
