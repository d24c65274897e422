"""The demo practice's therapists: six kinds, which a larger practice has more than once."""

from dataclasses import dataclass

from practice.models import Listing
from practice.services.demo.plan import ZONE

UNION_SQUARE, BROOKLYN, ONLINE = 0, 1, None


@dataclass(frozen=True)
class HoursSpec:
    """Weekly hours on some weekdays (0 is Monday), in minutes of the day, at a place (None: online only)."""

    weekdays: tuple[int, ...]
    start: int
    end: int
    place: int | None
    is_online: bool = True


@dataclass(frozen=True)
class TherapistSpec:
    """A kind of therapist; ``offers`` maps services to (in person, online). The second one supervises associates."""

    name: str
    credentials: str
    pronouns: str
    about: str
    helps_with: tuple[str, ...]
    approaches: tuple[str, ...]
    hours: tuple[HoursSpec, ...]
    offers: dict[str, tuple[bool, bool]]
    languages: tuple[str, ...] = ("English",)
    zone: str = ZONE
    listing: str = Listing.PUBLIC
    takes_new_clients: bool = True
    licences: tuple[tuple[str, str], ...] = ()
    is_associate: bool = False
    works_with_interpreter: bool = False


def at(hour: int, minute: int = 0) -> int:
    """Return the minute of the day."""
    return hour * 60 + minute


BOTH, HERE, AWAY = (True, True), (True, False), (False, True)

TEAM = (
    TherapistSpec(
        "Maya Lindqvist",
        "LCSW",
        "she/her",
        "I work with people who have carried a lot for a long time. We begin with what helps you feel steady, and go "
        "on from there: in words, and where you like, with breath and movement.",
        ("Anxiety", "Grief", "Burnout", "Inner child"),
        ("Talk therapy", "Inner-child work", "Somatic practice"),
        (
            HoursSpec((0, 1, 2, 3), at(9), at(12), UNION_SQUARE),
            HoursSpec((0, 1, 2, 3), at(13), at(17), UNION_SQUARE),
            HoursSpec((4,), at(9), at(13), ONLINE),
        ),
        {"consultation": BOTH, "individual": BOTH, "inner-child": BOTH, "body-mind-heart": HERE, "move-and-play": HERE},
        ("English", "Swedish"),
        licences=(("Licensed Clinical Social Worker", "NY"),),
    ),
    TherapistSpec(
        "Daniel Okafor",
        "PhD",
        "he/him",
        "Couples come to me when talking has become hard. I keep the room calm and the turns fair, and I enjoy the "
        "moment when two people laugh again.",
        ("Relationships", "Separation", "Becoming parents", "Chronic stress"),
        ("Emotionally focused therapy", "Family therapy"),
        (
            HoursSpec((1, 2, 3, 4), at(10), at(13), BROOKLYN),
            HoursSpec((1, 2, 3, 4), at(14), at(19), BROOKLYN),
            HoursSpec((5,), at(9), at(14), BROOKLYN, is_online=False),
        ),
        {"consultation": BOTH, "individual": BOTH, "couple": BOTH, "play-together": HERE},
        licences=(("Licensed Psychologist", "NY"),),
    ),
    TherapistSpec(
        "Sofía Reyes",
        "LMFT",
        "she/her",
        "I live in Los Angeles and work online, in English and Spanish. My clients often live between two places or "
        "two languages, and we make room for both.",
        ("Belonging", "Anxiety", "Relationships", "Inner child"),
        ("Narrative therapy", "Inner-child work"),
        (
            HoursSpec((0, 1, 2, 3, 4), at(9), at(12), ONLINE),
            HoursSpec((0, 1, 3), at(13), at(18), ONLINE),
        ),
        {"consultation": AWAY, "individual": AWAY, "inner-child": AWAY, "couple": AWAY},
        ("English", "Spanish"),
        zone="America/Los_Angeles",
        works_with_interpreter=True,
        licences=(("Licensed Marriage and Family Therapist", "NY"), ("Licensed Marriage and Family Therapist", "CA")),
    ),
    TherapistSpec(
        "Jonah Weiss",
        "LCAT, R-DMT",
        "he/they",
        "I am a dance and movement therapist. A body remembers how to rest and how to play; often it only needs a "
        "place where nobody hurries it.",
        ("Trauma", "Movement", "Body image", "Chronic stress"),
        ("Dance and movement therapy", "Somatic practice", "Play"),
        (
            HoursSpec((2, 3, 4), at(11), at(15), UNION_SQUARE),
            HoursSpec((2, 4), at(16), at(20), UNION_SQUARE),
            HoursSpec((6,), at(10), at(13), UNION_SQUARE, is_online=False),
        ),
        {"consultation": BOTH, "individual": BOTH, "body-mind-heart": HERE, "move-and-play": HERE},
        licences=(("Licensed Creative Arts Therapist", "NY"),),
    ),
    TherapistSpec(
        "Amara Nwosu",
        "LMHC",
        "she/her",
        "Evenings are my hours, for people whose days are full. I bring warmth, structure, and a good deal of humor.",
        ("Perfectionism", "Self-esteem", "Inner child", "Loneliness"),
        ("Inner-child work", "Compassion-focused therapy"),
        (
            HoursSpec((0, 2), at(15), at(20), BROOKLYN),
            HoursSpec((1, 3), at(16), at(19), ONLINE),
        ),
        {"consultation": BOTH, "individual": BOTH, "inner-child": BOTH, "play-together": HERE,
         "inner-child-circle": AWAY},
        ("English", "Igbo"),
        is_associate=True,
        works_with_interpreter=True,
        licences=(("Licensed Mental Health Counselor", "NY"),),
    ),
    TherapistSpec(
        "Priya Raman",
        "PsyD",
        "she/her",
        "I see a small number of people for longer work. My mornings are quiet, and so is my way of working.",
        ("Depression", "Trauma", "Anxiety"),
        ("Psychodynamic therapy", "Mindfulness"),
        (HoursSpec((0, 2, 4), at(8), at(14), UNION_SQUARE),),
        {"individual": BOTH, "inner-child": BOTH, "couple": HERE},
        ("English", "Tamil", "Hindi"),
        listing=Listing.CLIENTS,
        takes_new_clients=False,
        licences=(("Licensed Psychologist", "NY"),),
    ),
)  # fmt: skip
