"""How a client may be reached without putting them at risk, in staff's words."""

from typing import Final

from practice.models import Client, SafeContact
from practice.web.frame import the_facts
from practice.web.presenting import format_phone

SAFE: Final = {
    "email": "E-mail is safe",
    "text": "Text messages are safe, e-mail is not",
    "call": "Calls are safe, messages are not",
    "none": "Please do not contact this person",
}


def reach_words(client: Client) -> str:
    """Return what is safe, and the address or number for that alone."""
    if client.awaits_agreement:
        return "They have not said yet whether we may write to them"
    words = SAFE[client.safe_contact]
    if client.safe_contact == SafeContact.EMAIL:
        return f"{words}: {client.email}" if client.email else f"{words}, but there is no address"
    if client.safe_contact in (SafeContact.TEXT, SafeContact.CALL):
        number = format_phone(client.phone, the_facts().country) if client.phone else ""
        return f"{words}: {number}" if number else f"{words}, but there is no number"
    return words
