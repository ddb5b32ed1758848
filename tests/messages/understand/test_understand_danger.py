"""Which texts need a human now, which do not, and what kind of danger they tell of."""

import pytest

from messages.understand import understand
from messages.understanding import AboutStaff, Context, Danger, Intent

_DANGER = {
    "wants-to-die": ("honestly just wanna die", Danger.OWN_LIFE),
    "kms-lol": ("kms lol", Danger.OWN_LIFE),
    "end-life": ("thinking bout ending my life", Danger.OWN_LIFE),
    "cant-go-on": ("i cant go on like this", Danger.OWN_LIFE),
    "no-point": ("theres no point being here", Danger.OWN_LIFE),
    "better-off": ("yous would all be better off without me", Danger.OWN_LIFE),
    "overdose": ("ive just took a load of paracetamol", Danger.OWN_LIFE),
    "self-harm": ("been cutting myself again", Danger.OWN_LIFE),
    "bridge": ("stood on the bridge over the a3 dont know what to do", Danger.OWN_LIFE),
    "goodbye": ("just wanted to say goodbye", Danger.OWN_LIFE),
    "wake-up": ("i hope i dont wake up tomorrow", Danger.OWN_LIFE),
    "voices": ("the voices keep telling me to do things", Danger.OWN_LIFE),
    "suicidal-typo": ("feelin suicdal tbh", Danger.OWN_LIFE),
    "burden": ("im just a burden to everyone", Danger.OWN_LIFE),
    "see-no-future": ("i see no future for me", Danger.OWN_LIFE),
    "not-here": ("i wont be here next week so dont bother", Danger.OWN_LIFE),
    "second-language": ("i no want live more", Danger.OWN_LIFE),
    "after-digit": ("1 but i want to kill myself", Danger.OWN_LIFE),
    "leet": ("gonna k1ll mys3lf", Danger.OWN_LIFE),
    "starred": ("feel like s**cide is the only thing left", Danger.OWN_LIFE),
    "stretched": ("i wanna dieeeee so bad", Danger.OWN_LIFE),
    "zero-width": ("su\u200bici\u200bdal tonight", Danger.OWN_LIFE),
    "homoglyph": ("k\u0456ll mys\u0435lf", Danger.OWN_LIFE),
    "fullwidth": ("\uff4b\uff49\uff4c\uff4c \uff4d\uff59\uff53\uff45\uff4c\uff46", Danger.OWN_LIFE),
    "run-together": ("killmyself", Danger.OWN_LIFE),
    "letters-apart": ("k i l l m y s e l f", Danger.OWN_LIFE),
    "vague-emergency": ("please help me now", Danger.OWN_LIFE),
    "breathing": ("i cant breathe properly my chest hurts", Danger.MEDICAL),
    "stabbed": ("been stabbed in the leg", Danger.MEDICAL),
    "seizure": ("had a seizure this morning on my own", Danger.MEDICAL),
    "bleeding": ("im bleeding and it wont stop", Danger.MEDICAL),
    "spiked": ("think i got spiked last night", Danger.MEDICAL),
    "boyfriend-hits": ("my bf punched me in the face", Danger.OTHER_PERSON),
    "threatened": ("hes threatening me with a knife", Danger.OTHER_PERSON),
    "followed": ("im being followed home", Danger.OTHER_PERSON),
    "locked": ("he locks me in when he goes out", Danger.OTHER_PERSON),
    "raped": ("i was raped on saturday", Danger.OTHER_PERSON),
    "door": ("theyre kicking my door in", Danger.OTHER_PERSON),
    "scared-home": ("scared to go home tonight", Danger.OTHER_PERSON),
    "wont-let-out": ("she wont let me leave the house", Danger.OTHER_PERSON),
    "strangled": ("he strangled me last nite", Danger.OTHER_PERSON),
    "forced-marriage": ("they want to take me to pakistan to marry someone", Danger.OTHER_PERSON),
    "owes-dealer": ("i owe them boys 400 and they want it by tonight", Danger.EXPLOITATION),
    "cuckooed": ("these man have taken over my flat", Danger.EXPLOITATION),
    "selling": ("theyre making me sell drugs", Danger.EXPLOITATION),
    "country": ("they want me to go country again", Danger.EXPLOITATION),
    "nudes": ("he says hell post my nudes everywhere", Danger.EXPLOITATION),
    "sex-for-rent": ("landlord says i can have sex for rent", Danger.EXPLOITATION),
    "passport": ("the man keeps my passport and never pay me", Danger.EXPLOITATION),
    "account": ("they used my bank account to put money through", Danger.EXPLOITATION),
    "phone-checked": ("he goes through my phone every night", Danger.WATCHED_PHONE),
    "dont-ring": ("dont ring me hes here", Danger.WATCHED_PHONE),
    "tracked": ("my ex is tracking my phone", Danger.WATCHED_PHONE),
    "arrested": ("ive been arrested", Danger.ARREST),
    "police-door": ("police are outside my door", Danger.ARREST),
    "recalled": ("they recalled me to prison today", Danger.ARREST),
    "custody": ("in custody need a solicitor", Danger.ARREST),
    "child-hit": ("her dad hits my son", Danger.CHILD),
    "baby-limp": ("baby is limp and not breathing", Danger.CHILD),
    "baby-milk": ("no milk for the baby", Danger.CHILD),
    "take-baby": ("theyre taking my baby tomorrow", Danger.CHILD),
    "nowhere-sleep": ("got nowhere to sleep tonight", Danger.DESTITUTE),
    "streets": ("im on the streets again", Danger.DESTITUTE),
    "tent": ("been sleeping in a tent since monday", Danger.DESTITUTE),
    "not-eaten": ("havent eaten for 3 days", Danger.DESTITUTE),
    "no-food": ("no food and no money left", Danger.DESTITUTE),
    "kicked-out": ("mum kicked me out", Danger.DESTITUTE),
    "second-language-bed": ("i not have place to sleep", Danger.DESTITUTE),
    "evicted-today": ("getting evicted today", Danger.EVICTION),
    "bailiffs": ("bailiffs at the door", Danger.EVICTION),
    "locks": ("landlord changed the locks on me", Danger.EVICTION),
    "friend-suicidal": ("my mate says shes going to kill herself", Danger.THIRD_PARTY),
    "missing": ("my little sister has gone missing", Danger.THIRD_PARTY),
    "friend-writes": ("this is her flatmate she took an overdose", Danger.THIRD_PARTY),
    "death": ("this is his mum he passed away on sunday", Danger.DEATH),
    "stop-and-danger": ("STOP i want to die", Danger.OWN_LIFE),
    "ar-die": ("\u0623\u0631\u064a\u062f \u0623\u0646 \u0623\u0645\u0648\u062a", Danger.OWN_LIFE),
    "fa-suicide": ("\u062e\u0648\u062f\u06a9\u0634\u06cc", Danger.OWN_LIFE),
    "ckb-threat": (
        "\u0647\u06d5\u0695\u06d5\u0634\u06d5\u0645 \u0644\u06ce \u062f\u06d5\u06a9\u0627\u062a",
        Danger.OTHER_PERSON,
    ),
    "ps-killing": ("\u0681\u0627\u0646 \u0648\u0698\u0646\u0645", Danger.OWN_LIFE),
    "ti-die": ("\u12ad\u1218\u12cd\u1275 \u12a5\u12f0\u120a", Danger.OWN_LIFE),
    "sq-die": ("dua t\u00eb vdes", Danger.OWN_LIFE),
    "vi-die": ("em mu\u1ed1n ch\u1ebft", Danger.OWN_LIFE),
    "fr-die": ("je veux mourir", Danger.OWN_LIFE),
    "fr-street": ("je dors dans la rue", Danger.DESTITUTE),
    "pl-die": ("chc\u0119 si\u0119 zabi\u0107", Danger.OWN_LIFE),
    "pl-beaten": ("on mnie bije", Danger.OTHER_PERSON),
    "ro-sleep": ("nu am unde s\u0103 dorm", Danger.DESTITUTE),
    "uk-die": ("\u043d\u0435 \u0445\u043e\u0447\u0443 \u0436\u0438\u0442\u0438", Danger.OWN_LIFE),
    "cy-die": ("dwi eisiau marw", Danger.OWN_LIFE),
}

