"""Every text that is sent: complete, short, discreet, and refused at start when it is not."""

import re
import shutil
from datetime import date
from pathlib import Path
from unicodedata import bidirectional

import pytest

import messages.wordings
from messages.channel import Button
from messages.discretion import gives_away
from messages.segments import Encoding, count
from messages.understanding import Topic
from messages.wordings import (
    LONGEST,
    TERMS,
    PhraseKey,
    Placeholder,
    WordingError,
    WordingKey,
    Wordings,
)

FOLDER = Path(messages.wordings.__file__).parent
WORDINGS = Wordings.load()
VALUES = {
    Placeholder.NAME: "Jay",
    Placeholder.ADVISER: "Sam",
    Placeholder.NEW_ADVISER: "Mira",
    Placeholder.BACK_AT: "Mon 9am",
    Placeholder.OUT_OF_HOURS: "07700 900990",
}
YOUNG = [key for key in WordingKey if not TERMS[key].to_staff]
LANGUAGES = [book.language for book in WORDINGS.languages]
DRAFTS = [book.language for book in WORDINGS.unchecked()]
RIGHT_TO_LEFT = [language for language in LANGUAGES if WORDINGS.direction(language) == "rtl"]
CRISIS = [key for key in WordingKey if TERMS[key].crisis]
#: How each language says that 999 is called: nobody is told to text it.
CALL_999 = {
    "en": "call 999",
    "ar": "اتصل على 999",
    "ckb": "تەلەفۆن بکە بۆ 999",
    "ps": "999 ته زنګ ووهه",
    "fa": "زنگ بزن به 999",
    "ti": "ናብ 999 ደውሉ",
    "am": "ወደ 999 ይደውሉ",
    "sq": "telefono 999",
    "vi": "gọi 999",
    "fr": "appelle le 999",
    "pl": "zadzwoń pod 999",
    "ro": "sună la 999",
    "uk": "подзвони на 999",
    "cy": "ffonia 999",
}


def values(key: WordingKey, **changed: str) -> dict[str, str]:
    every = {slot.value: VALUES.get(slot, LONGEST[slot]) for slot in TERMS[key].placeholders}
    return every | changed


def text(key: WordingKey, language: str = "en", variant: int = 0, **changed: str) -> str:
    return WORDINGS.render(key, language, variant=variant, **values(key, **changed)).text


def draft(key: WordingKey, language: str, **changed: str) -> str:
    """A crisis text in its own language, without the English behind it."""
    return text(key, language, 0, **changed).split("\n\n")[0]


def every_text(key: WordingKey, language: str) -> list[str]:
    return [text(key, language, variant) for variant in range(WORDINGS.variants(key, language))]


