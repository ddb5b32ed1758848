"""Words and links that would give somebody away, and those that only look so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.discretion import gives_away, languages, link_gives_away


@pytest.mark.parametrize(
    "text",
    [
        "Take care",
        "Your care leaver grant",
        "the leaving-care team",
        "Your pathway plan",
        "your PA will ring",
        "your PA's day off",
        "ask a personal adviser",
        "Social Workers",
        "social  services",
        "Westhaven Council",
        "the council’s office",
        "your Health Passport",
        "our Local Offer",
        "The Pledge",
        "c\u200bare",
        "сare",
        "CARE",
    ],
)
def test_words_that_give_away(text: str) -> None:
    assert gives_away(text, "en")


@pytest.mark.parametrize(
    "text",
    [
        "Hi Jay, it's Sam. How are things?",
        "careers fair, careful, scared",
        "papa is here, spa day",
        "counsel, councillor",
        "See kit.example.org/notice",
        "Samaritans 116 123 or text SHOUT to 85258",
        "",
    ],
)
def test_words_that_do_not(text: str) -> None:
    assert gives_away(text, "en") == []


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("ar", ["دار الرعاية", "بالرعاية", "مع المستشار الشخصي", "الأخصائية الاجتماعية", "من البلدية"]),
        ("ckb", ["کارمەندی کۆمەڵایەتی", "شارەوانییەکە شارەوانی", "ڕاوێژکارەکەت"]),
        ("ps", ["ټولنیز کارکوونکی", "له شورا سره", "سلاکار"]),
        ("fa", ["مددکار اجتماعی", "مشاورت", "شورای شهر", "پرورشگاه‌ها"]),
        ("ti", ["ማሕበራዊ ሰራሕተኛ", "ንኣማኻሪ", "ባይቶ"]),
        ("am", ["የማህበራዊ ሠራተኛ", "ለአማካሪ", "በምክር ቤት"]),
        ("sq", ["punonjësi social", "këshilltari yt", "bashkia", "kujdesi"]),
        ("vi", ["nhân viên xã hội", "Hội đồng", "trại trẻ"]),
        ("fr", ["ton assistante sociale", "les services sociaux", "la mairie", "au foyer"]),
        ("pl", ["pracownik socjalny", "pod opieką", "z domu dziecka", "urząd miasta", "kuratorowi"]),
        ("ro", ["asistentul social", "primăria", "casa de copii", "consilierul tău", "care leaver"]),
        ("uk", ["соціальна працівниця", "опіка", "з дитячого будинку", "до міської ради"]),
        ("cy", ["gweithiwr cymdeithasol", "mewn gofal", "y cyngor", "dy gynghorydd"]),
    ],
)
def test_words_of_each_language_and_english_ones_among_them(language: str, texts: list[str]) -> None:
    assert [text for text in [*texts, "your council"] if not gives_away(text, language)] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "مرحبا جاي، أنا سام. كيف الأحوال؟"),
        ("fr", "Pas de souci, pas ici"),
        ("ro", "Persoana care îți scrie"),
        ("cy", "Pa amser?"),
        ("uk", "Привіт, Мері, раді тобі"),
    ],
)
def test_words_of_each_language_that_do_not(language: str, text: str) -> None:
    assert gives_away(text, language) == []


def test_a_language_without_a_list_has_the_english_one() -> None:
    assert gives_away("PA", "xx") == ["pa"]
    assert {"en", "ar"} <= languages()


@pytest.mark.parametrize(
    "url",
    [
        "https://leavingcare.example/notice",
        "https://leaving-care.example",
        "https://keep-in-touch.example/notice",
        "https://kit.westhaven.gov.uk/notice",
        "https://kit.example/%63are",
        "https://kit.example/notice?from=council",
    ],
)
def test_links_that_give_away(url: str) -> None:
    assert link_gives_away(url)
    assert gives_away(f"More: {url}", "en")


@pytest.mark.parametrize(
    "url",
    [
        "https://kit.example.org/notice",
        "http://127.0.0.1:8000/notice",
        "https://careers.example",
        "http://[x",
    ],
)
def test_links_that_do_not(url: str) -> None:
    assert link_gives_away(url, title="Privacy, in short") == []


def test_the_title_of_a_page_counts() -> None:
    assert link_gives_away("https://kit.example/notice", title="Keep in Touch") == ["keepintouch"]
    assert "pa" in link_gives_away("https://kit.example/notice", title="Your PA")


@settings(max_examples=60)
@given(st.text(max_size=80))
def test_takes_any_text(text: str) -> None:
    assert "council" in gives_away(f"{text} council", "en")
