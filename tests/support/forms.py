"""Reads the forms of a page, so that a test fills in what a person would see and sends what a browser would."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

Attributes = dict[str, str]


@dataclass
class Form:
    """A form as it stands on the page: where it goes, and what it sends if nobody touches it."""

    action: str
    method: str
    id: str
    values: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    choices: dict[str, set[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    elsewhere: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def to(self, action: str, fields: Mapping[str, str | list[str]]) -> "Form | None":
        """Return the form as a button sends it that leads to ``action`` by itself, or None where none does."""
        for address, sent in self.elsewhere:
            if address.endswith(action) and all(fields.get(name, value) == value for name, value in sent.items()):
                return replace(self, action=address, values={**self.values, **{n: [v] for n, v in sent.items()}})
        return self if self.action.endswith(action) else None

    def filled(self, fields: dict[str, str | list[str]]) -> dict[str, list[str]]:
        """Return what is sent once ``fields`` are filled in. A field or choice that is not there is an error."""
        data = {name: list(values) for name, values in self.values.items()}
        for name, given in fields.items():
            assert name in self.names, f"no field {name!r}; there are {sorted(self.names)}"
            values = [given] if isinstance(given, str) else given
            offered = self.choices.get(name)
            assert offered is None or set(values) <= offered, f"{name} offers {sorted(offered or ())}, not {values}"
            data[name] = values
        return data


class Forms(HTMLParser):
    """Collects the forms of one page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Form] = []
        self.inside: Form | None = None
        self.text_area: str | None = None
        self.choice: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            made = Form(values.get("action", ""), values.get("method", "get").lower(), values.get("id", ""))
            self.inside = made
            self.found.append(made)
            return
        named = next((form for form in self.found if form.id and form.id == values.get("form")), self.inside)
        if named is not None and "disabled" not in values:
            self.control(named, tag, values)

    def control(self, form: Form, tag: str, values: Attributes) -> None:
        """Take up one field or button."""
        name = values.get("name", "")
        kind = values.get("type", "text")
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append((name, values.get("value", "")))
            if "formaction" in values:
                form.elsewhere.append((values["formaction"], {name: values.get("value", "")} if name else {}))
            if name:
                form.names.add(name)
                form.choices.setdefault(name, set()).add(values.get("value", ""))
        elif tag == "option" and self.choice:
            form.choices[self.choice].add(values.get("value", ""))
            if "selected" in values or self.choice not in form.values:
                form.values[self.choice] = [values.get("value", "")]
        elif tag == "select":
            self.choice = name
            form.names.add(name)
            form.choices[name] = set()
        elif tag == "textarea":
            self.text_area = name
            form.names.add(name)
            form.values[name] = [""]
        elif tag == "input" and name:
            form.names.add(name)
            if kind in ("radio", "checkbox"):
                form.choices.setdefault(name, set()).add(values.get("value", "on"))
                if "checked" in values:
                    form.values.setdefault(name, []).append(values.get("value", "on"))
            else:
                form.values.setdefault(name, []).append(values.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self.text_area and self.inside is not None:
            self.inside.values[self.text_area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "textarea":
            self.text_area = None
        elif tag == "select":
            self.choice = None


def find(text: str, fields: dict[str, str | list[str]], action: str = "") -> Form:
    """Return the first POST form of a page that has ``fields`` and leads to an address that ends with ``action``.

    A button may lead elsewhere than its form.
    """
    posts = [form for form in Forms(text).found if form.method == "post"]
    leading = [(form.to(action, fields) if action else form) for form in posts if set(fields) <= form.names]
    fitting = [form for form in leading if form is not None]
    seen = [(form.action, sorted(form.names)) for form in posts]
    assert fitting, f"no form to {action!r} with {sorted(fields)}; there are {seen}"
    return fitting[0]
