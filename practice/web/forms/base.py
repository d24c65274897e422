"""The form that all forms are made of: known fields only, tidy text, bounded lengths, errors that can be linked to."""

import unicodedata
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from werkzeug.datastructures import MultiDict
from wtforms import (
    Field,
    FileField,
    Form,
    HiddenField,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta
from wtforms.validators import InputRequired

from practice.domain.errors import ValidationFailed

FieldT = TypeVar("FieldT", bound=Field)

LINE_LENGTH: Final = 200
TEXT_LENGTH: Final = 4_000
TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
KEPT_CONTROLS: Final = frozenset("\n\r\t")
UNKNOWN_FIELD: Final = "Part of this form was not recognized, so nothing was changed. Please try again."
ODD_CHARACTERS: Final = "Use ordinary characters only."


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary: its words, and the address of the control it is about."""

    message: str
    href: str


def tidy(text: str | None) -> str | None:
    """``text`` without space at its ends, in one Unicode form, so that equal-looking names are equal."""
    return None if text is None else unicodedata.normalize("NFC", text).strip()


class OurWords:
    """WTForms' own sentences, said as we say them."""

    said = {
        "Not a valid choice.": "Choose one from the list.",
        "Invalid Choice: could not coerce.": "Choose one from the list.",
        "'%(value)s' is not a valid choice for this field.": "Choose from the list.",
        "'%(value)s' are not valid choices for this field.": "Choose from the list.",
        "This field is required.": "This is needed.",
        "Invalid input.": "This was not understood.",
    }

    def gettext(self, string: str) -> str:
        """Our sentence for ``string``."""
        return self.said.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Our sentence for one or for several."""
        return self.gettext(singular if n == 1 else plural)


class TidyMeta(DefaultMeta):
    """Every line of text is tidied, except passwords, which are taken as they are."""

    def get_translations(self, _form: Any) -> OurWords:
        """Where WTForms' sentences come from."""
        return OurWords()

    def bind_field(self, form: Any, unbound_field: "UnboundField[FieldT]", options: MutableMapping[str, Any]) -> FieldT:
        """Bind a field, with tidying first among a text field's filters."""
        kind = unbound_field.field_class
        if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
            own = unbound_field.kwargs.get("filters", ())
            options = {**options, "filters": [tidy, *own]}
        return super().bind_field(form, unbound_field, options)


class BaseForm(Form):
    """A form whose ``validate`` also refuses fields that it does not know, over-long text and control characters.

    CSRF is checked for the whole application, so the form only knows the token's name. Buttons with a name are listed
    in ``also_accepts``.
    """

    Meta = TidyMeta
    also_accepts: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, formdata: MultiDict[str, Any] | None = None, /, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self._sent: tuple[str, ...] = tuple(formdata or ())

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check everything; False leaves the reasons in ``errors`` and ``problems``."""
        passed = super().validate(extra_validators)
        if self.unknown_fields:
            self.form_errors.append(UNKNOWN_FIELD)
            passed = False
        for field in self:
            message = _trouble_with_text(field) or _missing(field)
            if message:
                field.errors = [message]
                passed = False
        return passed

    def refuse(self, error: ValidationFailed) -> None:
        """Say at its fields what a service refused; sentences about no field of ours stand above the form."""
        told: Mapping[str, str] = error.detail.get("errors") or {"": error.message}
        for name, sentence in told.items():
            if name in self:
                self[name].errors = [*self[name].errors, sentence]
            else:
                self.form_errors.append(sentence)

    @property
    def unknown_fields(self) -> frozenset[str]:
        """The names that were sent and belong to no field."""
        known = {"csrf_token", *self.also_accepts}
        for field in self:
            known.update(getattr(field, "sent_names", (field.name,)))
        return frozenset(name for name in self._sent if name not in known)

    @property
    def problems(self) -> list[Problem]:
        """Every error in the order of the form, each with where it can be mended."""
        own = [Problem(str(message), "") for message in self.form_errors]
        return own + [Problem(str(message), link_to(field)) for field in self for message in field.errors]


def link_to(field: Field) -> str:
    """The address of the first control of ``field`` on its page; empty when nobody sees it."""
    if isinstance(field, HiddenField):
        return ""
    if isinstance(field, RadioField | SelectMultipleField):
        return f"#{field.id}-0"
    return f"#{getattr(field, 'first_id', field.id)}"


def _trouble_with_text(field: Field) -> str | None:
    sent = [value for value in field.raw_data or () if isinstance(value, str)]
    if isinstance(field, FileField) or not sent:
        return None
    limit = text_limit(field)
    if any(len(value) > limit for value in sent):
        return f"Use {limit:,} characters or fewer."
    if any(is_odd(character) for value in sent for character in value):
        return ODD_CHARACTERS
    return None


def _missing(field: Field) -> str | None:
    """Say what is needed where only space was sent: InputRequired looks at what came, before it is tidied."""
    sent = [value for value in field.raw_data or () if isinstance(value, str)]
    if field.errors or not sent or any(value.strip() for value in sent) or isinstance(field, PasswordField):
        return None
    needed = next((check for check in field.validators if isinstance(check, InputRequired)), None)
    return None if needed is None else str(needed.message or "This is needed.")


def text_limit(field: Field) -> int:
    """The longest text that ``field`` takes: its own maximum, or the one of its kind."""
    own = getattr(field.flags, "maxlength", None)
    if own:
        return int(own)
    return TEXT_LENGTH if isinstance(field, TextAreaField) else LINE_LENGTH


def is_odd(character: str) -> bool:
    """Whether a character has no business in a form: a control, half of a surrogate pair, a line or paragraph
    separator, or what turns the direction of the text around it.
    """
    return (
        unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} and character not in KEPT_CONTROLS
    ) or character in TURNS
