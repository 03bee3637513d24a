"""German phrases."""

from drumbeat.agents.writers.phrases.book import Book

GERMAN = Book(
    language="de",
    subjects={
        "benefit": (
            "{title}",
            "Für Ihre Woche: {title}",
            "Diese Woche für Sie: {title}",
            "Gut zu wissen: {title}",
            "Das lohnt sich: {title}",
        ),
        "curiosity": (
            "„{quote}“",
            "Eine kleine Frage zum Thema {topic}",
            "Was fällt Ihnen zu {topic} ein?",
            "{topic_start}: Haben Sie es schon so versucht?",
            "Womit wir bei {topic} anfangen würden",
        ),
        "direct": ("{title}", "{brand}: {title}", "Diese Woche: {title}"),
    },
    subjects_by_kind={
        "recipe": ("Auf dem Herd: {title}", "Zum Nachkochen: {title}"),
        "guide": ("Zum Aufheben: {title}", "Schritt für Schritt: {title}"),
        "story": ("Eine Geschichte für Sie: {title}",),
        "event": ("Wir laden Sie ein: {title}", "Zum Vormerken: {title}"),
        "product": ("Ein Blick darauf lohnt sich: {title}",),
        "review": ("Ausprobiert: {title}",),
        "video": ("Zum Ansehen: {title}",),
        "article": ("Lesenswert: {title}",),
    },
    preheaders=("{first_sentence}", "{point}", "Ein paar Minuten zu {topic}, von uns bei {brand}."),
    openings={
        "product": (
            "Diese Woche haben wir eine Sache für Sie ausgesucht. Es geht um {topic}.",
            "Wenn Sie sich gerade mit {topic} beschäftigen, fangen Sie am besten hier an.",
        ),
        "making": (
            "Heute keine Theorie: Das hier lassen Sie beim Ausprobieren am besten offen.",
            "Am besten lernt man {topic} beim Tun. So würden wir es angehen.",
        ),
        "story": (
            "Manchmal ist eine gute Geschichte das Beste, was wir schicken können. So wie heute.",
            "Heute erzählen wir Ihnen lieber etwas, statt Ihnen etwas zu zeigen.",
        ),
        "proof": (
            "Sie müssen uns nicht einfach glauben. Deshalb kommt zuerst jemand anderes zu Wort.",
            "Wir reden lieber weniger und zeigen mehr. Hier ist, was wir meinen.",
        ),
    },
    hellos={
        "new": ("Schön, dass Sie dabei sind. Wir halten uns kurz: ein Thema, kein Lärm.",),
        "loyal": (
            "Danke, dass Sie uns treu sind. Sie kennen den Weg, also kommen wir gleich zur Sache.",
        ),
        "lapsed": (
            "Wir haben eine Weile nichts von Ihnen gehört. Deshalb nur eins, das sich lohnt.",
        ),
        "lead": ("Sie wollten mehr wissen. Hier ist etwas Handfestes für den Anfang.",),
    },
    hello_for_all=(
        "Danke, dass Sie uns lesen. Das haben wir diesmal für Sie.",
        "Ein Thema, ein paar Minuten, und dann gehört der Tag wieder Ihnen.",
    ),
    points_heading=("Kurz gesagt", "Das erwartet Sie", "Das Wichtigste"),
    more_heading=("Auch für Sie", "Wenn Sie schon hier sind", "Und noch etwas"),
    offer_lines={
        "none": ("{offer}.", "Übrigens: {offer}."),
        "reminder": ("{offer}, bis {ends}.", "Gültig bis {ends}: {offer}."),
        "deadline": ("{offer} endet am {ends}.", "Nur noch bis {ends}: {offer}."),
    },
    offer_code=("Ihr Code: {code}", "Mit dem Code {code}"),
    why_you="Sie bekommen diese Mail, weil Sie von {brand} hören wollten.",
    unsubscribe="Mit einem Klick abmelden",
    web_words={"on_the_web": "Zur Website von {brand}", "logo": "Startseite von {brand}"},
    headlines=(
        "{title}",
        "{topic_start} bei {brand}",
        "{brand}: {topic}",
        "Sehen Sie selbst",
        "Ein Blick lohnt sich",
        "Noch am Überlegen?",
        "{brand}",
        "Zurück zu {brand}",
    ),
    headlines_with_offer=("{offer}", "{saves} sparen", "Code {code}"),
    descriptions=(
        "{first_sentence}",
        "{point}",
        "{second_point}",
        "„{quote}“ {quote_by}",
        "{offer}. {terms}",
        "Sehen Sie sich bei {brand} um und entscheiden Sie in Ruhe.",
        "Werfen Sie noch einmal einen Blick darauf.",
    ),
    ad_actions=("Mehr erfahren", "Ansehen", "Jetzt ansehen"),
    hooks={
        "question": (
            "Wie gehen Sie mit {topic} um?",
            "Eine Frage in die Runde: Was ist Ihre Regel bei {topic}?",
        ),
        "fact": ("Ein kleiner Tipp zu {topic}: {point}", "Zum Ausprobieren am {weekday}: {point}"),
        "scene": (
            "Eine kurze Geschichte zum {weekday}. {first_sentence}",
            "{first_sentence}",
        ),
        "number": ("{count} Dinge über {topic}, ganz kurz:", "{topic_start} in {count} Sätzen:"),
        "quote": ("„{quote}“\n{quote_by}",),
    },
    invitations=("{title}:", "Mehr dazu:", "Weiterlesen:", "Hier geht es weiter:"),
    months=(
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    weekdays=(
        "Montag",
        "Dienstag",
        "Mittwoch",
        "Donnerstag",
        "Freitag",
        "Samstag",
        "Sonntag",
    ),
    date_form="{weekday}, {day}. {month}",
)
