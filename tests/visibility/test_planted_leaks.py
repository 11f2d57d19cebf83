"""The suite against itself: leaks of many kinds are planted in a copy, and each must be found.

Nightly: every leak costs a run of the visibility tests. A leak whose text is no longer in the tree
fails too, so that this list cannot go stale.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The quickest to find most leaks comes first.
SUITE = (
    "tests/visibility/test_two_worlds.py",
    "tests/visibility/test_matrix.py",
    "tests/visibility/test_alerts.py",
)
COPIED = ("portal", "search", "knowledge", "coalitions", "templates", "tests")
FINDING = "coalitions/documents/views/finding.py"
SEEN = "Document.objects.visible_to(viewer_of(request))"


@dataclass(frozen=True)
class Leak:
    """`changes`: file, the text that stands there, what is planted instead."""

    name: str
    changes: tuple[tuple[str, str, str], ...]


LEAKS = [
    Leak("a view without the filter", ((FINDING, SEEN, "Document.objects.all()"),)),
    Leak(
        "a count",
        (
            (
                "knowledge/pages/home.py",
                '"provision_counts": families_by_provision(seen)',
                '"provision_counts": families_by_provision(ArticlePage.objects.live())',
            ),
        ),
    ),
    Leak(
        "a cached object",
        (
            (FINDING, "    found = (\n", "    found = _KEPT.get(uuid) or (\n"),
            (
                FINDING,
                "        raise Http404\n    return found\n\n\ndef visible_workspace",
                "        raise Http404\n    _KEPT[uuid] = found\n    return found\n\n\n"
                "_KEPT: dict = {}\n\n\ndef visible_workspace",
            ),
        ),
    ),
    Leak(
        "a breadcrumb",
        (("templates/documents/_crumbs.html", "{% if sees_workspace %}", "{% if document %}"),),
    ),
    Leak(
        "an ETag",
        (
            (
                "portal/api/v1/base.py",
                '        response.headers["Content-Language"] = "en"\n',
                '        response.headers["Content-Language"] = "en"\n'
                "        from coalitions.documents.models import Document\n"
                '        response.headers["ETag"] = f\'"{Document.objects.count()}"\'\n',
            ),
        ),
    ),
    Leak(
        "a download",
        (
            (
                "coalitions/documents/downloads.py",
                "Document.objects.visible_to(viewer).filter(uuid=document_uuid)",
                "Document.objects.filter(uuid=document_uuid)",
            ),
        ),
    ),
    Leak(
        "a suspension that is not asked for",
        (
            (
                "coalitions/network/querysets.py",
                "self.in_force(at).filter(~Exists(suspended), person__is_active=True)",
                "self.in_force(at).filter(person__is_active=True)",
            ),
        ),
    ),
    Leak(
        "a revoked token that still works",
        (
            (
                "portal/api/models/api_token.py",
                "Q(revoked__isnull=True), expires__gt",
                "expires__gt",
            ),
            (
                "portal/api/models/api_token.py",
                "self.revoked is None and self.expires",
                "self.expires",
            ),
        ),
    ),
    Leak(
        "totals and facets of the whole network",
        (
            (
                "search/service.py",
                "Access.for_labels(viewer.labels)",
                'Access.for_labels(viewer.labels | {"network"})',
            ),
        ),
    ),
    Leak(
        "forbidden that differs from missing",
        (
            (
                FINDING,
                "        raise Http404\n    return found\n\n\ndef visible_workspace",
                "        if Document.objects.filter(uuid=uuid).exists():\n"
                '            raise SystemError("hidden")\n'
                "        raise Http404\n    return found\n\n\ndef visible_workspace",
            ),
            (
                "portal/home/middleware.py",
                "if isinstance(error, PermissionDenied):",
                "if isinstance(error, SystemError):\n"
                '            return HttpResponse("", status=403)\n'
                "        if isinstance(error, PermissionDenied):",
            ),
        ),
    ),
    Leak(
        "an audience that has ended",
        (
            (
                "coalitions/documents/querysets.py",
                "filter(in_force(), _seen(viewer))",
                "filter(_seen(viewer))",
            ),
        ),
    ),
    Leak(
        "names of people outside a shared place",
        (
            (
                "coalitions/network/views/members.py",
                "person__in=people_visible_to(viewer)",
                "person__isnull=False",
            ),
            (
                "coalitions/network/views/acts.py",
                "Workspace.objects.visible_to(viewer_of(request))",
                "Workspace.objects.all()",
            ),
        ),
    ),
    Leak(
        "a mail that names what its reader alone may see",
        (
            (
                "search/saved/letters.py",
                "public = seen_now(STRANGER, seen)",
                "public = seen_now(viewer_for(person), seen)",
            ),
        ),
    ),
    Leak(
        "a feed that names what its owner alone may see",
        (
            (
                "search/saved/feed.py",
                "public = seen_now(STRANGER, seen)",
                "public = seen_now(viewer, seen)",
            ),
        ),
    ),
    Leak(
        "a mail about what was seen when it was owed",
        (
            (
                "search/saved/letters.py",
                "    seen = seen_now(viewer_for(person), refs)",
                "    seen = dict.fromkeys(refs)",
            ),
        ),
    ),
]


def plant(leak: Leak, folder: Path) -> None:
    """Copy the tree to `folder` and plant `leak` in it."""
    for name in COPIED:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    for name in ("pyproject.toml", "manage.py"):
        shutil.copy(ROOT / name, folder / name)
    for file, before, after in leak.changes:
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text, f"{leak.name}: {file} no longer says {before!r}"
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.name)
def test_the_suite_finds(
    leak: Leak, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    plant(leak, tmp_path)
    environment = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    environment["PORTAL_VAR"] = str(tmp_path / "var")
    command = [sys.executable, "-m", "pytest", *SUITE, "-x", "-q", "--no-header"]
    run = subprocess.run(
        [*command, "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, f"not found: {leak.name}\n{run.stdout[-2000:]}"
    assert "AssertionError" in run.stdout, run.stdout[-2000:]
    said = [row for row in run.stdout.splitlines() if "FAILED" in row or "E   " in row]
    record_property("found_by", [row.strip() for row in said][:4])
