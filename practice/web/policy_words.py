"""What the practice's policies mean, in words: the same for clients and for whoever sets them."""

from practice.web.presenting import humanize_minutes


def booking_words(notice_minutes: int, window_days: int) -> str:
    """Return words like "Up to 1 day before it begins, and at most 90 days ahead"."""
    ahead = "1 day" if window_days == 1 else f"{window_days} days"
    until = f"Up to {humanize_minutes(notice_minutes)} before it begins" if notice_minutes else "Until it begins"
    return f"{until}, and at most {ahead} ahead."
