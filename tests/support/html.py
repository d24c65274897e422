"""Reads every page that a test gets as strictly as no browser does: balanced, unambiguous, labelled, no inline code."""

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
FOREIGN = frozenset({"svg", "math"})
UNLABELLED_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "headers", "list")


class Page(HTMLParser):
    """One parsed page and what is wrong with it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.problems: list[str] = []
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.references: list[tuple[str, str]] = []
        self.labelled: set[str] = set()
        self.controls: list[tuple[int, str | None]] = []
        self.seen: set[str] = set()
        self.feed(text)
        self.close()
        self.finish()

    def say(self, what: str) -> None:
        self.problems.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.element(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.element(tag, attrs)
        if tag not in VOID and not FOREIGN & {tag, *self.open}:
            self.say(f"<{tag}/> closes nothing in HTML")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            self.say(f"</{tag}> ends an element that has no end")
        elif not self.open or self.open[-1] != tag:
            self.say(f"</{tag}> inside <{self.open[-1] if self.open else 'nothing'}>")
            if tag in self.open:
                del self.open[len(self.open) - 1 - self.open[::-1].index(tag) :]
        else:
            self.open.pop()

    def element(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one element where it begins."""
        self.seen.add(tag)
        values = dict(attrs)
        if len(values) != len(attrs):
            self.say(f"<{tag}> has an attribute twice")
        for name in values:
            if name == "style" or name.startswith("on"):
                self.say(f"<{tag} {name}> would need a weaker content security policy")
        if tag == "script" and "src" not in values and "json" not in (values.get("type") or ""):
            self.say("a script without src")
        if tag == "style":
            self.say("an inline style sheet")
        if tag == "img" and "alt" not in values:
            self.say("an image without alt")
        if tag == "form" and "form" in self.open:
            self.say("a form in a form")
        self.names(tag, values)

    def names(self, tag: str, values: dict[str, str | None]) -> None:
        """Note ids, what refers to them, and what needs a label."""
        if "id" in values:
            self.ids[values["id"] or ""] += 1
        for name in REFERENCES:
            self.references += [(name, word) for word in (values.get(name) or "").split()]
        if tag == "label" and values.get("for"):
            self.labelled.add(values["for"] or "")
        is_control = tag in ("select", "textarea") or (
            tag == "input" and (values.get("type") or "text") not in UNLABELLED_INPUTS
        )
        has_name = "label" in self.open or values.get("aria-label") or values.get("aria-labelledby")
        if is_control and not has_name:
            self.controls.append((self.getpos()[0], values.get("id")))

    def finish(self) -> None:
        """Say what only the whole page tells."""
        self.problems += [f"<{tag}> is never closed" for tag in self.open]
        self.problems += [f"id {name!r} is there {times} times" for name, times in self.ids.items() if times > 1]
        self.problems += [
            f"line {line}: a field without a label" for line, id_ in self.controls if id_ not in self.labelled
        ]
        if "html" in self.seen:  # a fragment may refer to the page that it is put into
            self.problems += [
                f"{name} names {id_!r}, which is not there" for name, id_ in self.references if not self.ids[id_]
            ]
            self.problems += [f"no <{tag}>" for tag in ("title", "main", "h1") if tag not in self.seen]


def problems(text: str) -> list[str]:
    """Return what is wrong with a page or a fragment, a line each."""
    return Page(text).problems
