"""Tags of documents for pages of rooms that know no documents."""
