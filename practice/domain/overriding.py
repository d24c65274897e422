"""What staff may book against when they have a reason, and what nobody may."""

from practice.domain.reasons import Code, Reason

# All else stays as it is: a session that is booked or held, a room or place that is taken, who may book, the past.
SOFT = frozenset(
    {
        Code.TOO_SOON,
        Code.TOO_FAR,
        Code.OUTSIDE_HOURS,
        Code.NOT_ON_STEP,
        Code.OTHER_MODALITY,
        Code.CLOSURE,
        Code.TIME_OFF,
        Code.BUFFER,
        Code.CONSULTATION_FIRST,
        Code.TOO_MANY_THAT_WEEK,
        Code.TOO_MANY_IN_A_ROW,
        Code.TOO_MANY_THAT_DAY,
        Code.TOO_MANY_FIRST_SESSIONS,
    }
)


def is_soft(reason: Reason) -> bool:
    """Whether staff may book against it: a rule that can give way, and does not stand here for one that cannot."""
    return reason.code in SOFT and not reason.is_firm
