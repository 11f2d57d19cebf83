"""Forms of the knowledge base: the article's edit form in the admin, the filters of the list."""
