"""What runs by itself, and how often. Every job here is idempotent."""

from celery.schedules import crontab

SCHEDULE: dict[str, dict[str, object]] = {
    "read-waiting-text": {"task": "documents.sweep_extractions", "schedule": 60.0},
    "check-waiting-files": {"task": "documents.sweep_scans", "schedule": 60.0},
    "announce-audiences": {"task": "documents.announce_audiences", "schedule": 60.0},
    "sweep-orphaned-files": {"task": "documents.sweep_orphaned_files", "schedule": 900.0},
    "purge-trash": {"task": "documents.purge_trash", "schedule": crontab(hour="2", minute="50")},
    "verify-search-index": {"task": "search.verify", "schedule": crontab(hour="3", minute="20")},
    "tidy-embedded-search": {"task": "search.tidy", "schedule": crontab(minute="40")},
    "publish-scheduled-articles": {"task": "knowledge.publish_scheduled", "schedule": 60.0},
    "drain-search-outbox": {"task": "search.drain_outbox", "schedule": 60.0},
    "run-saved-searches": {"task": "search.run_saved", "schedule": 60.0},
    "send-waiting-mail": {"task": "notifications.send_waiting", "schedule": 60.0},
    "prune-alerts": {
        "task": "notifications.prune_alerts",
        "schedule": crontab(hour="4", minute="10"),
    },
    "send-waiting-resets": {"task": "accounts.send_waiting_resets", "schedule": 60.0},
}
