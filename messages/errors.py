"""One base for every error of the service, so that each says in words what to do next."""


class KitError(Exception):
    """Something went wrong in Keep in Touch."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
