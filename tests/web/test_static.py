"""What we serve: nothing that only GOV.UK may use, every font with its licence, every byte accounted for."""

import hashlib
import re
from pathlib import Path

import pytest

from tools.vendor_frontend import undress
from web.templating import STATIC, TEMPLATES

VENDOR = STATIC / "vendor"
TEST_VENDOR = Path(__file__).parent.parent / "vendor"
SHIPPED = sorted(path for root in (STATIC, TEMPLATES) for path in root.rglob("*") if path.is_file())

ONLY_GOVUK_MAY = (
    "GDS Transport",
    "govuk-crest",
    "govuk-logo",
    "govuk-header__logotype",
    "govuk-opengraph-image",
    "Margaret Calvert",
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_nothing_that_only_govuk_may_use(path: Path) -> None:
    text = path.read_bytes().decode("utf-8", errors="ignore")
    # The ledger names what was removed in other words; a file that names it as below still has it.
    assert [words for words in ONLY_GOVUK_MAY if words in text] == []


@pytest.mark.parametrize("folder", [VENDOR, TEST_VENDOR], ids=["shipped", "tests"])
def test_every_vendored_file_is_in_the_ledger_with_its_checksum(folder: Path) -> None:
    ledger = (folder / "VENDORED.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| `([^`]+)` \|.* `([0-9a-f]{64})` \|$", ledger, re.MULTILINE))
    there = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "VENDORED.md" and not path.name.endswith("-LICENSE.txt")
    }
    assert there == listed


def test_every_vendored_package_has_its_licence() -> None:
    for font in VENDOR.rglob("*.woff2"):
        assert "SIL OPEN FONT LICENSE" in (font.parent / "OFL.txt").read_text(encoding="utf-8")
    assert "MIT" in (VENDOR / "govuk-frontend" / "LICENSE.txt").read_text(encoding="utf-8")
    assert "Mozilla Public License" in (TEST_VENDOR / "axe-LICENSE.txt").read_text(encoding="utf-8")


def test_stylesheets_fetch_only_what_is_there() -> None:
    for sheet in STATIC.rglob("*.css"):
        for url in re.findall(r"url\(\"?([^\")]+)", sheet.read_text(encoding="utf-8")):
            assert (sheet.parent / url).is_file(), f"{sheet.name} asks for {url}"


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_need_no_hole_in_the_content_security_policy(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:", text)
    assert re.findall(r"<script(?![^>]*\ssrc=)", text) == []
    assert re.findall(r"(?:src|rel=\"stylesheet\" href)=\"https?:", text) == []


def test_undress_keeps_our_rules_and_drops_govuks_own() -> None:
    css = (
        '@charset "UTF-8";@font-face{font-family:GDS Transport;src:url(x)}'
        ".govuk-header,.govuk-link{font-family:GDS Transport,arial,sans-serif}"
        ".govuk-generic-header{color:red}.govuk-footer__crest{background:url(govuk-crest.svg)}"
        "@media print{.govuk-header{color:#000}}@media print{.a:not(.govuk-footer,.b){top:0}.c{top:1px}}"
    )
    assert undress(css) == (
        '@charset "UTF-8";.govuk-link{font-family:var(--kit-font,system-ui,sans-serif)}'
        ".govuk-generic-header{color:red}@media print{.c{top:1px}}\n"
    )
