"""``kit understand`` and ``kit segments``: what the service makes of a text, and what it costs."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from messages.segments import count
from messages.understand import understand as read
from messages.understand.printing import as_json
from messages.understanding import Context

_CONTEXTS = [context.value for context in Context]
_FILE = click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON lines with id, text and context.",
)


@click.command()
@click.argument("text", required=False)
@click.option("--context", type=click.Choice(_CONTEXTS), default="none")
@_FILE
def understand(text: str | None, context: str, path: Path | None) -> None:
    """What the service makes of TEXT, as JSON lines."""

    def made(line: dict[str, Any]) -> dict[str, Any]:
        asked = line.get("context") or context
        if asked not in _CONTEXTS:
            raise click.ClickException(f"No such context: write one of {', '.join(_CONTEXTS)}.")
        meaning = read(line["text"], Context(asked))
        return as_json(meaning, id=line.get("id"))

    _each(text, path, made)


@click.command()
@click.argument("text", required=False)
@_FILE
def segments(text: str | None, path: Path | None) -> None:
    """How many SMS parts TEXT takes, as Twilio counts."""

    def counted(line: dict[str, Any]) -> dict[str, Any]:
        parts = count(line["text"])
        numbers = {
            "encoding": parts.encoding,
            "characters": parts.characters,
            "segments": parts.segments,
        }
        return ({"id": line["id"]} if "id" in line else {}) | numbers

    _each(text, path, counted)


def _each(text: str | None, path: Path | None, make: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    if (text is None) == (path is None):
        raise click.UsageError("Give TEXT or --file, one of the two.")
    for line in [{"text": text}] if path is None else _lines(path):
        click.echo(json.dumps(make(line), ensure_ascii=False))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                record["text"] + ""
            except (ValueError, KeyError, TypeError):
                raise click.ClickException(f"Line {number} is not a JSON object with a text.") from None
            yield record
