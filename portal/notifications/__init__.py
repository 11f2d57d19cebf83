"""Mail to people: written as rows with the change it speaks of, sent by the worker."""