_NOT_DANGER = {
    "interview": "smashed it at the interview killed it",
    "kebab": "dying for a kebab",
    "phone-died": "sorry my phone died",
    "essay": "this essay is killing me",
    "mates": "hanging with mates",
    "dead-laughing": "dead \U0001f602",
    "murder-brew": "could murder a mcdonalds",
    "late": "my mum will kill me im so late",
    "shot-pool": "shot some pool with my brother",
    "knife-set": "got a new knife set from ikea",
    "not-suicidal": "im not suicidal just tired",
    "used-to": "used to self harm but not anymore",
    "fifa": "you got battered at fifa mate he beat me 3-0",
    "film": "watched suicide squad last night",
    "overdosed-cake": "overdosed on chocolate",
    "cant-wait": "cant wait to see you",
    "starving": "starving whats for dinner",
    "festival": "no where to sleep at the festival lol",
    "hungover": "want to die im so hungover",
    "group-chat": "got kicked out the group chat",
    "sick-tune": "that tune slaps",
    "kms-run": "ran 5 kms today",
    "boxing": "got a black eye from boxing",
    "police-job": "thinking of applying to the police",
    "stalking-insta": "stalking your insta",
    "nan-died": "my nan passed away last year",
    "eviction-tv": "the big brother eviction was mad",
    "rent-worry": "how do i get help with my rent",
    "class": "had a lesson about county lines",
    "rope": "rope swing was class",
    "camping": "camping in wales this weekend",
    "blood-test": "blood test at 3",
    "safe-now": "feeling safe now thank you",
    "take-meds": "took my meds this morning",
    "fr-laugh": "mort de rire",
    "pl-hunger": "umieram z g\u0142odu",
    "ar-laugh": "\u0645\u062a \u0645\u0646 \u0627\u0644\u0636\u062d\u0643",
    "pa-joke": "my pa is gonna kill me ive lost the form again",
    "digit": "3",
    "empty": "",
}

