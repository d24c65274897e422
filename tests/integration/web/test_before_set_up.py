"""Before a practice is set up, nothing falls over: what is not there yet is said to be not there."""

from flask import Flask

from practice.domain.permissions import Permission
from tests.support.client import CheckedClient


def test_open_pages_answer_without_a_practice(app: Flask, client: CheckedClient) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    open_rules = [rule for rule in rules if app.view_functions[rule.endpoint].permission is Permission.PUBLIC]  # type: ignore[attr-defined]
    paths = [rule.rule.replace("<", "").replace(">", "").replace("path:", "") for rule in open_rules]
    assert len(paths) > 10
    assert {path: status for path in paths if (status := client.get(path).status_code) >= 500} == {}
