"""Where signing in may lead."""

import pytest

from practice.web.asking import local_path


@pytest.mark.parametrize("target", ["/", "/account", "/account?tab=1#top", "/me/é"])
def test_paths_of_this_site_are_kept(target: str) -> None:
    assert local_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "",
        None,
        "account",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        " /account",
        "javascript:alert(1)",
        "///evil.example",
    ],
)
def test_everything_else_leads_nowhere(target: str | None) -> None:
    assert local_path(target) == ""
