"""The JSON API: what other programs use, described by its own OpenAPI document."""
