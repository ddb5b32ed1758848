"""Short ways to say messages and steps, shared by the examples of the preview."""

from web.shapes.pieces import Link, MessageBubble, PostButton, Side, Span, Standing, Status, Step


def said(text: str) -> tuple[Span, ...]:
    """Words with what raised the alert between stars: "ok but *cant do this*"."""
    parts = text.split("*")
    return tuple(Span(text=part, raised=bool(at % 2)) for at, part in enumerate(parts) if part)


def step(when: str, what: str, standing: Standing = Standing.TO_COME) -> Step:
    return Step(when=when, what=what, standing=standing)


def bubble(
    id: str,
    side: Side,
    text: str,
    who: str,
    when: str,
    *,
    statuses: tuple[Status, ...] = (),
    read_as: tuple[str, ...] = (),
    missed_by: str = "",
    missed: Link | None = None,
    not_counted: str = "",
    count_href: str = "",
    undo: PostButton | None = None,
    first_version: str = "",
    pictures: tuple[Link, ...] = (),
    lang: str = "",
) -> MessageBubble:
    return MessageBubble(
        id=id,
        side=side,
        body=said(text),
        who=who,
        when=when,
        statuses=statuses,
        read_as=read_as,
        missed_by=missed_by,
        missed=missed,
        not_counted=not_counted,
        count_href=count_href,
        undo=undo,
        first_version=first_version,
        pictures=pictures,
        lang=lang,
    )
