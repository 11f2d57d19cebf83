"""Addresses of the network."""

from django.urls import path

from coalitions.network.views import (
    coalitions,
    invitations,
    members,
    organisations,
    people,
    placements,
    programmes,
    workspaces,
)

app_name = "network"

_organisations = [
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.create, name="organisation-new"),
    path("organisations/<slug:slug>/", organisations.organisation, name="organisation"),
    path("organisations/<slug:slug>/change/", organisations.change, name="organisation-change"),
    path(
        "organisations/<slug:slug>/suspension/",
        organisations.suspension,
        name="organisation-suspension",
    ),
    path("organisations/<slug:slug>/people/", people.people, name="organisation-people"),
    path("organisations/<slug:slug>/people/invite/", people.invite, name="invite"),
    path(
        "organisations/<slug:slug>/people/<uuid:uuid>/role/", people.role, name="affiliation-role"
    ),
    path("organisations/<slug:slug>/people/<uuid:uuid>/end/", people.end, name="affiliation-end"),
    path(
        "organisations/<slug:slug>/invitations/<uuid:uuid>/revoke/",
        people.revoke,
        name="invitation-revoke",
    ),
    path(
        "organisations/<slug:slug>/invitations/<uuid:uuid>/again/",
        people.send_again,
        name="invitation-again",
    ),
    path("organisations/<slug:slug>/workspaces/", placements.placements, name="placements"),
    path("organisations/<slug:slug>/workspaces/<uuid:uuid>/", placements.place, name="place"),
    path("organisations/<slug:slug>/coalitions/new/", coalitions.found, name="coalition-new"),
]
_coalitions = [
    path("coalitions/<uuid:uuid>/", coalitions.coalition, name="coalition"),
    path("coalitions/<uuid:uuid>/change/", coalitions.change, name="coalition-change"),
    path("coalitions/<uuid:uuid>/add/", coalitions.add, name="coalition-add"),
    path("coalitions/<uuid:uuid>/lead/", coalitions.lead, name="coalition-lead"),
    path("coalitions/<uuid:uuid>/programmes/new/", programmes.enter, name="programme-new"),
]
_workspaces = [
    path("workspaces/", workspaces.workspaces, name="workspaces"),
    path("workspaces/new/", workspaces.create, name="workspace-new"),
    path("workspaces/<uuid:uuid>/", workspaces.workspace, name="workspace"),
    path("workspaces/<uuid:uuid>/about/", workspaces.about, name="workspace-about"),
    path("workspaces/<uuid:uuid>/start/", workspaces.start, name="workspace-start"),
    path("workspaces/<uuid:uuid>/members/", members.members, name="workspace-members"),
    path("workspaces/<uuid:uuid>/members/<uuid:member>/role/", members.role, name="member-role"),
    path("workspaces/<uuid:uuid>/members/<uuid:member>/end/", members.end, name="member-end"),
]
urlpatterns = [
    *_organisations,
    *_coalitions,
    *_workspaces,
    path("invitations/<str:token>/", invitations.accept, name="accept-invitation"),
]
