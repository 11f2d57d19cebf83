"""DocumentPage: the text of one page, slide, sheet or section of a version."""

from django.db import models


class DocumentPageQuerySet(models.QuerySet["DocumentPage"]):
    """Pages."""

    def readable(self) -> "DocumentPageQuerySet":
        """Return those of versions that may be opened (see `checked.py`).

        Whether the viewer may see the document is another question, asked before.
        """
        # That module knows the models.
        from coalitions.documents.checked import opened

        return self.filter(opened("version__"))


class DocumentPage(models.Model):
    """`anchor` says what the number counts: "page", "slide", "sheet" or "section"."""

    version = models.ForeignKey(
        "documents.DocumentVersion", on_delete=models.CASCADE, related_name="pages"
    )
    number = models.PositiveIntegerField()
    anchor = models.CharField(max_length=80, default="page")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True)

    objects = DocumentPageQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["version", "number"], name="documents_page_once")
        ]
