"""Tags of the network's pages. Names come through `visible_to` only."""

from django import template
from django.template import Context

from coalitions.access import STRANGER, Viewer
from coalitions.network.models import Workspace
from coalitions.network.sight import WorkspaceHeader, header_of

register = template.Library()


@register.simple_tag(takes_context=True)
def workspace_header(context: Context, workspace: Workspace) -> WorkspaceHeader:
    """Return what stands above a workspace's pages; the viewer is the page's own."""
    viewer: Viewer = context.get("viewer") or STRANGER
    return header_of(workspace, viewer)
