"""The forms of who offers what: two fields for each service of a therapist, or for each therapist of a service."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import SelectField
from wtforms.validators import Optional

from practice.db import db
from practice.models import Offer, Service, Therapist
from practice.queries.setup import in_use, offers_for, offers_of
from practice.services.offering import Offering
from practice.web.admin.pages import Group
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import MoneyField
from practice.web.frame import the_facts
from practice.web.presenting import format_money

NOT_OFFERED, BOTH, IN_PERSON, ONLINE = "", "both", "person", "online"


class OffersForm(BaseForm):
    """The base of both forms. Each pair of fields is named after what it is about, whose words are in ``titles``."""

    titles: Mapping[str, str] = {}

    def to_offers(self) -> dict[str, Offering]:
        """Return what was chosen, by the service's public id or the therapist's slug."""
        found = {}
        for field in self:
            kind, _, about = field.name.partition("_")
            if kind == "way" and field.data != NOT_OFFERED:
                found[about] = Offering(
                    about,
                    in_person=field.data in (BOTH, IN_PERSON),
                    online=field.data in (BOTH, ONLINE),
                    price_cents=self[f"price_{about}"].data,
                )
        return found


def offers_form(therapist_id: int, sent: Any = None) -> OffersForm:
    """Return the form of one therapist's services, filled with what was sent, or with what is offered now."""
    offers = offers_of(db.session(), therapist_id)
    rows = [(each.public_id, each.name, each, offers.get(each.id)) for each in in_use(db.session(), Service)]
    return _form(rows, sent)


def people_form(service: Service, sent: Any = None) -> OffersForm:
    """Return the form of one service's therapists, filled with what was sent, or with who offers it now."""
    offers = offers_for(db.session(), service.id)
    rows = [(each.slug, each.name, service, offers.get(each.id)) for each in in_use(db.session(), Therapist)]
    return _form(rows, sent)


def pairs(form: OffersForm) -> tuple[Group, ...]:
    """Return the pairs of fields, each under the name of what it is about."""
    return tuple(Group(title, (f"way_{key}", f"price_{key}"), is_row=True) for key, title in form.titles.items())


def _form(rows: Iterable[tuple[str, str, Service, Offer | None]], sent: Any) -> OffersForm:
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    titles: dict[str, str] = {}
    for key, name, service, offer in rows:
        price = format_money(service.price_cents, the_facts().currency)
        usual = price.lower() if service.price_cents == 0 else price
        titles[key] = name
        fields[f"way_{key}"] = SelectField("How", choices=_ways(service), default=NOT_OFFERED)
        fields[f"price_{key}"] = MoneyField(f"Own price, otherwise {usual}", [Optional()])
        if offer is not None:
            data[f"way_{key}"] = _way(service, offer)
            data[f"price_{key}"] = offer.price_cents
    form: type[OffersForm] = type("OffersForm", (OffersForm,), fields | {"titles": titles})
    return form(sent) if sent is not None else form(data=data)


def _ways(service: Service) -> dict[str, str]:
    ways = {NOT_OFFERED: "Not offered"}
    if service.in_person and service.online:
        ways[BOTH] = "In person and online"
    if service.in_person:
        ways[IN_PERSON] = "In person"
    if service.online:
        ways[ONLINE] = "Online"
    return ways


def _way(service: Service, offer: Offer) -> str:
    in_person, online = offer.in_person and service.in_person, offer.online and service.online
    return BOTH if in_person and online else IN_PERSON if in_person else ONLINE if online else NOT_OFFERED
