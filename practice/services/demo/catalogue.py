"""What the demo practice offers: itself, its places, and its eight services."""

from dataclasses import dataclass

from practice.models import Audience, ServiceKind


@dataclass(frozen=True)
class PlaceSpec:
    """A location with its smallest set of rooms; the last room is the one that groups like."""

    slug: str
    name: str
    address: str
    directions: str
    rooms: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class ServiceSpec:
    """A service; ``share`` is how often it is booked beside the others that a therapist offers."""

    slug: str
    name: str
    kind: str
    minutes: int
    about: str
    expect: str
    before: int = 0
    after: int = 10
    step: int = 30
    capacity: int = 1
    price_cents: int = 0
    audience: str = Audience.CLIENTS
    in_person: bool = True
    online: bool = True
    share: int = 0
    lengths: tuple[tuple[int, int], ...] = ()
    needs_approval: bool = False


PRACTICE = {
    "name": "Foundations Therapy",
    "country": "US",
    "currency": "USD",
    "locale": "en_US",
    "email": "hello@foundations.test",
    "phone": "+12125550100",
    "tagline": "Therapy for body, mind and heart",
    "about": (
        "We are a small practice in New York and online. Talk therapy, "
        "inner-child work, and groups that move and play: at a set time, with clear expectations, and at your pace. "
        "Coming is enough."
    ),
    "crisis_text": "",
    "late_fee_cents": 6000,
    "gives_estimates": True,
    "tax_id": "00-1234567",
    "npi": "1234567893",
    "consents_alone_age": 14,
    "consents_needed": 2,
}

PLACES = (
    PlaceSpec(
        "union-square",
        "Union Square",
        "31 East 17th Street, 4th floor, New York, NY 10003",
        "Two minutes from the 14th Street–Union Square station. Ring 4F; the elevator is on your left.",
        (
            ("Garden Room", ("quiet", "step_free")),
            ("River Room", ("quiet", "step_free")),
            ("Lantern Room", ("sand tray", "step_free")),
            ("Studio", ("open floor", "music", "step_free")),
        ),
    ),
    PlaceSpec(
        "brooklyn-heights",
        "Brooklyn Heights",
        "140 Montague Street, garden level, Brooklyn, NY 11201",
        "Five minutes from Court Street station. The door is down three steps; call us and we open the side entrance.",
        (
            ("Maple Room", ("quiet",)),
            ("Window Room", ("toys", "art table")),
            ("Hearth Room", ("open floor", "sofa")),
        ),
    ),
)

SERVICES = (
    ServiceSpec(
        "consultation",
        "First conversation",
        ServiceKind.CONSULTATION,
        20,
        "A short, free conversation to find out whether we suit each other. You need to prepare nothing.",
        "We ask what brings you, you ask what you like. At the end we say what we would suggest, and you decide later.",
        capacity=2,
        audience=Audience.PUBLIC,
        share=2,
    ),
    ServiceSpec(
        "individual",
        "Individual session",
        ServiceKind.INDIVIDUAL,
        50,
        "Talk therapy for one, at a set time that is yours.",
        "You choose where to begin. Your therapist keeps the time, so that you do not have to.",
        price_cents=18000,
        share=10,
        lengths=((80, 27000),),
    ),
    ServiceSpec(
        "inner-child",
        "Inner-child session",
        ServiceKind.INDIVIDUAL,
        75,
        "Meeting younger parts of yourself with patience: with words, drawing, or an object that matters to you.",
        "We go slowly, and stop whenever you want to. There is time at the end to come back to the day.",
        after=15,
        price_cents=24000,
        share=3,
        needs_approval=True,
    ),
    ServiceSpec(
        "body-mind-heart",
        "Body, mind and heart session",
        ServiceKind.INDIVIDUAL,
        60,
        "Breath, grounding and gentle movement beside talking, for what words alone do not reach.",
        "Wear something comfortable. Every movement is an offer; sitting still is one, too.",
        after=15,
        price_cents=20000,
        online=False,
        share=4,
    ),
    ServiceSpec(
        "couple",
        "Couple session",
        ServiceKind.COUPLE,
        80,
        "For two people who want to hear each other again.",
        "Both of you speak, both of you are heard. Your therapist takes neither side.",
        capacity=2,
        price_cents=26000,
        share=4,
    ),
    ServiceSpec(
        "play-together",
        "Play together: parent and child",
        ServiceKind.COUPLE,
        50,
        "A session in which a child leads the play and a parent follows, with a therapist close by.",
        "There are toys, paints and a sand tray. Nobody has to be good at anything.",
        after=15,
        capacity=2,
        price_cents=19000,
        online=False,
        share=2,
    ),
    ServiceSpec(
        "move-and-play",
        "Move and Play",
        ServiceKind.GROUP,
        75,
        "A small group that moves, plays and rests together. No experience is needed, and nobody is watched.",
        "A supportive facilitator opens and closes the circle. Join in as much as you like; showing up counts.",
        before=15,
        after=15,
        step=15,
        capacity=12,
        price_cents=4500,
        online=False,
    ),
    ServiceSpec(
        "inner-child-circle",
        "Inner-Child Circle",
        ServiceKind.GROUP,
        90,
        "An online circle for adults who are getting to know the child they were.",
        "A short reading, a quiet exercise, and time to share or to listen. Cameras may stay off.",
        before=10,
        after=10,
        step=15,
        capacity=8,
        price_cents=4000,
        in_person=False,
    ),
)
