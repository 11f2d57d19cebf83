"""Views beside the page tree: image files, site map, feeds."""
