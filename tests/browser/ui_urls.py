"""The portal's own addresses, and beside them sample pages that show every component.

The samples hold invented words only; they let the look be checked without any data.
"""

from __future__ import annotations

from pathlib import Path

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from portal.urls import handler404
from portal.urls import urlpatterns as real_urlpatterns

SAMPLES = Path(__file__).parent / "ui_samples"
COUNTS = {3: 4, 9: 2, 10: 2, 12: 3, 19: 4, 34: 7, 35: 6, 37: 9, 40: 8}


class SampleForm(forms.Form):
    """One field of every kind."""

    title = forms.CharField(help_text="As it stands on the document.", max_length=20)
    summary = forms.CharField(widget=forms.Textarea, required=False, help_text="Two sentences.")
    when = forms.DateField(label="Date of the document")
    kind = forms.ChoiceField(label="Type", choices=[("r", "Report"), ("g", "Guide")])
    who = forms.ChoiceField(
        label="Who can see it",
        widget=forms.RadioSelect,
        choices=[("o", "Organisation: 9 people"), ("w", "Workspace: 7 organisations, 31 people")],
        help_text="You can share it further later.",
    )
    themes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        choices=[("a", "Migration"), ("b", "Uitbuitingsbestrijdingsmaatregelenoverzicht")],
        required=False,
    )
    child = forms.BooleanField(label="Contains data about a child", required=False)
    file = forms.FileField()
    email = forms.EmailField(label="E-mail")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def sample(request: HttpRequest, name: str) -> HttpResponse:
    """Write the sample page `name`; `?bad` sends its form with errors and shows messages."""
    form = SampleForm()
    if "bad" in request.GET:
        form = SampleForm({"title": "مرحبا بالعالم هذا عنوان طويل", "summary": "Some"})
        messages.success(request, "Shared with the coalition.")
        messages.error(request, "The file is larger than 200 MB.")
        messages.warning(request, "Text could not be read on 3 pages.")
        messages.info(request, "Two people were already members.")
    source = (SAMPLES / f"{name}.html").read_text(encoding="utf-8")
    context = {
        "form": form,
        "counts": COUNTS,
        "numbers": [3, 37, 40],
        "page_obj": Paginator(range(400), 10).get_page(request.GET.get("page", 3)),
    }
    return HttpResponse(engines["django"].from_string(source).render(context, request))


urlpatterns = [
    *i18n_patterns(path("ui-sample/<slug:name>/", sample)),
    *real_urlpatterns,
]
__all__ = ["handler404", "urlpatterns"]
