"""The rules of the house that no linter knows."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_FILE = 400
MAX_FUNCTION = 45
FOLDERS = ("practice", "templates", "static", "migrations", "tests", "bench", "docs", ".ci")
BINARY = {".png", ".jpg", ".woff2", ".ico", ".pyc"}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "stuff"}


@dataclass(frozen=True)
class Rule:
    """What may stand nowhere in the files whose path matches ``where``."""

    name: str
    where: str
    what: str


# The words are put together here, so that this file keeps the rules itself.
RULES = [
    Rule("no unescaped data", r"templates/.*\.(html|jinja2?)$", r"\|\s*safe\b"),
    Rule("no inline style", r"templates/(?!mail/).*\.html$", r"\sstyle\s*=\s*\""),
    Rule(
        "no inline script",
        r"templates/.*\.html$",
        r"\son[a-z]+\s*=\s*\"|<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)",
    ),
    Rule(
        "one clock",
        r"practice/(?!clock\.py).*\.py$",
        r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(",
    ),
    Rule("one place commits", r"practice/(?!db\.py).*\.py$", r"\bsession\.commit\("),
    Rule("no open ends", r"(practice|tests|migrations|bench)/.*\.py$", r"#\s*(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b"),
    Rule("nothing is swallowed", r"practice/.*\.py$", r"except\s*(Exception|BaseException)?\s*:\s*(\n\s*)?pass\b"),
    Rule("no test that cannot fail", r"tests/.*\.py$", r"assert\s+(Tr" r"ue|1)\b|@pytest\.mark\.sk" r"ip\("),
    Rule("no current_user outside the sign-in", r"(templates|practice/services)/", r"\bcurrent_user\b"),
    Rule(
        "no relationship that loads by itself", r"practice/models/.*\.py$", r"lazy=\"(select|joined|subquery|dynamic)\""
    ),
    Rule("no host in the lock", r"requirements.*\.(lock|txt)$", r"https?://"),
]


@cache
def tracked() -> dict[str, str]:
    """Return the text of every text file of the project, by its path."""
    inside = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*")]
    at_the_top = [path for path in ROOT.iterdir() if not path.name.startswith(".")]
    texts = {}
    for path in sorted([*inside, *at_the_top]):
        name = path.relative_to(ROOT).as_posix()
        if path.is_file() and not {"vendor", "__pycache__"} & set(path.parts):
            raw = path.read_bytes()
            if b"\0" not in raw[:4096] and path.suffix not in BINARY:
                texts[name] = raw.decode()
    return texts


def python_files(folder: str = "") -> dict[str, str]:
    return {name: text for name, text in tracked().items() if name.endswith(".py") and name.startswith(folder)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_text(rule: Rule) -> None:
    broken = [
        f"{name}:{text[: hit.start()].count(chr(10)) + 1}: {hit[0]!r}"
        for name, text in tracked().items()
        if re.match(rule.where, name)
        for hit in re.finditer(rule.what, text)
    ]
    assert broken == []


def test_files_stay_short() -> None:
    measured = {n: text.count("\n") for n, text in tracked().items() if not n.startswith("migrations/")}
    looked_at = {name: lines for name, lines in measured.items() if re.search(r"\.(py|html|css|js|sh|toml)$", name)}
    assert {name: lines for name, lines in looked_at.items() if lines > MAX_FILE} == {}


def test_functions_stay_short() -> None:
    long = [
        f"{name}:{node.lineno}: {node.name} has {node.end_lineno - node.lineno + 1} lines"
        for name, text in python_files("practice/").items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= MAX_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = []
    for name, text in python_files().items():
        docstring = ast.get_docstring(ast.parse(text))
        if text.strip() and docstring is None:
            silent.append(name)
    assert silent == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name for name in tracked() if Path(name).stem in NAMELESS or NAMELESS & set(Path(name).parts)] == []


def test_imports_stand_at_the_top() -> None:
    """Nothing is imported inside a function: a cycle is mended, not hidden."""
    inside = [
        f"{name}:{node.lineno}"
        for name, text in python_files("practice/").items()
        for function in ast.walk(ast.parse(text))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []
