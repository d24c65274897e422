"""Somebody who has a keyboard and nothing else."""

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 120
IN_SIGHT = """element => {
    const box = (element.closest('label') || element).getBoundingClientRect();
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const isInside = box.top >= 0 && box.bottom <= innerHeight + 1;
    return isInside && top !== null && (element.closest('label') || element).contains(top);
}"""


class Keyboard:
    """Walks through a page with Tab, as far as there is something to walk to."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, wanted: Locator) -> None:
        """Press Tab until ``wanted`` has the focus, which must be in sight."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                assert wanted.evaluate(IN_SIGHT), f"{wanted} has the focus out of sight"
                return
        raise AssertionError(f"{wanted} cannot be reached with Tab")

    def press(self, wanted: Locator, key: str = "Enter") -> None:
        """Go to ``wanted`` and press a key there."""
        self.to(wanted)
        self.page.keyboard.press(key)

    def type_over(self, wanted: Locator, text: str) -> None:
        """Go to a field, which selects what is in it, and type."""
        self.to(wanted)
        self.page.keyboard.type(text)
        expect(wanted).to_have_value(text)
