"""Views of the portal itself."""
