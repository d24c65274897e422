"""What speaks against a time that the desk can book all the same: every rule that it breaks, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace as changed

from practice.domain.explaining import Choice, Question, reasons_against
from practice.domain.overriding import is_soft
from practice.domain.reasons import Code, Reason
from practice.web.desk.why_rules import Case, Links, rule_links, rule_words
from practice.web.shell import Link


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that is broken, and where it stands."""

    words: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What speaks against a time that can be booked all the same.

    ``rules`` are broken however people meet; ``hints`` say, for each way that there is, what else it breaks. ``codes``
    are all of them. ``asks`` is whether a reason is asked for: notice is what clients give, and the desk need not.
    """

    rules: tuple[Rule, ...]
    hints: Mapping[str, str]
    codes: str
    asks: bool


def weighed(question: Question, start: int, ways: Mapping[str, Choice]) -> Weighed | None:
    """Return what speaks against a start, met in one of ``ways``; None where nothing does, or where none can be."""
    found = {way: _soft(question, start, choice) for way, choice in ways.items()}
    possible = {way: reasons for way, reasons in found.items() if reasons is not None}
    codes = {code for reasons in possible.values() for code in reasons}
    if not codes or any(not reasons for reasons in possible.values()):
        return None
    shared = set.intersection(*(set(reasons) for reasons in possible.values()))
    links, first = Links(), next(iter(possible.values()))
    cases = [Case(reason, question, start) for code, reason in first.items() if code in shared]
    return Weighed(
        rules=tuple(Rule(rule_words(case), rule_links(case, links)) for case in cases),
        hints={
            way: " ".join(rule_words(Case(reasons[code], question, start)) for code in reasons if code not in shared)
            for way, reasons in possible.items()
        },
        codes=".".join(sorted(codes)),
        asks=bool(codes - {Code.TOO_SOON}),
    )


def _soft(question: Question, start: int, choice: Choice) -> dict[Code, Reason] | None:
    """Return what staff would book against, by code; None where something does not give way."""
    if not all(is_soft(reason) for reason in reasons_against(question, start, choice)):
        return None
    told = reasons_against(changed(question, viewer="clients"), start, choice)
    return {reason.code: reason for reason in told if is_soft(reason)}
