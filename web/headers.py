"""What every answer tells the browser: load nothing from elsewhere, keep nothing, show it in no frame."""

from flask import Flask, Response, request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
_TWO_YEARS = "max-age=63072000; includeSubDomains"


def install(app: Flask, *, https: bool) -> None:
    @app.after_request
    def tell(response: Response) -> Response:
        if request.blueprint == "webhooks":
            return response  # no browser, and the path where each microsecond counts
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers["Strict-Transport-Security"] = _TWO_YEARS
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response
