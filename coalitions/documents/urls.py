"""Addresses of documents."""

from django.urls import path

from coalitions.documents import views

app_name = "documents"
urlpatterns = [
    path("documents/", views.mine, name="mine"),
    path("documents/trash/", views.trash, name="trash"),
    path("documents/selection/", views.selection, name="selection"),
    path("documents/selection/undo/", views.undo_selection, name="selection-undo"),
    path("documents/<uuid:uuid>/", views.document, name="document"),
    path("documents/<uuid:uuid>/edit/", views.edit, name="edit"),
    path("documents/<uuid:uuid>/share/<slug:rung>/", views.share, name="share"),
    path("documents/<uuid:uuid>/child-data/", views.child_data, name="child-data"),
    path("documents/<uuid:uuid>/child-data/lift/", views.lift, name="lift"),
    path("documents/<uuid:uuid>/ask/", views.ask, name="ask"),
    path("documents/<uuid:uuid>/requests/<uuid:asked>/", views.share_request, name="request"),
    path("documents/<uuid:uuid>/who/", views.who, name="who"),
    path("documents/<uuid:uuid>/seen/", views.seen, name="seen"),
    path("documents/<uuid:uuid>/trash/", views.trash_document, name="trash-document"),
    path("documents/<uuid:uuid>/restore/", views.restore_document, name="restore-document"),
    path("documents/<uuid:uuid>/delete/", views.delete_document, name="delete-document"),
    path("documents/<uuid:uuid>/move/", views.move, name="move"),
    path("documents/<uuid:uuid>/downloads/", views.downloads, name="downloads"),
    path("documents/<uuid:uuid>/versions/add/", views.new_version, name="add-version"),
    path("documents/<uuid:uuid>/versions/others/", views.other_versions, name="other-versions"),
    path("documents/<uuid:uuid>/versions/", views.versions, name="versions"),
    path("documents/<uuid:uuid>/versions/<int:number>/", views.version, name="version"),
    path(
        "documents/<uuid:uuid>/versions/<int:number>/restore/",
        views.restore_version,
        name="restore-version",
    ),
    path(
        "documents/<uuid:uuid>/versions/<int:old>/compare/<int:new>/",
        views.compare,
        name="compare",
    ),
    path("documents/<uuid:uuid>/versions/<int:number>/authors/", views.authors, name="authors"),
    path("documents/<uuid:uuid>/versions/<int:number>/pages/", views.pages, name="pages"),
    path("documents/<uuid:uuid>/links/", views.links, name="links"),
    path("documents/<uuid:uuid>/links/new/", views.new_link, name="new-link"),
    path("documents/<uuid:uuid>/links/<uuid:link>/end/", views.end_link, name="end-link"),
    path("links/", views.open_by_password, name="open-link"),
    path("links/open/<uuid:uuid>/", views.outside, name="outside"),
    path("links/open/<uuid:uuid>/download/", views.outside_download, name="outside-download"),
    path("links/<str:secret>/", views.link, name="link"),
    path("documents/<uuid:uuid>/reservation/", views.reserve, name="reserve"),
    path(
        "documents/<uuid:uuid>/reservation/lift/", views.lift_reservation, name="lift-reservation"
    ),
    path("documents/<uuid:uuid>/versions/<int:number>/download/", views.download, name="download"),
    path(
        "documents/<uuid:uuid>/versions/<int:number>/pages/<int:page>.png",
        views.image,
        name="page-image",
    ),
    path(
        "coalitions/<uuid:uuid>/<slug:slug>/end/",
        views.leave_coalition,
        name="leave-coalition",
    ),
    path("coalitions/<uuid:uuid>/library/", views.coalition_library, name="coalition-library"),
    path("libraries/network/", views.network_library, name="network-library"),
    path("libraries/public/", views.public_library, name="public-library"),
    path("workspaces/<uuid:uuid>/documents/", views.workspace, name="workspace"),
    path("workspaces/<uuid:uuid>/folders/new/", views.new_folder, name="new-folder"),
    path("workspaces/<uuid:uuid>/folders/<uuid:folder>/", views.folder, name="folder"),
    path(
        "workspaces/<uuid:uuid>/folders/<uuid:folder>/change/",
        views.change_folder,
        name="change-folder",
    ),
    path(
        "workspaces/<uuid:uuid>/folders/<uuid:folder>/trash/",
        views.trash_folder,
        name="trash-folder",
    ),
    path(
        "workspaces/<uuid:uuid>/folders/<uuid:folder>/restore/",
        views.restore_folder,
        name="restore-folder",
    ),
    path("workspaces/<uuid:uuid>/trash/", views.workspace_trash, name="workspace-trash"),
    path("workspaces/<uuid:uuid>/space/", views.workspace_space, name="space"),
    path("organisations/<slug:slug>/space/", views.organisation_space, name="organisation-space"),
    path("workspaces/<uuid:uuid>/upload/", views.upload, name="upload"),
    path("workspaces/<uuid:uuid>/upload/details/", views.sent_details, name="sent-details"),
    path("workspaces/<uuid:uuid>/uploads/", views.uploads, name="uploads"),
    path("workspaces/<uuid:uuid>/uploads/plan/", views.plan, name="plan-uploads"),
    path("workspaces/<uuid:uuid>/uploads/<uuid:upload>/", views.resume, name="resume"),
]
