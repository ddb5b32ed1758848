"""Where templates are found, and one guard against a misspelt field. The app and the preview share it."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader, Undefined
from jinja2.exceptions import UndefinedError

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"


def template_loader() -> BaseLoader:
    """Our templates, and GOV.UK's macros under the name that they import each other by."""
    macros = PackageLoader("govuk_frontend_jinja")
    return ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader({"govuk_frontend_jinja": macros})])


class StrictShape(Undefined):
    """Raises where a template uses a field that a shape does not have; asking whether it has one is fine.

    Jinja's own strict mode cannot be used: GOV.UK's macros ask dictionaries for what may be absent.
    For tests and the preview; in production a blank is better than no alert page.
    """

    def _checked(self) -> None:
        if is_dataclass(self._undefined_obj):
            raise UndefinedError(f"{type(self._undefined_obj).__name__} has no {self._undefined_name!r}")

    def __str__(self) -> str:
        self._checked()
        return super().__str__()

    def __bool__(self) -> bool:
        self._checked()
        return super().__bool__()

    def __iter__(self) -> Iterator[Any]:
        self._checked()
        return super().__iter__()
