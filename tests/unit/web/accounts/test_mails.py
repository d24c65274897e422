"""The messages of this feature, as text and as HTML: each carries its link, and nothing is left open."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parents[4] / "templates"
LINK = "https://book.example.org/sign-in/link/abc"
MAIL = SimpleNamespace(
    subject="About your account", practice_name="Foundations Therapy", contact="212 555 0123", crisis_text="Call 988."
)


@pytest.mark.parametrize("name", ["sign_in_link", "set_password", "invitation"])
def test_messages_carry_their_link(name: str) -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, autoescape=True)
    written = {
        part: environment.get_template(f"mail/{name}.{part}").render(link=LINK, mail=MAIL)
        for part in ("subject.txt", "txt", "html")
    }
    assert len(written["subject.txt"].strip().splitlines()) == 1
    assert LINK in written["txt"].split()
    assert f'href="{LINK}"' in written["html"]
    assert written["html"].count("<html") == 1
