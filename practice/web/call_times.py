"""When people would like to be called, in words."""

from typing import Final

from practice.models import BestTime

BEST_TIMES: Final = {
    BestTime.ANY.value: "Any time",
    BestTime.MORNING.value: "In the morning",
    BestTime.AFTERNOON.value: "In the afternoon",
    BestTime.EVENING.value: "In the evening",
}
