"""Pure helpers that turn facts into what the templates show."""
