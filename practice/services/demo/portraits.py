"""What stands beside the demo's therapists: drawn pictures for some, licences, and people who wait for a call."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from PIL import Image as Drawing
from PIL import ImageDraw

from practice.adapters.pictures import Picture, photo_of
from practice.models import BestTime, CallRequest, Image, Licence
from practice.services.demo.batch import Batch, from_dicts
from practice.services.demo.names import FIRST, LAST
from practice.services.demo.plan import Plan
from practice.services.demo.practice import Team

SIDE: Final = 640
CALLS: Final = 3


@dataclass(frozen=True)
class Landscape:
    """The colours of a drawn picture: its sky, its sun, and its hills from the farthest to the nearest."""

    sky: str
    sun: str
    sun_at: tuple[int, int]
    hills: tuple[str, str, str]


# By the therapist's place in the team. The others are shown by their initials, as people without a photo are.
LANDSCAPES: Final = {
    0: Landscape("#f6e3d3", "#e8a37c", (410, 200), ("#a9c9bb", "#6b9c8a", "#2a6656")),
    3: Landscape("#e6e0f0", "#f5d58a", (220, 210), ("#b9a9d6", "#8a74b0", "#574a7d")),
}


def drawn(landscape: Landscape) -> Picture:
    """Return a quiet landscape: a sun over three hills."""
    image = Drawing.new("RGB", (SIDE, SIDE), landscape.sky)
    brush = ImageDraw.Draw(image)
    x, y = landscape.sun_at
    brush.ellipse((x - 90, y - 90, x + 90, y + 90), fill=landscape.sun)
    for box, colour in zip(
        ((-260, 300, 520, 1080), (190, 360, 900, 1080), (-160, 460, 640, 1240)), landscape.hills, strict=True
    ):
        brush.ellipse(box, fill=colour)
    written = BytesIO()
    image.save(written, "PNG")
    return photo_of(written.getvalue())


def photo_id(member: int) -> int | None:
    """Return the id of the picture of a member of the team, None for those without."""
    return list(LANDSCAPES).index(member) + 1 if member in LANDSCAPES else None


def make_images(plan: Plan) -> Batch:
    """Return the pictures of those therapists that there are."""
    pictures = [drawn(landscape) for member, landscape in LANDSCAPES.items() if member < plan.therapists]
    rows = [
        {
            "id": number + 1,
            "public_id": plan.public_id("image", number),
            "content_type": picture.content_type,
            "width": picture.width,
            "height": picture.height,
            "content": picture.content,
            "sha256": picture.sha256,
        }
        for number, picture in enumerate(pictures)
    ]
    return from_dicts(Image.__table__, rows)


def make_licences(plan: Plan, team: Team) -> Batch:
    """Return a licence for each therapist, and a second one for those who may work in two regions."""
    rows: list[dict[str, Any]] = []
    for member in team.members:
        chance = plan.chance(f"licence {member.index}")
        for position, (title, region) in enumerate(member.spec.licences):
            rows.append(
                {
                    "id": len(rows) + 1,
                    "therapist_id": member.index + 1,
                    "title": title,
                    "region": region,
                    "number": f"{chance.randrange(10_000, 99_999):06}",
                    "expires_on": plan.today + timedelta(days=chance.randrange(200, 900)),
                    "position": position,
                }
            )
    return from_dicts(Licence.__table__, rows)


def make_calls(plan: Plan) -> Batch:
    """Return some people who asked to be called; the last one was."""
    chance = plan.chance("calls")
    times = (BestTime.MORNING, BestTime.ANY, BestTime.EVENING, BestTime.AFTERNOON)
    rows = []
    for number in range(CALLS + 1):
        asked = plan.now - timedelta(hours=(14, 18, 20, 38)[number])
        rows.append(
            {
                "id": number + 1,
                "public_id": plan.public_id("call_request", number),
                "name": f"{chance.choice(FIRST)} {chance.choice(LAST)}",
                "phone": f"+1212555{160 + number:04}",
                "best_time": times[number].value,
                "service_id": (1, None, 2, 1)[number],
                "therapist_id": 1 if number == 0 else None,
                "created_at": asked,
                "answered_at": asked + timedelta(hours=1) if number == CALLS else None,
            }
        )
    return from_dicts(CallRequest.__table__, rows)
