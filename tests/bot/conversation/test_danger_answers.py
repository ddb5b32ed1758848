"""Sixty urgent texts, from an open phone and from one that somebody else may read: which answer leaves."""

from enum import Enum

import pytest

from messages.kinds import Deadline
from town import Town


class Answer(Enum):
    CRISIS = "helplines"
    BED = "the out-of-hours number"
    NEUTRAL = "one line that says nothing"
    NONE = "no automatic text: a human answers"


#: What an open phone hears. A watched one hears the neutral line instead, or nothing where this says nothing.
TEXTS = {
    "i dont want to be alive anymore": Answer.CRISIS,
    "kms tonight i mean it": Answer.CRISIS,
    "1 but i want to kill myself": Answer.CRISIS,
    "ive took all my tablets": Answer.CRISIS,
    "cutting again and its bad this time": Answer.CRISIS,
    "everyone would be better off if i was dead": Answer.CRISIS,
    "im stood on the bridge and im gonna jump": Answer.CRISIS,
    "cant do this anymore i want it to end": Answer.CRISIS,
    "gonna k1ll mys3lf": Answer.CRISIS,
    "i wrote my note. tell my sister i love her": Answer.CRISIS,
    "dwi eisiau marw": Answer.CRISIS,
    "chcę się zabić": Answer.CRISIS,
    "je veux mourir": Answer.CRISIS,
    "not eaten and i just want to die": Answer.CRISIS,
    "SHOUT": Answer.CRISIS,
    "i cant breathe and my chest really hurts": Answer.CRISIS,
    "cut my hand right open theres so much blood": Answer.CRISIS,
    "had 3 fits today and im on my own": Answer.CRISIS,
    "think my drink was spiked i cant feel my legs": Answer.CRISIS,
    "my bf punched me in the face again": Answer.NEUTRAL,
    "hes got a knife and hes outside": Answer.NEUTRAL,
    "he strangled me last night": Answer.NEUTRAL,
    "he locks me in when he goes work": Answer.NEUTRAL,
    "i was raped on saturday": Answer.NEUTRAL,
    "scared to go home he said hell hurt me": Answer.NEUTRAL,
    "my ex is following me home right now": Answer.NEUTRAL,
    "they are forcing me to marry in pakistan": Answer.NEUTRAL,
    "on mnie bije": Answer.NEUTRAL,
    "my brothers say they will kill me for leaving": Answer.NEUTRAL,
    "i owe them boys 400 and they want it by tonight or else": Answer.NEUTRAL,
    "these man have took over my flat and they wont leave": Answer.NEUTRAL,
    "theyre making me sell drugs for them": Answer.NEUTRAL,
    "they want me to go country again and i cant say no": Answer.NEUTRAL,
    "he said hell post my nudes if i dont pay": Answer.NEUTRAL,
    "the boss keeps my passport and never pays me": Answer.NEUTRAL,
    "he makes me sleep with his mates for money": Answer.NEUTRAL,
    "landlord says i can stay if i have sex with him": Answer.NEUTRAL,
    "he goes through my phone every night dont text me": Answer.NEUTRAL,
    "dont ring me hes right here": Answer.NEUTRAL,
    "my ex is tracking my phone he knows where i am": Answer.NEUTRAL,
    "ive been arrested im at the station": Answer.NEUTRAL,
    "police are outside my door to arrest me": Answer.NEUTRAL,
    "they recalled me to prison today": Answer.NEUTRAL,
    "in custody need a solicitor": Answer.NEUTRAL,
    "her dad hits my little boy": Answer.NEUTRAL,
    "my stepdad touches my little sister": Answer.NEUTRAL,
    "my baby has bruises and he wont say how": Answer.NEUTRAL,
    "ive got nowhere to sleep tonight": Answer.BED,
    "sleeping rough in the park again": Answer.BED,
    "2 but ive not eaten for 3 days theres no food": Answer.BED,
    "mum kicked me out im sat at the bus stop with my bags": Answer.BED,
    "je dors dans la rue": Answer.BED,
    "im getting evicted today": Answer.BED,
    "getting evicted this morning bags on the pavement": Answer.BED,
    "landlord changed the locks im stuck outside": Answer.BED,
    "my mate says shes going to kill herself tonight": Answer.NONE,
    "this is her flatmate she took an overdose": Answer.NONE,
    "im his girlfriend he has gone missing and left a note": Answer.NONE,
    "this is his mum he passed away on sunday": Answer.NONE,
    "jays sister here. he died last night": Answer.NONE,
}


def test_there_are_sixty() -> None:
    assert len(TEXTS) == 60


@pytest.mark.parametrize("discreet", [False, True], ids=["open", "discreet"])
@pytest.mark.parametrize(("text", "answer"), TEXTS.items(), ids=TEXTS)
def test_the_answer_fits_the_danger_and_the_phone(
    town: Town, text: str, answer: Answer, *, discreet: bool
) -> None:
    jay = town.young_person(number=None, discreet=discreet)
    jay.texts(text)
    heard = jay.hears()
    assert any(alert.deadline is Deadline.NOW for alert in town.alerts(jay))
    if answer is Answer.NONE:
        assert heard == []
    elif discreet or answer is Answer.NEUTRAL:
        assert heard == ["Thanks, got your message."]
    elif text == "SHOUT":
        assert [message.startswith("Send SHOUT to 85258, not here") for message in heard] == [True]
    elif answer is Answer.CRISIS:
        assert [all(n in message for n in ("999", "116 123", "85258", "111")) for message in heard] == [True]
    else:
        assert ["01632 960 990" in message and "116 123" not in message for message in heard] == [True]


@pytest.mark.parametrize("mark", ["discreet", "controlled"])
def test_help_on_telegram_says_no_number_to_a_watched_phone(town: Town, mark: str) -> None:
    amina = town.young_person("Amina", number=None, **{mark: True})
    chat = town.telegram_chat(amina)
    chat.texts("HELP")
    assert not any(character.isdigit() for character in chat.hears_one())
