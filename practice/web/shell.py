"""What surrounds every page: the practice's name, the navigation, who is signed in, crisis help."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from practice.domain.crisis import CrisisHelp, crisis_help


@dataclass(frozen=True, slots=True)
class Link:
    """A link with words; ``is_current`` where it leads to the page that shows it."""

    label: str
    href: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class AccountLink:
    """The signed-in person's corner."""

    name: str
    href: str
    sign_out_href: str


# As many places as a phone shows in one row; where there are more, the first few and a way to the rest.
MOST_IN_A_ROW, FIRST_IN_A_ROW = 4, 3


@dataclass(frozen=True, slots=True)
class Undo:
    """A button beside a message that takes back what the message tells of: ``fields`` are posted to ``href``."""

    href: str
    fields: tuple[tuple[str, str], ...] = ()


class Flash(NamedTuple):
    """A message at the top of a page: ``tone`` is "" or "problem"."""

    tone: str
    words: str
    undo: Undo | None = None


@dataclass(frozen=True, slots=True)
class Shell:
    """What base.html reads. Made once a request; the defaults are what a page can be shown with in any trouble."""

    practice_name: str = "Your practice"
    home_href: str = "/"
    nav: tuple[Link, ...] = ()
    account: AccountLink | None = None
    sign_in_href: str = ""
    crisis: CrisisHelp = field(default_factory=lambda: crisis_help("", "US"))
    flashes: tuple[Flash, ...] = ()
    is_demo: bool = False
    brand_css_href: str = ""
    logo_href: str = ""

    @property
    def first(self) -> tuple[Link, ...]:
        """The places that are always in sight."""
        return self.nav if len(self.nav) <= MOST_IN_A_ROW else self.nav[:FIRST_IN_A_ROW]

    @property
    def further(self) -> tuple[Link, ...]:
        """The places that stand under "More" where there is no room for all."""
        return self.nav[len(self.first) :]

    @property
    def is_further(self) -> bool:
        """Whether the page that is shown stands under "More"."""
        return any(place.is_current for place in self.further)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the navigation: its words, the endpoint it leads to, the prefixes of the endpoints it stands for."""

    label: str
    endpoint: str
    prefix: str
    also: tuple[str, ...] = ()

    def fits(self, endpoint: str) -> int:
        """How much of ``endpoint`` this place stands for, in letters."""
        return max(len(prefix) for prefix in ("", self.prefix, *self.also) if endpoint.startswith(prefix))


def links_to(
    places: Collection[Place], endpoints: Collection[str], current: str, url_for: Callable[[str], str]
) -> tuple[Link, ...]:
    """Links to those ``places`` whose endpoint exists; the one with the longest fitting prefix is current."""
    best = max((place for place in places if place.fits(current)), key=lambda place: place.fits(current), default=None)
    return tuple(
        Link(place.label, url_for(place.endpoint), place is best) for place in places if place.endpoint in endpoints
    )
