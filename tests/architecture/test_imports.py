"""Imports: the contracts hold, and the domain knows the standard library only."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE = [*sorted((ROOT / "practice/domain").rglob("*.py")), ROOT / "practice/clock.py"]


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_import_contracts_hold() -> None:
    """In a process of its own: the linter sets logging up anew, and would silence everybody else's."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.stem)
def test_domain_and_clock_import_the_standard_library_only(path: Path) -> None:
    names = set(imported(ast.parse(path.read_text())))
    outside = {name for name in names if name.split(".")[0] not in sys.stdlib_module_names}
    assert {name for name in outside if not name.startswith("practice.domain")} == set()
