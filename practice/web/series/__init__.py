"""Sessions that repeat, as staff make and change them: the desk, and therapists their own."""