_ABOUT_STAFF = {
    "pa-hit": ("my pa hit me", AboutStaff.ALLEGATION),
    "worker-touched": ("my key worker touched me", AboutStaff.ALLEGATION),
    "adviser-nudes": ("my adviser keeps asking for nudes", AboutStaff.ALLEGATION),
    "carer-money": ("my support worker stole my money", AboutStaff.ALLEGATION),
    "new-worker": ("can i have a new worker please", AboutStaff.COMPLAINT),
    "never-rings": ("my pa never rings me back", AboutStaff.COMPLAINT),
    "complain": ("i want to complain about my social worker", AboutStaff.COMPLAINT),
    "useless": ("social worker is useless", AboutStaff.COMPLAINT),
    "joke": ("my pa gonna kill me im late again haha", None),
    "praise": ("my pa is a legend", None),
    "lunch": ("my pa took me for lunch", None),
    "cant-complain": ("cant complain", None),
}


@pytest.mark.parametrize(("text", "kind"), _DANGER.values(), ids=_DANGER.keys())
def test_danger_is_urgent_and_of_its_kind(text: str, kind: Danger) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert understood.urgent
    assert kind in understood.detail.dangers
    assert understood.why
    assert understood.mood == -1


@pytest.mark.parametrize("text", _NOT_DANGER.values(), ids=_NOT_DANGER.keys())
def test_idioms_and_daily_life_are_not_urgent(text: str) -> None:
    understood = understand(text, Context.CHECK_IN)
    assert not understood.urgent, understood.why


@pytest.mark.parametrize(("text", "about"), _ABOUT_STAFF.values(), ids=_ABOUT_STAFF.keys())
def test_texts_about_workers(text: str, about: AboutStaff | None) -> None:
    understood = understand(text, Context.NONE)
    assert understood.detail.about_staff is about
    if about is AboutStaff.ALLEGATION:
        assert understood.urgent


def test_a_worker_is_known_by_a_first_name_passed_in() -> None:
    text = "Marlowe slapped me"
    named = understand(text, Context.NONE, staff_names=frozenset({"Marlowe"}))
    assert named.detail.about_staff is AboutStaff.ALLEGATION
    assert understand(text, Context.NONE).detail.about_staff is None


@pytest.mark.parametrize("context", list(Context))
def test_danger_is_urgent_whatever_was_asked(context: Context) -> None:
    understood = understand("3 and i want to die", context)
    assert understood.urgent
    assert understood.intent is Intent.CRISIS


def test_why_quotes_the_words_as_they_stand() -> None:
    why = understand("ok so I will K1LL mys\u0435lf", Context.NONE).why
    assert any("mys\u0435lf" in quote for quote in why)


def test_rough_sleeping_is_flagged() -> None:
    assert understand("sleeping in a tent got nowhere else to go", Context.NONE).detail.rough_sleeping
    assert not understand("no food and no money left", Context.NONE).detail.rough_sleeping


@pytest.mark.parametrize("text", ["SHOUT", "shout pls"])
def test_shout_sent_here_is_an_alert(text: str) -> None:
    assert understand(text, Context.CHECK_IN).urgent
