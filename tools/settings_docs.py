"""Write the configuration page and ``.env.example`` from the settings: ``python -m tools.settings_docs``."""

from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
_INTRO = """# Configuration

Keep in Touch is set up by environment variables, or by a file named `.env` beside it. `kit check` prints
every fault at once, in words. This page is made from `bot/settings.py` (`python -m tools.settings_docs`).

| Variable | Meaning | Default |
|---|---|---|
"""


def markdown() -> str:
    return _INTRO + "".join(
        f"| `{name}` | {field.description} | {_shown(field) or '–'} |\n" for name, field in _fields()
    )


def example() -> str:
    blocks = [f"# {field.description}\n#{name}={_default(field)}\n" for name, field in _fields()]
    return "# Copy to .env and fill in. See docs/configuration.md.\n\n" + "\n".join(blocks)


def _fields() -> list[tuple[str, FieldInfo]]:
    return [(str(field.validation_alias), field) for field in Settings.model_fields.values()]


def _default(field: FieldInfo) -> str:
    default = field.default
    return default.get_secret_value() if isinstance(default, SecretStr) else str(default)


def _shown(field: FieldInfo) -> str:
    return f"`{_default(field)}`" if _default(field) else ""


FILES = {ROOT / "docs" / "configuration.md": markdown, ROOT / ".env.example": example}


def main() -> None:
    for path, made in FILES.items():
        path.write_text(made(), encoding="utf-8")


if __name__ == "__main__":
    main()
