"""What somebody needs to come at all, as the desk and clients themselves say it, and in words."""

from typing import Any

from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from practice.domain.needs import FEATURES, QUIET, STEP_FREE, Needs
from practice.domain.regions import REGIONS
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import CheckboxesField
from practice.web.presenting import humanize_minutes, join_words

EXTRA_MINUTES = (10, 15, 20, 30, 45, 60)
FEATURE_HINTS = {STEP_FREE: "No stairs on the way to the room.", QUIET: "Little noise from outside and next door."}


class NeedsForm(BaseForm):
    """What somebody needs, and where they are online, where the practice asks for it."""

    features = CheckboxesField("What the room has to have", [Optional()], choices=dict(FEATURES))
    interpreter = BooleanField("An interpreter comes along")
    extra_minutes = SelectField(
        "More time",
        choices={"0": "As long as usual"} | {str(each): f"{humanize_minutes(each)} more" for each in EXTRA_MINUTES},
        default="0",
    )
    region = SelectField("Where they are during sessions online", choices={"": "Not said yet"} | dict(REGIONS))

    def __init__(self, *args: Any, asks_region: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_region:
            del self.region

    def to_needs(self) -> Needs:
        """Return what was sent."""
        return Needs(
            frozenset(self.features.data or ()), bool(self.interpreter.data), int(self.extra_minutes.data or 0)
        )

    def to_region(self) -> str | None:
        """Return the state that was chosen, or None where the form does not ask."""
        return str(self.region.data or "") if "region" in self else None


def form_data(needs: Needs, region: str) -> dict[str, Any]:
    """Return needs as the form holds them."""
    return {**needs.to_json(), "extra_minutes": str(needs.extra_minutes), "region": region}


def needs_words(needs: Needs) -> str:
    """ "Step-free access, an interpreter and 15 minutes more", or "" for nothing."""
    parts = [FEATURES.get(each, each) for each in sorted(needs.features, reverse=True)]
    parts += ["an interpreter"] * needs.interpreter
    if needs.extra_minutes:
        parts.append(f"{humanize_minutes(needs.extra_minutes)} more")
    words = join_words([each[:1].lower() + each[1:] for each in parts])
    return words[:1].upper() + words[1:]
