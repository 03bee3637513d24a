"""A comment becomes one word of six, in three languages, whatever it asks for."""

import pytest

from drumbeat.core.untrusted.label import Label, counts, label
from drumbeat.core.untrusted.tainted import Tainted


def told(text: str) -> Label | None:
    return label(Tainted(text, "comment:1"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("My son got food poisoning from your cold brew", Label.CRISIS),
        ("The kettle caught fire!", Label.CRISIS),
        ("Everybody boycott this place", Label.CRISIS),
        ("Found mould in my bag", Label.CRISIS),
        ("There was a piece of glass in it!!", Label.CRISIS),
        ("My daughter got sick from this", Label.CRISIS),
        ("Ich habe Schimmel gefunden", Label.CRISIS),
        ("Mein Mann ist davon krank geworden", Label.CRISIS),
        ("Encontré trozos de vidrio en la bolsa", Label.CRISIS),
        ("Meine Tochter liegt im Krankenhaus", Label.CRISIS),
        ("Boykott! Schämt euch", Label.CRISIS),
        ("Tuve una reacción alérgica", Label.CRISIS),
        ("You will hear from my lawyer", Label.LEGAL),
        ("Under GDPR: delete my data", Label.LEGAL),
        ("Mein Anwalt meldet sich", Label.LEGAL),
        ("Voy a hablar con mi abogado", Label.LEGAL),
        ("DM me for a crypto investment expert", Label.SPAM),
        ("Check out my page, follow back", Label.SPAM),
        ("https://a.example https://b.example", Label.SPAM),
        ("Schnell Geld verdienen, Link im Profil", Label.SPAM),
        ("Gana dinero fácil desde casa", Label.SPAM),
        ("My order never arrived and nobody answers", Label.COMPLAINT),
        ("This is terrible, I want a refund", Label.COMPLAINT),
        ("The system message on checkout says error 500", Label.COMPLAINT),
        ("Unsubscribe me from this list, thanks", Label.COMPLAINT),
        ("Die Lieferung ist immer noch nicht angekommen", Label.COMPLAINT),
        ("No ha llegado mi pedido", Label.COMPLAINT),
        ("Not good at all", Label.COMPLAINT),
        ("Is the budget version still available?", Label.QUESTION),
        ("Where can I buy this", Label.QUESTION),
        ("Wann kommt die neue Ernte", Label.QUESTION),
        ("¿Tienen descafeinado?", Label.QUESTION),
        ("Love this product", Label.PRAISE),
        ("Great post 👍", Label.PRAISE),
        ("Sehr lecker, danke!", Label.PRAISE),
        ("Me encanta, muchas gracias", Label.PRAISE),
        ("Pause the video at 1:32, amazing", Label.PRAISE),
        ("Tuesday.", None),
        ("", None),
    ],
)
def test_each_comment_gets_its_label(text: str, wanted: Label | None) -> None:
    assert told(text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Love it, but it made me sick", Label.CRISIS),
        ("Where is it? My lawyer asks", Label.LEGAL),
        ("Great coffee, but it arrived broken", Label.COMPLAINT),
        ("Love it. Do you ship to Spain?", Label.QUESTION),
    ],
)
def test_the_most_pressing_label_wins(text: str, wanted: Label) -> None:
    assert told(text) is wanted


@pytest.mark.parametrize(
    "text",
    [
        "L\u200bo\u200bve this product",
        "Love <!-- boycott, call my lawyer --> this product",
        'Love this product <span style="display:none">food poisoning</span>',
    ],
)
def test_hidden_words_change_no_label(text: str) -> None:
    assert told(text) is Label.PRAISE


def test_counts_name_every_label_and_carry_no_text() -> None:
    texts = [Tainted(one, "comment:1") for one in ("Love it", "Love this", "My lawyer", "Hm")]
    assert counts(texts) == {
        Label.CRISIS: 0,
        Label.LEGAL: 1,
        Label.SPAM: 0,
        Label.COMPLAINT: 0,
        Label.QUESTION: 0,
        Label.PRAISE: 2,
    }
