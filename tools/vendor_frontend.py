"""Bring the interface kit and the typeface into ``web/static/vendor``. For maintainers, with npm at hand.

``python tools/vendor_frontend.py`` packs the two packages at the versions below, takes what we ship,
removes what only GOV.UK itself may use (its typeface, crest, logotype, header and footer) and writes
``VENDORED.md`` with versions, checksums and licences. Running it twice writes the same bytes.
"""

import hashlib
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "web" / "static" / "vendor"

FRONTEND = "govuk-frontend@6.6.0"
TYPEFACE = "@fontsource-variable/atkinson-hyperlegible-next@5.3.0"
SUBSETS = ("latin", "latin-ext")

#: The package says MIT and ships no licence file; this is the text of the project's own.
FRONTEND_LICENCE = """\
The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""

OUR_FONT = "font-family:var(--kit-font,system-ui,sans-serif)"

#: Parts that only a page on GOV.UK may wear. ``govuk-generic-header`` is not among them.
_ONLY_ON_GOVUK = re.compile(r"\.govuk-(?:header|footer|logo)(?![a-z])")
_FONT_FACE = re.compile(r"(?:/\*![^*]*Margaret Calvert[^*]*\*/)?@font-face\{[^}]*\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        files = dict(_frontend(_pack(FRONTEND, Path(scratch))))
        files |= dict(_typeface(_pack(TYPEFACE, Path(scratch))))
    for name, content in files.items():
        target = VENDOR / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (VENDOR / "VENDORED.md").write_text(_ledger(files), encoding="utf-8")
    print(f"{len(files)} files written to {VENDOR}")


def _pack(package: str, scratch: Path) -> Path:
    """Download one package and unpack it; its files are under the folder returned."""
    done = subprocess.run(
        ["npm", "pack", "--silent", package],
        cwd=scratch,
        check=True,
        capture_output=True,
        text=True,
    )
    folder = scratch / re.sub(r"\W", "-", package)
    with tarfile.open(scratch / done.stdout.strip().splitlines()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def _frontend(package: Path) -> Iterator[tuple[str, bytes]]:
    built = package / "dist" / "govuk"
    css = (built / "govuk-frontend.min.css").read_text(encoding="utf-8")
    script = (built / "govuk-frontend.min.js").read_text(encoding="utf-8")
    yield "govuk-frontend/govuk-frontend.min.css", undress(css).encode()
    yield "govuk-frontend/govuk-frontend.min.js", _without_map(script).encode()
    yield "govuk-frontend/LICENSE.txt", FRONTEND_LICENCE.encode()


def _typeface(package: Path) -> Iterator[tuple[str, bytes]]:
    name = "atkinson-hyperlegible-next"
    for subset in SUBSETS:
        font = package / "files" / f"{name}-{subset}-wght-normal.woff2"
        yield f"{name}/{name}-{subset}.woff2", font.read_bytes()
    yield f"{name}/OFL.txt", (package / "LICENSE").read_bytes()


def undress(css: str) -> str:
    """The stylesheet without GOV.UK's typeface, crest, logotype, header and footer."""
    css = _COMMENT.sub("", _FONT_FACE.sub("", css))
    css = css.replace("font-family:GDS Transport,arial,sans-serif", OUR_FONT)
    css = css.replace("font-family:sans-serif", OUR_FONT)
    return "".join(_kept(_without_map(css))) + "\n"


def _kept(css: str) -> Iterator[str]:
    """The rules worth keeping, in order; a group (``@media``) left empty goes too."""
    for head, body in _rules(css):
        if head.startswith("@") and "{" in body:
            inner = "".join(_kept(body))
            if inner:
                yield f"{head}{{{inner}}}"
        elif body is _NO_BODY:
            yield head
        else:
            selectors = [one for one in _split(head) if not _ONLY_ON_GOVUK.search(one)]
            if selectors:
                yield f"{','.join(selectors)}{{{body}}}"


_NO_BODY = ""


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Each ``head{body}`` of minified CSS, bodies whole; a statement (``@charset``) has no body."""
    at = 0
    while at < len(css):
        brace, semicolon = css.find("{", at), css.find(";", at)
        if 0 <= semicolon < brace or brace < 0:
            end = semicolon + 1 if semicolon >= 0 else len(css)
            if css[at:end].strip():
                yield css[at:end].strip(), _NO_BODY
            at = end
            continue
        end = _closing(css, brace)
        yield css[at:brace].strip(), css[brace + 1 : end]
        at = end + 1


def _closing(css: str, brace: int) -> int:
    """Where the block that opens at ``brace`` ends."""
    depth = 0
    for here in range(brace, len(css)):
        depth += {"{": 1, "}": -1}.get(css[here], 0)
        if depth == 0:
            return here
    raise ValueError("the stylesheet ends inside a block")


def _split(selectors: str) -> list[str]:
    """A selector list at its commas, but not at those inside ``:not(a,b)``."""
    return re.split(r",(?![^(]*\))", selectors)


def _without_map(text: str) -> str:
    return re.sub(r"(?://|/\*)# sourceMappingURL=\S+(?: ?\*/)?\s*$", "", text)


def _ledger(files: dict[str, bytes]) -> str:
    rows = (f"| `{name}` | `{hashlib.sha256(files[name]).hexdigest()}` |" for name in sorted(files))
    return f"""# What is in this folder, and where it comes from

Written by `tools/vendor_frontend.py`; change nothing here by hand.

## `{FRONTEND}`

MIT, `govuk-frontend/LICENSE.txt`. Taken: the compiled stylesheet and script. Changed: typeface, crest,
logotype, GOV.UK header and footer removed, since only GOV.UK may use them; our typeface named instead.

## `{TYPEFACE}`

SIL Open Font License 1.1, `atkinson-hyperlegible-next/OFL.txt`. Taken: the upright variable font,
{" and ".join(SUBSETS)}. Changed: the names of the files.

## Files

| File | SHA-256 |
|---|---|
{chr(10).join(rows)}
"""


if __name__ == "__main__":
    main()
