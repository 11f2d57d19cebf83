"""How much room is used, on the pages of the workspace and of the organisation themselves.

Invariant: figures are shown to those who look after the room alone; to everybody else nothing.
"""

from typing import Any

from django import template
from django.template import Context

from coalitions.documents.space import Place, fill_of, sees_figures
from coalitions.network.models import Workspace

register = template.Library()


@register.inclusion_tag("documents/_space_panel.html", takes_context=True)
def space_panel(context: Context, place: Place) -> dict[str, Any]:
    """Show the bar of a workspace or an organisation to whoever may see it."""
    request = context.get("request")
    if request is None or not sees_figures(request.user, place):
        return {}
    return {
        "fill": fill_of(place),
        "place": place,
        "is_workspace": isinstance(place, Workspace),
    }
