"""The harness: a broken page is told from a whole one."""

import pytest

from tests.support.html import problems

WHOLE = """<!doctype html><html lang="en"><head><title>Times</title><link rel="stylesheet" href="/a.css"></head>
<body><main><h1>Times</h1><form method="post"><label for="zone">Zone</label><select id="zone"><option>UTC
</option></select>
<label>Name <input name="name"></label><input type="hidden" name="token"><svg><path d="M0 0"/></svg><br></form></main>
<script src="/a.js"></script></body></html>"""


def test_a_whole_page_has_no_problems() -> None:
    assert problems(WHOLE) == []


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("</h1>", "</h2>", "</h2> inside <h1>"),
        ("</form>", "", "</main> inside <form>"),
        ('for="zone"', "", "a field without a label"),
        ("<main>", '<main><p id="zone"></p>', "id 'zone' is there 2 times"),
        ("<main>", '<main style="color:red">', "<main style>"),
        ("<main>", '<main onclick="x()">', "<main onclick>"),
        ('<script src="/a.js">', "<script>", "a script without src"),
        ("<br>", "<div/>", "<div/> closes nothing"),
        ("<br>", '<img src="/a.png">', "an image without alt"),
        ("<br>", '<input aria-label="x" aria-describedby="nowhere">', "names 'nowhere'"),
        ("<br>", "<form></form>", "a form in a form"),
        ('method="post"', 'method="post" method="get"', "has an attribute twice"),
        ("<title>Times</title>", "", "no <title>"),
    ],
    ids=str,
)
def test_each_problem_is_named(good: str, bad: str, said: str) -> None:
    assert good in WHOLE
    assert any(said in problem for problem in problems(WHOLE.replace(good, bad, 1)))
