"""What may be left for somebody who was not reached: words that name neither the clinic nor its work."""

from collections.abc import Mapping
from dataclasses import dataclass

from clinic.intake.rules.calls import Ways

BLANK = "______________________"  # written by hand where the clinic has set no number


@dataclass(frozen=True)
class Neutral:
    """One language's words. `{phone}` is the clinic's number; `emergency` stands only where one is known."""

    voicemail: str
    text: str
    letter: tuple[str, ...]
    emergency: str
    dear: str
    regards: str


NEUTRAL: Mapping[str, Neutral] = {
    "en": Neutral(
        voicemail="This is {blank}, first name only. Please call me back on {phone}.",
        text="We tried to reach you. Call {phone} when it suits you.",
        letter=(
            "We tried to reach you and did not succeed. Call us on {phone} when it suits you.",
            "You are welcome to call at any time, whatever happened.",
        ),
        emergency="In an emergency call {emergency}.",
        dear="Dear",
        regards="Kind regards,",
    ),
    "es": Neutral(
        voicemail="Le habla {blank}, solo el nombre. Por favor llámeme al {phone}.",
        text="Intentamos comunicarnos con usted. Llame al {phone} cuando le convenga.",
        letter=(
            "Intentamos comunicarnos con usted y no lo logramos. Llámenos al {phone} cuando le convenga.",
            "Puede llamar en cualquier momento, pase lo que pase.",
        ),
        emergency="En una emergencia llame al {emergency}.",
        dear="Estimado/a",
        regards="Atentamente,",
    ),
}


@dataclass(frozen=True)
class Left:
    """Words ready to be left, by each way that was said to be safe; None for the others."""

    voicemail: str | None
    text: str | None
    letter: tuple[str, ...]
    dear: str
    regards: str


def left(ways: Ways, language: str | None, *, phone: str | None, emergency: str | None) -> Left:
    """The words in the language in which somebody asked, English where we have no other."""
    words = NEUTRAL.get(language or "en", NEUTRAL["en"])
    fill = {"phone": phone or BLANK, "blank": BLANK}
    also = [words.emergency.format(emergency=emergency)] if emergency else []
    return Left(
        voicemail=words.voicemail.format(**fill) if ways.phone and ways.voicemail_safe else None,
        text=" ".join([words.text.format(**fill), *also]) if ways.phone and ways.texts_safe else None,
        letter=(*(line.format(**fill) for line in words.letter), *also),
        dear=words.dear,
        regards=words.regards,
    )
