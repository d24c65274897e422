"""Asks axe-core what a page puts in people's way."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations(page: Page) -> list[str]:
    """Return what axe finds on ``page`` as it is now, a line for each element."""
    return _run(page, {"type": "tag", "values": RULES})


def contrast(page: Page) -> list[str]:
    """Return what axe finds too faint on ``page`` as it is now: what alone differs from scheme to scheme."""
    return _run(page, {"type": "rule", "values": ["color-contrast"]})


def _run(page: Page, only: dict[str, Any]) -> list[str]:
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], elementRef: false})", only
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflows(page: Page) -> list[str]:
    """Return what is wider than the window, so that a page would scroll sideways."""
    found: list[str] = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll('*')]
                .filter(element => element.getBoundingClientRect().right > width + 1)
                .map(element => element.outerHTML.slice(0, 120));
        }"""
    )
    return found


def small_targets(page: Page, least: int) -> list[str]:
    """Return the links and controls outside running text that are less than ``least`` pixels high or wide."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll('a[href], button, input, select, textarea')]
            .filter(element => {
                const target = element.closest('label') || element;
                const box = target.getBoundingClientRect();
                if (element.type === 'hidden' || box.width === 0 || target.closest('.skip')) return false;
                if (target.closest('p, dd, td, .error-summary, .card-row') && target.tagName === 'A') return false;
                return box.height < least - 0.5 || box.width < Math.min(least, 24);
            })
            .map(element => element.outerHTML.slice(0, 120))""",
        least,
    )
    return found
