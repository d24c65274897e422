"""What people and programs touch: a blueprint an audience."""

from flask import Blueprint

from practice.web import accounts, api, calendars, client, desk, dev, operating
from practice.web.feeds import views as feeds

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts.bp,
    api.bp,
    calendars.bp,
    client.bp,
    desk.bp,
    feeds.bp,
    operating.bp,
)
DEMO_BLUEPRINTS: tuple[Blueprint, ...] = (dev.bp,)