def own_texts(language: str) -> list[str]:
    """What a young person may read in this language, without what falls back to English or follows in it."""
    (book,) = (book for book in WORDINGS.languages if book.language == language)
    return [
        written.split("\n\n")[0]
        for key in book.texts
        if not TERMS[key].to_staff
        for written in every_text(key, language)
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def change(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")


def faults_in(folder: Path) -> str:
    with pytest.raises(WordingError) as refused:
        Wordings.load(folder)
    return str(refused.value)


def test_every_key_has_terms_and_every_placeholder_a_value() -> None:
    assert set(TERMS) == set(WordingKey)
    helplines = {helpline.key for helpline in WORDINGS.helplines_due(date(2100, 1, 1))}
    assert set(LONGEST) | helplines == set(Placeholder)
    assert {f"topic_{topic}" for topic in Topic} <= set(WordingKey)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_text_to_a_young_person_but_the_topic_library(language: str) -> None:
    (book,) = (book for book in WORDINGS.languages if book.language == language)
    assert {key for key in YOUNG if not key.startswith("topic_")} <= set(book.texts)
    assert len(book.texts[WordingKey.CHECK_IN]) >= 2


def test_the_languages() -> None:
    assert set(LANGUAGES) == set(CALL_999)
    assert [language for language in LANGUAGES if language not in DRAFTS] == ["en"]


@pytest.mark.parametrize("key", WordingKey)
def test_english_is_complete_and_plain(key: WordingKey) -> None:
    for written in every_text(key, "en"):
        assert written
        assert not set(written) & set("{}[]|")
        assert "  " not in written
        assert count(written).encoding is Encoding.GSM_7


@pytest.mark.parametrize("key", YOUNG)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_gives_a_young_person_away(key: WordingKey, language: str) -> None:
    for written in every_text(key, language):
        assert gives_away(written, WORDINGS.render(key, language, variant=0, **values(key)).language) == []


@pytest.mark.parametrize(
    "key",
    [
        WordingKey.CHECK_IN,
        WordingKey.CHECK_IN_NO_NAME,
        WordingKey.CHECK_IN_BUTTONS,
        WordingKey.NUDGE,
        WordingKey.NUDGE_NO_NAME,
        WordingKey.NUDGE_BUTTONS,
    ],
)
def test_check_ins_and_nudges_fit_one_part_with_long_names(key: WordingKey) -> None:
    names = {slot: "Christabelle" for slot in ("name", "adviser") if slot in values(key)}
    assert len("Christabelle") == 12
    for variant in range(WORDINGS.variants(key, "en")):
        assert count(text(key, variant=variant, **names)).segments == 1


def test_variants_go_round_and_differ() -> None:
    number = WORDINGS.variants(WordingKey.CHECK_IN, "en")
    assert number >= 5
    assert len(set(every_text(WordingKey.CHECK_IN, "en"))) == number
    first, again = (
        WORDINGS.render(WordingKey.CHECK_IN, "en", variant=variant, name="Jay", adviser="Sam")
        for variant in (0, number)
    )
    assert first == again
    assert first.variant == 0
    assert first.wording == "check_in/en/0"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", [WordingKey.CHECK_IN, WordingKey.NUDGE])
def test_check_ins_are_signed_and_offer_four_answers(key: WordingKey, language: str) -> None:
    for written in every_text(key, language):
        assert "Sam" in written
        assert all(digit in written for digit in "1234")


@pytest.mark.parametrize(
    "key", [WordingKey.CHECK_IN_NO_NAME, WordingKey.NUDGE_NO_NAME, WordingKey.DANGER_NEUTRAL]
)
def test_no_name_texts_can_hold_none(key: WordingKey) -> None:
    assert not TERMS[key].placeholders & {Placeholder.NAME, Placeholder.ADVISER}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("out_of_hours", ["01632 960 990", ""])
@pytest.mark.parametrize("key", [WordingKey.DANGER_OWN_LIFE, WordingKey.DANGER_OWN_LIFE_UNDER_19])
def test_the_crisis_text(key: WordingKey, language: str, out_of_hours: str) -> None:
    written = text(key, language, out_of_hours=out_of_hours)
    for number in ("999", "111", "116 123", "SHOUT", "85258", out_of_hours):
        assert number in written
    assert ("0800 1111" in written) == (key is WordingKey.DANGER_OWN_LIFE_UNDER_19)
    if language == "en":
        assert count(written).segments <= 2
        assert "111, option 2" in written


@pytest.mark.parametrize("language", DRAFTS)
@pytest.mark.parametrize("out_of_hours", ["01632 960 990", ""])
@pytest.mark.parametrize("key", CRISIS)
def test_a_draft_for_somebody_in_danger_goes_before_the_english(
    key: WordingKey, language: str, out_of_hours: str
) -> None:
    drafted, english = text(key, language, out_of_hours=out_of_hours).split("\n\n")
    assert english == text(key, "en", out_of_hours=out_of_hours)
    assert set(re.findall(r"\d+", drafted)) == set(re.findall("[0-9]+", english))
    assert gives_away(drafted + english, language) == []
    assert WORDINGS.render(key, language, variant=0).language == language


def test_everything_but_the_crisis_texts_goes_alone() -> None:
    assert set(CRISIS) == {
        WordingKey.DANGER_OWN_LIFE,
        WordingKey.DANGER_OWN_LIFE_UNDER_19,
        WordingKey.DANGER_DESTITUTE,
        WordingKey.SHOUT_REDIRECT,
    }
    assert text(WordingKey.DANGER_NEUTRAL, "pl") == "Dzięki, wiadomość dotarła."
    assert not [key for key in YOUNG if key not in CRISIS and "\n" in text(key, "pl")]


def test_a_checked_language_goes_alone(folder: Path) -> None:
    change(folder, "pl.toml", "checked = false", "checked = true")
    rendered = Wordings.load(folder).render(WordingKey.SHOUT_REDIRECT, "pl", variant=0)
    assert rendered.text == draft(WordingKey.SHOUT_REDIRECT, "pl")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", CRISIS)
def test_a_crisis_text_fits_every_channel(key: WordingKey, language: str) -> None:
    written = text(key, language, out_of_hours=LONGEST[Placeholder.OUT_OF_HOURS])
    assert len(written) <= 1600
    assert count(written).segments <= 10


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_a_number_keeps_its_order_in_right_to_left_text(language: str) -> None:
    assert "\u200e01632 960 990" in draft(WordingKey.DANGER_DESTITUTE, language, out_of_hours="01632 960 990")
    assert "\u200e" not in draft(WordingKey.SHOUT_REDIRECT, language)


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
def test_a_right_to_left_text_begins_so(language: str) -> None:
    """Phones lay a text out by its first letter: a name or keyword in front would turn it round."""
    for written in own_texts(language):
        letters = (bidirectional(sign) for sign in written)
        assert next(kind for kind in letters if kind in {"L", "R", "AL"}) == "AL", written


def test_the_texts_that_are_fixed_word_for_word() -> None:
    assert text(WordingKey.DANGER_NEUTRAL) == "Thanks, got your message."
    assert text(WordingKey.DANGER_DESTITUTE) == (
        "Got that. A person is being told now. "
        "Nowhere safe or nothing to eat tonight? Call 07700 900990, any hour."
    )
    assert text(WordingKey.WHO) == "It's Sam. Not who you expected? Reply WRONG"
    assert text(WordingKey.ROBOT_ANSWER, working_days="Mon-Fri") == (
        "Automatic text from Sam's team; a person reads replies Mon-Fri"
    )
    assert text(WordingKey.SHOUT_REDIRECT).startswith("Send SHOUT to 85258, not here")


def test_nothing_is_said_about_a_number_that_is_not_there() -> None:
    assert text(WordingKey.DANGER_DESTITUTE, out_of_hours="") == "Got that. A person is being told now."
    assert "Call" not in text(WordingKey.ACK_LOW_OUT_OF_HOURS, out_of_hours="")


@pytest.mark.parametrize("language", LANGUAGES)
def test_999_is_called_never_texted(language: str) -> None:
    for written in own_texts(language):
        assert "text 999" not in written.lower()
        assert written.count("999") == written.lower().count(CALL_999[language]), written


@pytest.mark.parametrize("key", [key for key in WordingKey if key.endswith("_watched")])
def test_a_watched_phone_is_said_first(key: WordingKey) -> None:
    assert text(key).startswith("This phone may be watched: do not call or text before you have read it.")


def test_an_alert_shows_initials_a_link_and_how_to_take_it() -> None:
    written = text(
        WordingKey.ALERT_NOW,
        initials="J.W.",
        reason="may be in danger",
        by="10:41am",
        code="7K4",
        link="https://kit.example/a/7K4",
    )
    assert written == (
        "NOW, J.W.: may be in danger. By 10:41am. Reply OK 7K4 to take it, or open https://kit.example/a/7K4"
    )
    assert "OK" not in text(WordingKey.ALERT_NOW, code="")


def test_names_may_be_left_out_of_answers() -> None:
    assert text(WordingKey.ACK_GOOD) == "Good to hear, Jay. Thanks for texting back."
    assert text(WordingKey.ACK_GOOD, name="", adviser="") == "Good to hear. Thanks for texting back."
    assert "someone" in text(WordingKey.ACK_CALL_ME, adviser="")


def test_a_right_to_left_language_renders() -> None:
    rendered = WORDINGS.render(WordingKey.CHECK_IN, "ar", variant=0, name="أميرة", adviser="Sam")
    assert rendered.language == "ar"
    assert "أميرة" in rendered.text
    assert WORDINGS.direction("ar") == "rtl"
    arabic = next(book for book in WORDINGS.languages if book.language == "ar")
    assert not arabic.checked


@pytest.mark.parametrize("language", ["ar-SY", "ar_EG", "AR"])
def test_regions_share_their_language(language: str) -> None:
    assert WORDINGS.render(WordingKey.DANGER_NEUTRAL, language, variant=0).language == "ar"


def test_falls_back_to_english_by_language_and_by_key() -> None:
    assert WORDINGS.render(WordingKey.DANGER_NEUTRAL, "xx", variant=0).language == "en"
    assert WORDINGS.render(WordingKey.TOPIC_MONEY, "ar", variant=0, name="", adviser="").language == "en"
    assert WORDINGS.direction("xx") == "ltr"


def test_buttons_are_the_four_answers() -> None:
    assert WORDINGS.buttons(WordingKey.CHECK_IN, "en") == (
        Button(label="1 good", value="1"),
        Button(label="2 ok", value="2"),
        Button(label="3 not great", value="3"),
        Button(label="4 call me", value="4"),
    )
    assert [button.value for button in WORDINGS.buttons(WordingKey.NUDGE_BUTTONS, "ar")] == list("1234")
    assert WORDINGS.buttons(WordingKey.ACK_GOOD, "en") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases(language: str) -> None:
    assert all(WORDINGS.phrase(phrase, language) for phrase in PhraseKey)
    assert WORDINGS.phrase(PhraseKey.FORTNIGHTLY, "en") == "every two weeks"


@pytest.mark.parametrize(
    ("placeholders", "complaint"),
    [
        pytest.param({"name": "Jay"}, "needs adviser", id="missing"),
        pytest.param({"name": " ", "adviser": "Sam"}, "needs name", id="blank"),
        pytest.param({"name": "Jay", "adviser": "Sam", "naem": ""}, "has no naem", id="unknown"),
    ],
)
def test_a_wrong_call_is_refused(placeholders: dict[str, str], complaint: str) -> None:
    with pytest.raises(WordingError, match=complaint):
        WORDINGS.render(WordingKey.CHECK_IN, "en", variant=0, **placeholders)


def test_a_caller_may_give_all_it_knows() -> None:
    everything = {slot.value: value for slot, value in LONGEST.items()}
    for key in WordingKey:
        assert WORDINGS.render(key, "en", variant=0, **everything).text


def test_a_value_can_bring_neither_lines_nor_placeholders() -> None:
    written = text(WordingKey.CHECK_IN, name="Jay\n{adviser}[[x]]")
    assert written.startswith("Hi Jay {adviser}[[x]], it's Sam.")


def test_reviews_and_helplines_fall_due() -> None:
    checked = date(2026, 11, 22)
    assert WORDINGS.topics_due(checked) == ()
    assert all(helpline.checked_on is None for helpline in WORDINGS.helplines_due(checked))
    assert len(WORDINGS.topics_due(date(2030, 1, 1))) == len(Topic)
    assert {helpline.number for helpline in WORDINGS.helplines_due(date(2027, 12, 1))} >= {"999", "116 123"}


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        pytest.param("en.toml", "Only me, {name}.", "Only me, {nmae}.", "{nmae} is not known", id="typo"),
        pytest.param("en.toml", "It's {adviser}. Not who", "Not who", "{adviser} is missing", id="needed"),
        pytest.param(
            "en.toml",
            "Good to hear[[, {name}]].",
            "Good to hear, {name}.",
            "double brackets",
            id="may-be-empty",
        ),
        pytest.param(
            "en.toml", "How are things?", "How’s things?", "plain characters instead of ’", id="curly"
        ),
        pytest.param(
            "en.toml", "Thanks, got your message.", "Take care.", "gives its reader away: care", id="care"
        ),
        pytest.param("en.toml", "That's good news", "Good to hear[[, {name}]]. " * 9, "parts", id="too-long"),
        pytest.param("en.toml", "Reply WRONG", "Reply NO", "WRONG is missing", id="keyword"),
        pytest.param("en.toml", "No problem[[, {name}]].", "Any time[[, {name}]].", "the same", id="twins"),
        pytest.param("en.toml", "not here.", "not here. Or text 999.", "text to 999", id="text-999"),
        pytest.param("en.toml", "Done. We'll text {", "Done. {{", "bracket", id="bracket"),
        pytest.param(
            "en.toml", "neutral_line = [", "neutral_lime = [", "neutral_lime is no text", id="unknown-key"
        ),
        pytest.param(
            "en.toml", "neutral_line = [", "neutral_lime = [", "neutral_line: 0 of 1", id="incomplete"
        ),
        pytest.param("en.toml", "checked = true", 'checked = "yes"', "en.toml", id="wrong-type"),
        pytest.param("en.toml", '"4 call me"]', '"4 call me", "5"]', "en.toml", id="five-buttons"),
        pytest.param("en.toml", "[texts]", "[texts", "en.toml", id="no-toml"),
        pytest.param("en.toml", 'weekly = "every week"', "", "phrase weekly is missing", id="phrase"),
        pytest.param("topics_en.toml", "[money]", "[cash]", "en.toml", id="unknown-topic"),
        pytest.param("topics_en.toml", "Citizens Advice", "the council", "council", id="topic-gives-away"),
        pytest.param(
            "ar.toml", "شكرا، وصلت رسالتك.", "اسأل الأخصائي الاجتماعي.", "ar: danger_neutral", id="arabic"
        ),
        pytest.param("ar.toml", 'language = "ar"', 'language = "xx"', "has no list", id="no-giveaways"),
        pytest.param("fr.toml", "le {emergency}", "le 998", "number 999 is missing", id="number-missing"),
        pytest.param(
            "fr.toml", "le {emergency}", "le {emergency} ou 112", "112 is no number", id="number-more"
        ),
        pytest.param("pl.toml", "wybierz 2", "wybierz 3", "3 is no number", id="option"),
        pytest.param("fa.toml", "زنگ بزن به {nhs_111}", "زنگ بزن به ۱۱۱", "۱۱۱ is no number", id="digits"),
        pytest.param(
            "ar.toml",
            "{out_of_hours} في أي ساعة",
            "999 في أي ساعة",
            "number 07700 is missing",
            id="night-number",
        ),
        pytest.param("cy.toml", "neu ddim byd", "neu care", "away: care", id="english-everywhere"),
    ],
)
def test_a_bad_wording_stops_the_start(folder: Path, name: str, old: str, new: str, fault: str) -> None:
    change(folder, name, old, new)
    assert fault in faults_in(folder)


def test_all_faults_are_told_at_once(folder: Path) -> None:
    change(folder, "en.toml", "Reply WRONG", "Reply NO")
    change(folder, "ar.toml", "أرسل WRONG", "أرسل NO")
    told = faults_in(folder)
    assert "en: who" in told
    assert "ar: who" in told


def test_without_english_nothing_starts(folder: Path) -> None:
    (folder / "en.toml").unlink()
    assert "no English" in faults_in(folder)


def test_an_edited_wording_is_checked_before_use() -> None:
    assert WORDINGS.faults(WordingKey.DANGER_NEUTRAL, "Got it, thank you.", "en") == []
    assert WORDINGS.faults(WordingKey.DANGER_NEUTRAL, "Your PA has it.", "en") == [
        "gives its reader away: pa"
    ]
    assert WORDINGS.faults(WordingKey.DANGER_NEUTRAL, "Oops {", "en") != []
    assert WORDINGS.faults(WordingKey.DANGER_NEUTRAL, " ", "en") == ["is empty when little is known"]
