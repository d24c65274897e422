"""The floor: a bare Flask application that answers a 2 kB Jinja page, under the same server as ours."""

from pathlib import Path

from flask import Flask, render_template

app = Flask("floor", template_folder=str(Path(__file__).parent / "templates"))
ITEMS = [f"Line {number} of a page that does nothing else" for number in range(30)]


@app.get("/")
def page() -> str:
    """About 2 kB of HTML from a template file."""
    return render_template("floor.html", title="Floor", items=ITEMS)


@app.get("/healthz")
def healthz() -> str:
    """Let the bench know that it listens."""
    return "ok"
