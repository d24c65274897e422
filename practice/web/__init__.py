"""What people and programs touch: a blueprint an audience."""

from flask import Blueprint

from practice.web import (
    accounts,
    admin,
    api,
    booking,
    brand,
    calendars,
    client,
    desk,
    dev,
    operating,
    public,
    therapist,
)
from practice.web.feeds import views as feeds

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts.bp,
    admin.bp,
    api.bp,
    booking.bp,
    brand.bp,
    calendars.bp,
    client.bp,
    desk.bp,
    feeds.bp,
    operating.bp,
    public.bp,
    therapist.bp,
)
DEMO_BLUEPRINTS: tuple[Blueprint, ...] = (dev.bp,)
