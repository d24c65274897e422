"""Reads how somebody new can be reached; the same rules as the pages' forms."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from practice.domain.errors import ValidationFailed
from practice.web.forms.fields import phone_region, takes_test_addresses


def email_of(text: str | None) -> str | None:
    """Return the address, normalized. Raises ValidationFailed."""
    if text is None:
        return None
    try:
        found = validate_email(text, check_deliverability=False, test_environment=takes_test_addresses())
    except EmailNotValidError:
        raise ValidationFailed(errors={"client.email": "This is no e-mail address that can be written to."}) from None
    return found.normalized


def phone_of(text: str | None) -> str | None:
    """Return the number as E.164. Raises ValidationFailed."""
    if text is None:
        return None
    try:
        number = phonenumbers.parse(text, phone_region())
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise ValidationFailed(errors={"client.phone": "This is no phone number."})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
