"""The lock: exact versions with hashes, no hosts, and everything that pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()
ENTRY = re.compile(r"^([a-zA-Z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


def test_every_requirement_is_pinned_and_hashed() -> None:
    entries = re.split(r"\n(?=\S)", LOCK.strip())
    assert entries
    assert [entry for entry in entries if not ENTRY.match(entry) or "--hash=sha256:" not in entry] == []


def test_no_host_is_named() -> None:
    assert re.findall(r"https?:|--index|--find-links|--extra-index|@ file", LOCK) == []


def test_the_lock_satisfies_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [Requirement(text) for text in project["project"]["dependencies"] + project["dependency-groups"]["dev"]]
    locked: dict[str, set[str]] = {}
    for name, version in ENTRY.findall(LOCK):
        locked.setdefault(canonicalize_name(name), set()).add(version)
    unmet = [
        str(requirement)
        for requirement in wanted
        if not locked.get(canonicalize_name(requirement.name))
        or not all(requirement.specifier.contains(v) for v in locked[canonicalize_name(requirement.name)])
    ]
    assert unmet == []
