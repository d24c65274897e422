"""Online booking for therapy practices: availability, appointments, intake and calendars."""
