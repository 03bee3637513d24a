"""German phrases."""

from drumbeat.agents.writers.phrases.book import Book

GERMAN = Book(
    language="de",
    subjects={
        "benefit": (
            "{title}",
            "Für Ihre Woche: {title}",
            "Diese Woche für Sie: {title}",
            "{action}: {title}",
            "Das lohnt sich: {title}",
        ),
        "curiosity": (
            "{point}",
            "{second_point}",
            "„{quote}“",
            "{first_sentence}",
            "{last_sentence}",
        ),
        "direct": ("{title}", "{brand}: {title}", "Diese Woche: {title}"),
    },
    subjects_by_kind={
        "recipe": ("Auf dem Herd: {title}", "Zum Nachkochen: {title}"),
        "guide": ("Zum Aufheben: {title}", "Schritt für Schritt: {title}"),
        "story": ("Eine Geschichte für Sie: {title}", "In Ruhe zu lesen: {title}"),
        "event": ("Wir laden Sie ein: {title}", "Zum Vormerken: {title}"),
        "product": ("Ein Blick darauf lohnt sich: {title}", "In unserem Regal: {title}"),
        "review": ("In ihren eigenen Worten: {title}",),
        "video": ("Zum Ansehen: {title}",),
        "article": ("Lesenswert: {title}", "Gut zu wissen: {title}"),
    },
    fallback_subjects={
        "benefit": ("{action}", "Diese Woche: {topic}"),
        "curiosity": ("Eine kleine Frage: {topic}", "Was steckt hinter {topic}?"),
        "direct": ("Diese Woche: {topic}", "{brand} über {topic}"),
    },
    preheaders=(
        "{first_sentence}",
        "{point}",
        "{second_point}",
        "Unsere Auswahl der Woche, und was dazu passt.",
        "Ein paar Minuten Lesezeit, von uns allen bei {brand}.",
    ),
    openings={
        "product": (
            "Diese Woche haben wir eine Sache für Sie ausgesucht. Hier ist sie, und warum.",
            "Ein Thema diese Woche, und wir finden, es ist ein gutes.",
            "Es gab viel Auswahl. Hierzu sind wir immer wieder zurückgekommen.",
        ),
        "making": (
            "Heute keine Theorie: Das hier lassen Sie beim Ausprobieren am besten offen.",
            "Am besten lernt man beim Tun. So gehen wir es an.",
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
        "new": (
            "Schön, dass Sie dabei sind. Wir halten uns kurz: ein Thema, kein Lärm.",
            "Willkommen. So sind unsere Briefe: kurz, und hoffentlich jede Minute wert.",
        ),
        "loyal": (
            "Danke, dass Sie uns treu sind. Sie kennen den Weg, also kommen wir gleich zur Sache.",
            "Sie sind schon eine Weile dabei, und das ist für uns nicht selbstverständlich.",
        ),
        "customer": (
            "Schön, Sie wieder zu sehen. Das hier passt gut in Ihre Woche.",
            "Sie waren schon bei uns, also wissen Sie, was wir meinen.",
        ),
        "lapsed": (
            "Wir haben eine Weile nichts von Ihnen gehört. Deshalb nur eins, das sich lohnt.",
        ),
        "lead": (
            "Sie wollten mehr wissen. Hier ist etwas Handfestes für den Anfang.",
            "Noch unentschlossen? Nehmen Sie sich Zeit. Das hier hilft vielleicht.",
        ),
    },
    hello_for_all=(
        "Danke, dass Sie uns lesen. Das haben wir diesmal für Sie.",
        "Ein Thema, ein paar Minuten, und dann gehört der Tag wieder Ihnen.",
    ),
    points_heading=("Kurz gesagt", "Das erwartet Sie", "Das Wichtigste"),
    more_heading=("Auch für Sie", "Wenn Sie schon hier sind", "Und noch etwas"),
    actions={
        "shop": ("Jetzt einkaufen",),
        "next-step": ("So geht es weiter", "Genauer ansehen"),
    },
    offer_lines={
        "none": ("{offer}", "Übrigens: {offer}"),
        "reminder": ("{offer}, bis {ends}", "Gültig bis {ends}: {offer}"),
        "deadline": ("{offer}: Das endet am {ends}", "Nur noch bis {ends}: {offer}"),
    },
    offer_code=("Ihr Code: {code}", "Mit dem Code {code}"),
    why_you="Sie bekommen diese Mail, weil Sie von {brand} hören wollten.",
    unsubscribe="Mit einem Klick abmelden",
    headlines=("{product}: {price}", "{saves} sparen", "{title}", "{point}", "{action}"),
    headline_fillers=(
        "Sehen Sie selbst",
        "Ein Blick lohnt sich",
        "Noch am Überlegen?",
        "Zurück zu {brand}",
        "Neu bei {brand}? Willkommen",
        "{brand}: {topic}",
    ),
    descriptions={
        "product": ("{offer}.", "{first_sentence}", "{point}", "{terms}"),
        "making": ("{point}", "{first_sentence}", "{second_point}", "{offer}."),
        "story": ("{first_sentence}", "„{quote}“ {quote_by}", "{point}", "{offer}."),
        "proof": ("„{quote}“ {quote_by}", "{point}", "{first_sentence}", "{offer}."),
        "reminder": ("{offer}.", "{terms}", "{first_sentence}", "{point}"),
    },
    description_fillers=(
        "Sehen Sie sich bei {brand} um und entscheiden Sie in Ruhe.",
        "Werfen Sie noch einmal einen Blick darauf.",
        "Machen Sie bei {brand} da weiter, wo Sie aufgehört haben.",
    ),
    ad_actions=("Mehr erfahren", "Ansehen", "Jetzt ansehen"),
    hooks={
        "fact": ("{point}", "Gut zu wissen: {point}", "{first_sentence}"),
        "scene": (
            "Eine kurze Geschichte zum {weekday}. {first_sentence}",
            "{first_sentence}",
            "„{title}“: {first_sentence}",
        ),
        "number": ("Drei Dinge zum Mitnehmen:", "Kurz gesagt, in drei Sätzen:"),
        "quote": ("„{quote}“\n{quote_by}", "Gehört, und einverstanden: „{quote}“ ({quote_by})"),
        "question": ("Was meinen Sie dazu?", "Wie ist das bei Ihnen?"),
    },
    questions={
        "recipe": ("Was kocht bei Ihnen diese Woche?", "Würden Sie das probieren?"),
        "guide": ("Wie machen Sie das zu Hause?", "Welchen Schritt lassen Sie nie aus?"),
        "story": ("Von wem haben Sie etwas gelernt, das Sie heute noch tun?",),
        "event": ("Wen würden Sie mitbringen?", "Sehen wir uns dort?"),
        "product": ("Wäre das etwas für Sie?",),
        "review": ("Ist Ihnen das auch schon passiert?",),
        "article": ("Wussten Sie das?", "Was hat Sie am meisten überrascht?"),
        "video": ("Was fällt Ihnen zuerst auf?",),
    },
    invitations=("{title}:", "Mehr dazu:", "Weiterlesen:", "Hier geht es weiter:", "{action}:"),
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
