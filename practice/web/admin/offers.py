"""The form of what a therapist offers: two fields for each service."""

from typing import Any

from wtforms import SelectField
from wtforms.validators import Optional

from practice.db import db
from practice.models import Offer, Service
from practice.queries.setup import all_services, offers_of
from practice.services.offering import Offering
from practice.web.forms.base import BaseForm
from practice.web.forms.fields import MoneyField
from practice.web.frame import the_facts
from practice.web.presenting import format_money

NOT_OFFERED, BOTH = "", "both"


class OffersForm(BaseForm):
    """The base of the form; ``offers_form`` adds the fields of each service."""

    def to_offers(self) -> list[Offering]:
        """Return what was chosen."""
        found = []
        for field in self:
            kind, _, service = field.name.partition("_")
            if kind == "way" and field.data != NOT_OFFERED:
                found.append(
                    Offering(
                        service,
                        in_person=field.data in (BOTH, "person"),
                        online=field.data in (BOTH, "online"),
                        price_cents=self[f"price_{service}"].data,
                    )
                )
        return found


def offers_form(therapist_id: int, sent: Any = None) -> OffersForm:
    """Return the form, filled with what was sent, or with what the therapist offers now."""
    services = [service for service in all_services(db.session()) if service.archived_at is None]
    offers = offers_of(db.session(), therapist_id)
    fields: dict[str, Any] = {}
    for service in services:
        fields[f"way_{service.public_id}"] = SelectField(service.name, choices=_ways(service), default=NOT_OFFERED)
        price = format_money(service.price_cents, the_facts().currency)
        words = f"Own price of {service.name}, otherwise {price.lower() if service.price_cents == 0 else price}"
        fields[f"price_{service.public_id}"] = MoneyField(words, [Optional()])
    form: type[OffersForm] = type("OffersForm", (OffersForm,), fields)
    if sent is not None:
        return form(sent)
    return form(data=_data(services, offers))


def _ways(service: Service) -> dict[str, str]:
    ways = {NOT_OFFERED: "Not offered"}
    if service.in_person and service.online:
        ways[BOTH] = "In person and online"
    if service.in_person:
        ways["person"] = "In person"
    if service.online:
        ways["online"] = "Online"
    return ways


def _data(services: list[Service], offers: dict[int, Offer]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for service in services:
        offer = offers.get(service.id)
        if offer is None:
            continue
        in_person, online = offer.in_person and service.in_person, offer.online and service.online
        way = BOTH if in_person and online else "person" if in_person else "online" if online else NOT_OFFERED
        data[f"way_{service.public_id}"] = way
        data[f"price_{service.public_id}"] = offer.price_cents
    return data
