"""Calendar feeds: what calendar programs fetch, without sign-in or cookie."""
