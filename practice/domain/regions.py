"""The states that a licence to practise holds in: codes as they are stored, and names as people write them."""

from collections.abc import Mapping
from typing import Final

STATES: Final[Mapping[str, str]] = {
    "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
    "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
    "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
    "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts", "MI": "Michigan",
    "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana", "NE": "Nebraska", "NV": "Nevada",
    "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico", "NY": "New York", "NC": "North Carolina",
    "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma", "OR": "Oregon", "PA": "Pennsylvania", "PR": "Puerto Rico",
    "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota", "TN": "Tennessee", "TX": "Texas",
    "UT": "Utah", "VT": "Vermont", "VI": "U.S. Virgin Islands", "VA": "Virginia", "WA": "Washington",
    "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming",
}  # fmt: skip
ELSEWHERE: Final = "other"
REGIONS: Final[Mapping[str, str]] = {**STATES, ELSEWHERE: "Somewhere outside the United States"}
_BY_NAME: Final = {name.casefold(): code for code, name in STATES.items()} | {
    "washington dc": "DC",
    "washington, d.c.": "DC",
    "washington d.c.": "DC",
    "d.c.": "DC",
    "new york state": "NY",
}


def region_code(text: str) -> str:
    """Return the code of a state, written as "NY", "ny" or "New York"; what is none of them stays as it is."""
    plain = " ".join(text.split())
    code = plain.upper()
    return code if code in STATES else _BY_NAME.get(plain.casefold(), plain)


def region_name(code: str) -> str:
    """ "New York" for "NY"; what is no code stays as it is."""
    return REGIONS.get(code, code)
