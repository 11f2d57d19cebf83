"""The article's edit form in the admin: Wagtail's, and who can see the article.

Invariant: this form never writes the audience. `knowledge.wagtail_hooks` does so through the
service, narrowing before the page is published and widening after it.
"""

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from knowledge.forms.audience import (
    COALITIONS,
    LEVEL,
    check_choice,
    coalitions_field,
    coalitions_for,
    kept_coalitions,
    level_field,
)


class ArticlePageForm(WagtailAdminPageForm):
    """`audience_level` and `audience_coalitions` belong to the family, not to the page."""

    audience_level = level_field()
    audience_coalitions = coalitions_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        from knowledge.labels import audience_of
        from knowledge.services.audience import may_decide_audience

        if LEVEL not in self.fields:
            return
        self.audience = audience_of(self.instance.translation_key)
        self.fields[COALITIONS].queryset = coalitions_for(self.for_user)
        self.fields[COALITIONS].label_from_instance = lambda coalition: coalition.name
        if self.audience is not None:
            self.initial[LEVEL] = self.audience.level
            self.initial[COALITIONS] = list(self.audience.coalitions.all())
        if not may_decide_audience(self.for_user, self.instance, self.parent_page):
            self.fields[LEVEL].disabled = True
            self.fields[COALITIONS].disabled = True

    def clean(self) -> dict[str, Any]:
        """Refuse an audience that reaches nobody, or names coalitions without effect."""
        cleaned: dict[str, Any] = super().clean()
        if LEVEL in self.fields and not self.fields[LEVEL].disabled:
            chosen = list(cleaned.get(COALITIONS) or ())
            if cleaned.get(LEVEL) != "public":
                chosen += kept_coalitions(self.audience, self.for_user)
            for field, message in check_choice(cleaned.get(LEVEL), chosen).items():
                self.add_error(field, message)
        return cleaned
