"""DocumentPage: the text of one page, slide, sheet or section of a version."""

from django.db import models


class DocumentPage(models.Model):
    """`anchor` says what the number counts: "page", "slide", "sheet" or "section"."""

    version = models.ForeignKey(
        "documents.DocumentVersion", on_delete=models.CASCADE, related_name="pages"
    )
    number = models.PositiveIntegerField()
    anchor = models.CharField(max_length=80, default="page")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="documents_page_once")
        ]
