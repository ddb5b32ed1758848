"""Danger told without its plain words, and daily life in words close to these."""

import pytest

from messages.understand import understand
from messages.understanding import Context, Danger

_OWN_LIFE = [
    "wish i never woke up this morning",
    "drank a bottle of vodka with all my tablets",
    "i did it i took them all",
    "im at the top of the car park",
    "should of never woken up today",
    "gutted i woke up",
    "why am i still alive",
    "drank a whole bottle of vodka and took all my meds",
    "washed my tablets down with vodka",
    "necked the whole lot",
    "swallowed them all",
    "ive done it. took the tablets. getting sleepy",
    "already took them its too late",
    "stood on top of the multistorey",
    "im on the roof of the flats",
    "up on the ledge of the tower block",
    "legs over the railings",
    "climbed over the barrier at the bridge",
    "staring down at the motorway",
    "lying on the train tracks",
    "you wont hear from me again",
    "after tonight you wont have to worry",
    "whoever finds me im sorry",
    "see you on the other side",
    "belt round my neck",
    "tied a sheet to the door",
    "picked a day to do it",
    "keep thinking about the train tracks",
    "tempted to step out in front of traffic",
    "last time youll hear from me",
]
_OTHER_PERSON = [
    "he put a pillow over my face",
    "hes smothering me",
    "he held my head under the water",
    "she dragged me by my hair",
    "he knelt on my chest",
    "he threw a plate at my head",
    "he broke my nose",
    "woke up and he was on top of me",
    "locked myself in the bathroom hes going mad",
    "he puts fags out on me",
    "he poured boiling water on me",
]
_EXPLOITATION = [
    "theyve got videos of me and want 500 quid",
    "they recorded me on cam and want 300 quid",
    "pay him or hell send it to my mum",
    "some girl has pics of me and is asking for money",
    "says i belong to him",
    "left a bag at mine and told me not to open it",
    "they made fake nudes of me",
    "hes got a video of us and says pay or he'll post it",
    "cant leave till ive paid it off",
]
_DAILY_LIFE = [
    "wish i never woke up so early",
    "took them all to the tip",
    "took it all back to the shop",
    "parked at the top of the car park",
    "meet me at the top of the car park",
    "top of the tower has a great view",
    "laughed so hard had my hand over my mouth",
    "got videos of me dancing at the party",
    "mum took pics of me and said i look nice",
    "can i drink vodka with my tablets",
    "she dragged me to the gym",
    "he threw a snowball at me",
    "swallowed it all with dinner",
    "woke up late again",
    "woke up in a good mood",
    "woke up and he had made me breakfast",
    "how high is the london eye",
    "locked myself out",
    "cant stop shaking im so excited for the gig",
    "my cat keeps killing mice",
    "pay him or not",
    "left my bag at yours",
    "bring a bag to mine",
    "going to sleep now night",
    "got the gas on for tea",
    "drank a bottle of wine with my mate",
    "im at the top of the class",
    "at the top of the stairs waiting",
    "top of the building site",
    "sat on the edge of my bed",
    "took all the boxes down",
    "downed a coffee",
    "did it! passed my test",
    "set a date for the interview",
    "picked a date to meet my pa",
    "he put his hand on my shoulder",
    "put a bag over my shoulder",
    "gave my old clothes away dont need them",
    "my mates and me slept on the sofa after films",
    "see you on the other side of exams",
    "she threw me a party",
    "he broke my phone",
    "sent pics of me and my baby to everyone",
    "photos of us want a copy?",
    "next train to town in 5",
    "too late for college now",
    "cat sat on me all day",
    "dog dragged me round the park",
    "he took my keys by mistake",
    "cant leave till 5",
    "drove into town",
    "the door tie dye went well",
    "had a few drinks and took my tablets",
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, Danger.OWN_LIFE) for text in _OWN_LIFE),
        *((text, Danger.OTHER_PERSON) for text in _OTHER_PERSON),
        *((text, Danger.EXPLOITATION) for text in _EXPLOITATION),
        ("lips going blue", Danger.MEDICAL),
    ],
)
def test_oblique_danger_is_urgent_and_of_its_kind(text: str, kind: Danger) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert understood.urgent
    assert kind in understood.detail.dangers


@pytest.mark.parametrize("text", _DAILY_LIFE)
def test_close_words_of_daily_life_are_not_urgent(text: str) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert not understood.urgent, understood.why
