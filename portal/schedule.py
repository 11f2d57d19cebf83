"""What runs by itself, and how often. Every job here is idempotent."""

SCHEDULE: dict[str, dict[str, object]] = {
    "read-waiting-text": {"task": "documents.sweep_extractions", "schedule": 60.0},
    "sweep-orphaned-files": {"task": "documents.sweep_orphaned_files", "schedule": 900.0},
    "drain-search-outbox": {"task": "search.drain_outbox", "schedule": 60.0},
    "send-waiting-mail": {"task": "notifications.send_waiting", "schedule": 60.0},
}
