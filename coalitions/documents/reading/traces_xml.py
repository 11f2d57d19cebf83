"""What the parts in XML of Office and OpenDocument files say about people.

Invariant: an element or attribute is known by its own name, of whatever namespace. What belongs to
the text, such as the author of a book that it cites, is neither noted nor touched.
"""

import re
from typing import Any, Final

from coalitions.documents.reading.archives import local
from coalitions.documents.reading.traces import Found

# An element whose text names somebody, by its own name.
_TEXTS: Final = {
    "creator": "author",
    "initial-creator": "author",
    "lastModifiedBy": "editor",
    "printed-by": "editor",
    "creator-initials": "commenter",
    "Company": "company",
    "Manager": "manager",
    "Application": "program",
    "generator": "program",
    "Template": "path",
    "HyperlinkBase": "path",
}
_PROPERTIES: Final = {"coreProperties", "Properties", "document-meta", "meta"}
# An attribute that names somebody, by its own name, and what stands there afterwards.
_ATTRIBUTES: Final = {
    "author": "Author",
    "initials": "A",
    "userId": "",
    "userName": "Author",
    "refreshedBy": "Author",
}
# Elements that stand for a person, with more attributes that name them.
_PEOPLE: Final = {"cmAuthor", "author", "person", "presenceInfo", "userInfo"}
_OF_PEOPLE: Final = {"name": "Author", "displayName": "Author"}
# Elements of SharePoint, within one that stands for a person.
_OF_USERS: Final = {"DisplayName", "AccountId"}
# In its attributes stands who wrote the cited book: that is text.
_CITED: Final = "bibliography-"
_ANONYMOUS: Final = {"", "Author", "A"}
_CHANGES: Final = {"ins", "del", "moveFrom", "moveTo"}
_A_PATH: Final = re.compile(r"[/\\:]")
_PATHS: Final = {"absPath": "url"}
# Whatever else is written in capitals or not, a part without these words names nobody.
WORDS: Final = (
    b"author", b"creator", b"properties", b"person", b"initials", b"username", b"printed-by",
    b"abspath", b"userid", b"document-meta", b"attachedtemplate", b"w:ins", b"w:del",
    b"refreshedby", b"userinfo", b"scenario",
)  # fmt: skip


def walk(root: Any, found: Found, *, change: bool) -> bool:
    """Note what a part says, and take it out where `change`; return whether it said anything."""
    said = False
    changes = 0
    properties = local(root) in _PROPERTIES or local(root).startswith("document")
    for element in list(root.iter()):
        name = local(element)
        if not name:
            continue
        changes += name == "changed-region" or (
            name in _CHANGES and _attribute(element, "author") in element.attrib
        )
        if name.startswith(_CITED):
            continue
        if name == "scenario":
            said = _scenario(element, found, change=change) or said
        said = _attributes(element, name, found, change=change) or said
        if properties or name in {"creator", "creator-initials"}:
            said = _text(element, name, found, change=change) or said
        if name == "author" and _parent(element) == "authors":
            said = _set_text(element, "commenter", "Author", found, change=change) or said
        if name in _OF_USERS and _parent(element) == "UserInfo":
            said = _set_text(element, "custom", "", found, change=change) or said
    found.count("changes", changes)
    return _custom(root, found, change=change) or said


def _parent(element: Any) -> str:
    parent = element.getparent()
    return "" if parent is None else local(parent)


def _attribute(element: Any, name: str) -> str:
    """Return an attribute's whole name, of whatever namespace; the bare one where it is absent."""
    return next((str(key) for key in element.attrib if str(key).rsplit("}", 1)[-1] == name), name)


def _attributes(element: Any, name: str, found: Found, *, change: bool) -> bool:
    said = False
    for key in list(element.attrib):
        short = str(key).rsplit("}", 1)[-1]
        after = _ATTRIBUTES.get(short)
        if after is None and name in _PEOPLE:
            after = _OF_PEOPLE.get(short)
        code = "commenter"
        if after is None and _PATHS.get(name) == short:
            after, code = "", "path"
        if after is None and (name, short) == ("scenario", "user"):
            after = "Author"
        if after is None and _is_template(element, short):
            after, code = "Normal.dotm", "path"
        value = element.get(key)
        if after is None or value == after or (code == "commenter" and value in _ANONYMOUS):
            continue
        said = True
        found.add(code, value)
        if change:
            element.set(key, after)
    return said


def _scenario(element: Any, found: Found, *, change: bool) -> bool:
    """Note the remark of a scenario where it names its maker, as programs write by themselves."""
    user, remark = element.get("user", ""), element.get("comment", "")
    if user in _ANONYMOUS or user not in remark:
        return False
    found.add("commenter", remark)
    if change:
        element.set("comment", remark.replace(user, "Author"))
    return True


def _is_template(element: Any, attribute: str) -> bool:
    """Whether this relation leads to a template on somebody's own disk."""
    kind = str(element.get("Type", ""))
    return attribute == "Target" and kind.endswith("/attachedTemplate")


def _text(element: Any, name: str, found: Found, *, change: bool) -> bool:
    code = _TEXTS.get(name)
    if code is None or len(element):
        return False
    if code == "program":
        found.add(code, element.text)
        return False
    if name == "Template" and not _A_PATH.search(element.text or ""):
        return False
    if name == "creator" and _parent(element) in {"annotation", "change-info"}:
        code = "commenter"
    return _set_text(element, code, "", found, change=change)


def _set_text(element: Any, code: str, after: str, found: Found, *, change: bool) -> bool:
    text = (element.text or "").strip()
    if text in _ANONYMOUS:
        return False
    found.add(code, text)
    if change:
        element.text = after
    return True


def _custom(root: Any, found: Found, *, change: bool) -> bool:
    """Note what people and programs wrote beside the usual properties, and take it out."""
    rows = []
    if local(root) == "Properties" and "custom-properties" in str(root.tag):
        rows = [(row, row.get("name")) for row in root]
    elif local(root).startswith("document"):
        rows = [(row, row.get(_attribute(row, "name"))) for row in root.iter("{*}user-defined")]
    for row, name in rows:
        found.add("custom", f"{name}: {' '.join(row.itertext())}")
    templates = [row for row in root.iter("{*}template") if _parent(row) == "meta"]
    for row in templates:
        for key in ("href", "title"):
            found.add("path", row.get(_attribute(row, key)))
    gone = [row for row, _name in rows] + templates
    for row in gone if change else ():
        row.getparent().remove(row)
    return bool(gone)
