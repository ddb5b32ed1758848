"""Look at every page without a database: render the examples to a folder, and take their pictures.

``python -m tools.preview_pages FOLDER [--shots]``. With ``--shots``, a PNG at 390 and at 1280 pixels
beside each page. The tests of the pages render through here too.
"""

import argparse
import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jinja2 import Environment

from tools.browser import ADVICE, find_chromium
from tools.preview_examples import EXAMPLES, Example
from web.templating import STATIC, StrictShape, template_loader

WIDTHS = (390, 1280)

#: A test's Chromium talks to nobody but the preview.
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Render every page with invented contents.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--shots", action="store_true", help="take pictures at 390 and 1280 pixels")
    parser.add_argument("--only", default="", help="pages whose name starts with this")
    arguments = parser.parse_args()
    write(arguments.folder)
    if arguments.shots:
        shoot(arguments.folder, arguments.only)
    print(f"{len(EXAMPLES)} pages in {arguments.folder}")


def environment() -> Environment:
    """The templates as the app sees them, with stand-ins for what Flask and its forms provide."""
    env = Environment(loader=template_loader(), autoescape=True, undefined=StrictShape)
    env.globals["url_for"] = lambda _endpoint, filename: f"static/{filename}"
    env.globals["csrf_token"] = lambda: "token-of-the-preview"
    return env


def render(example: Example, env: Environment | None = None) -> str:
    template = (env or environment()).get_template(example.template)
    return template.render(page=example.page, chrome=example.chrome)


def write(folder: Path) -> None:
    """All pages and the static files that they need."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(STATIC, folder / "static", dirs_exist_ok=True)
    env = environment()
    for name, example in EXAMPLES.items():
        (folder / f"{name}.html").write_text(render(example, env), encoding="utf-8")


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the folder under the policy that the app has: nothing inline, nothing from elsewhere."""

    def end_headers(self) -> None:
        self.send_header(
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'",
        )
        # As the app: else a page changed within the second it was asked for is answered 304, "not modified".
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: a line for each file of each page helps nobody."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder over HTTP on loopback (a module script is refused from a file); gives the base URL."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def chromium() -> str:
    """The browser's path; raises SystemExit with what to do when there is none."""
    return find_chromium() or _no_chromium()


def _no_chromium() -> str:
    raise SystemExit(ADVICE)


def shoot(folder: Path, only: str = "") -> None:
    from playwright.sync_api import sync_playwright  # a test dependency: rendering works without

    path = chromium()
    with served(folder) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGS))
        for width in WIDTHS:
            page = browser.new_page(viewport={"width": width, "height": 900})
            for name in filter(lambda one: one.startswith(only), EXAMPLES):
                page.goto(f"{base}/{name}.html")
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
