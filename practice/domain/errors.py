"""Every error that a person or program may be told of: a stable code, a status, and a sentence that is safe to show."""

from collections.abc import Mapping
from typing import Any, ClassVar


class PracticeError(Exception):
    """The base: ``code`` and ``status`` are stable, ``message`` is safe to show to whoever asked."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    message: str = "Something went wrong on our side. Please try again in a moment."

    def __init__(self, message: str | None = None, **detail: Any) -> None:
        self.message = message or self.message
        self.detail: Mapping[str, Any] = detail
        super().__init__(self.message)


class SlotTaken(PracticeError):
    """The time was won by somebody else."""

    code = "slot_taken"
    status = 409
    message = "That time has just been taken. These are close to it."


class RoomTaken(SlotTaken):
    """No room of the place is free for the whole session."""

    message = "There is no free room at that time. These are close to it."


class ClientBusy(SlotTaken):
    """The client has another session then. Only ever said to whoever may see that client's times."""

    message = "There is another session at that time. These are close to it."


class GroupFull(SlotTaken):
    """All places of a group are taken."""

    message = "This group has just filled up. These are other dates."


class HoldEnded(SlotTaken):
    """The hold ran out before it was confirmed."""

    message = "We could not keep that time any longer. These are close to it."


class NotOffered(PracticeError):
    """The time is not one that can be booked; ``detail["reason"]`` is the engine's code where it may be told."""

    code = "not_offered"
    status = 422
    message = "That time is not offered. Please choose another."


class ValidationFailed(PracticeError):
    """Something that was sent cannot be used; ``detail["errors"]`` maps fields to sentences."""

    code = "validation"
    status = 422
    message = "Some of what was sent needs another look."


class NotFound(PracticeError):
    """There is nothing here, or nothing for this person."""

    code = "not_found"
    status = 404
    message = "There is nothing at this address."


class SignInNeeded(PracticeError):
    """Nobody is signed in, and somebody has to be."""

    code = "sign_in_needed"
    status = 401
    message = "Please sign in to go on."


class SignInRefused(PracticeError):
    """E-mail and password do not belong together, or the account cannot be used: never which."""

    code = "sign_in_refused"
    status = 422
    message = "That e-mail address and password do not match. You can also have a sign-in link sent to you."


class ScopeMissing(PracticeError):
    """The token is good, but not for this."""

    code = "scope_missing"
    status = 403
    message = "This token does not allow that."


class LinkEnded(PracticeError):
    """A mailed link was used already, or is too old."""

    code = "link_ended"
    status = 410
    message = "This link has been used or is too old. You can ask for a new one."


class TooManyTries(PracticeError):
    """Tried too often; ``detail["retry_after"]`` is in seconds."""

    code = "too_many_tries"
    status = 429
    message = "That was a lot of tries in a short time. Please wait a few minutes and try again."


class EnoughHeld(TooManyTries):
    """As many times are kept as one account or network may keep at once; ``retry_after`` is when one goes back."""

    code = "too_many_holds"
    message = "Other times are being kept already. Please finish or give back one of them, or come back a little later."


class ImpossibleStep(PracticeError):
    """The appointment is not in a state from which this can be done."""

    code = "impossible_step"
    status = 409
    message = "That cannot be done any more: the session has changed in the meantime."


class KeyReused(PracticeError):
    """An Idempotency-Key came again with another body."""

    code = "idempotency_key_reused"
    status = 422
    message = "This Idempotency-Key was used for a different request."


class Gone(PracticeError):
    """It was here, and was taken away for good."""

    code = "gone"
    status = 410
    message = "This link has been turned off."


class Busy(PracticeError):
    """The database could not do it in time; trying again is right."""

    code = "busy"
    status = 503
    message = "We are very busy this moment. Please try again."


# The names that the database gives to what it forbids, and what each means to a person.
CONSTRAINTS: Mapping[str, type[PracticeError]] = {
    "ex_occupancy_no_overlap": SlotTaken,
    "ck_appointment_places_within_capacity": GroupFull,
}
