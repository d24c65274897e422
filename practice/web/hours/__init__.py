"""Pages on which somebody edits a therapist's hours: therapists their own, admins those of everybody."""
