"""Looks at a page as everybody might: on the smallest phone, an ordinary one and a desk, in light and in dark."""

from playwright.sync_api import Page, expect

from tests.support import axe, in_process
from tests.support.scale import IS_LONG

SMALLEST, PHONE, DESK = 320, 390, 1440
HEIGHT = 900


# What a form in the page is sent with here: nothing in it, as somebody does who presses the button at once.
SEND_EMPTY = """action => {
    const form = [...document.forms].find(form => form.getAttribute('action') === action);
    for (const field of form.elements) {
        if (field.type === 'radio' || field.type === 'checkbox') field.checked = false;
        else if (field.tagName === 'SELECT') field.selectedIndex = -1;
        else if (field.type !== 'hidden' && 'value' in field && field.tagName !== 'BUTTON') field.value = '';
    }
    form.noValidate = true;
    form.requestSubmit ? form.requestSubmit() : form.submit();
}"""
FORMS = """() => [...document.forms]
    .filter(form => form.method === 'post'
        && [...form.elements].some(field => field.type !== 'hidden' && !['BUTTON', 'FIELDSET'].includes(field.tagName)))
    .map(form => {
        if (!form.hasAttribute('action')) form.setAttribute('action', location.pathname);
        return form.getAttribute('action');
    })"""


def trouble(page: Page) -> list[str]:
    """Return what stands in somebody's way on ``page`` as it is now, a line each with the look in which it was seen.

    In the long run axe looks at all things at each width in the dark, and at the contrast in the light. Otherwise it
    looks at all things where the page is at home (staff at a desk, others on a phone), and at the other's contrast.
    """
    home = DESK if page.locator("body.staff").count() else PHONE
    found = []
    for width in (SMALLEST, PHONE, DESK):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found += [f"at {width}: too wide: {element}" for element in axe.overflows(page)]
        if IS_LONG or width == home:
            page.emulate_media(color_scheme="dark")
            found += [f"at {width} in the dark: {line}" for line in axe.violations(page)]
        if IS_LONG or width in {PHONE, DESK} - {home}:
            page.emulate_media(color_scheme="light")
            found += [f"at {width}: {line}" for line in axe.contrast(page)]
    return found


def glance(page: Page) -> list[str]:
    """Return what stands in somebody's way on the smallest phone, in the light; in the long run, in all looks."""
    if IS_LONG:
        return trouble(page)
    page.set_viewport_size({"width": SMALLEST, "height": HEIGHT})
    page.emulate_media(color_scheme="light")
    wide = [f"at {SMALLEST}: too wide: {element}" for element in axe.overflows(page)]
    return wide + [f"at {SMALLEST}: {line}" for line in axe.violations(page)]


def forms(page: Page) -> list[str]:
    """Return the addresses that the forms of ``page`` with something to fill in are sent to."""
    actions: list[str] = page.evaluate(FORMS)
    return actions


def send_empty(page: Page, action: str) -> bool:
    """Send the form that leads to ``action`` with nothing in it; return whether a page says what is wrong with that."""
    page.evaluate(FORMS)
    with page.expect_navigation():
        page.evaluate(SEND_EMPTY, action)
    expect(page).not_to_have_title(in_process.ONWARD_TITLE)  # else its own way on would cross the next visit
    page.wait_for_load_state()
    return page.locator(".error-summary").count() > 0
