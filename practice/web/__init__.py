"""What people and programs touch: a blueprint an audience."""

from flask import Blueprint

from practice.web import dev

BLUEPRINTS: tuple[Blueprint, ...] = ()
DEMO_BLUEPRINTS: tuple[Blueprint, ...] = (dev.bp,)
