"""Groups' dates and courses, as the desk and whoever leads them keep them: pages that both audiences show."""
