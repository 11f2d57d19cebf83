"""`python -m coalitions.documents.reading text|image|thumbnails|letters|traces|remove …`: one
file in, one result out."""

import json
import sys
from pathlib import Path

from coalitions.documents.reading.limits import MAX_CHARACTERS, MAX_PAGES, Unreadable, restrain


def read_text(family: str, media_type: str, source: Path) -> dict[str, object]:
    """Return {"pages": [[anchor, text], …], "page_count": n}, or {"reason": code}."""
    # Imported late: each library is loaded only for its own files, after the limits are set.
    if family == "pdf":
        from coalitions.documents.reading.pdf import pages
    elif family in {"docx", "pptx", "xlsx"}:
        from coalitions.documents.reading.office import pages
    elif family == "odf":
        from coalitions.documents.reading.opendocument import pages
    else:
        from coalitions.documents.reading.texts import pages
    found: list[tuple[str, str]] = []
    total = 0
    for anchor, text in pages(source, media_type):
        total += len(text)
        if len(found) >= MAX_PAGES or total > MAX_CHARACTERS:
            raise Unreadable("too-large")
        found.append((anchor, text))
    if not any(text.strip() for _, text in found):
        scanned = family == "pdf"
        raise Unreadable("no-text-layer" if scanned else "no-text", len(found) if scanned else 0)
    return {"pages": found, "page_count": len(found)}


def draw(family: str, source: Path, result: Path, page: int, width: int) -> dict[str, object]:
    """Write the picture of `page` to `result`."""
    if family == "pdf":
        from coalitions.documents.reading.pdf import picture
    else:
        from coalitions.documents.reading.pictures import picture
    picture(source, result, page, width)
    return {}


def draw_several(family: str, source: Path, folder: Path, pages: list[int], width: int) -> None:
    """Write small pictures of `pages` into `folder`, each under its number; the first must be."""
    for page in pages:
        partial = folder / f"{page}.partial"
        try:
            draw(family, source, partial, page, width)
        except Exception:
            if page == pages[0]:
                raise
            continue  # the others were not asked for yet
        partial.rename(folder / f"{page}.png")


def places(source: Path, page: int) -> dict[str, object]:
    """Return the letters of a PDF's `page` with their places."""
    from coalitions.documents.reading.letters import letters

    return letters(source, page)


def look_for_people(family: str, source: Path) -> dict[str, object]:
    """Return what the file says about the people who made it."""
    from coalitions.documents.reading.traces import find

    return find(family, source)


def leave_people_out(family: str, source: Path, target: Path) -> dict[str, object]:
    """Write the file without that to `target`."""
    from coalitions.documents.reading.traces import remove

    return remove(family, source, target)


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the answer is a JSON file, the last argument."""
    what, family, media_type, source, *rest, answer = arguments
    restrain(what)
    try:
        if what == "text":
            result = read_text(family, media_type, Path(source))
        elif what == "letters":
            result = places(Path(source), int(rest[0]))
        elif what == "traces":
            result = look_for_people(family, Path(source))
        elif what == "remove":
            result = leave_people_out(family, Path(source), Path(rest[0]))
        elif what == "thumbnails":
            folder, width, *pages = rest
            draw_several(
                family, Path(source), Path(folder), [int(page) for page in pages], int(width)
            )
            result = {}
        else:
            picture, page, width = rest
            result = draw(family, Path(source), Path(picture), int(page), int(width))
    except Unreadable as error:
        result = {"reason": error.reason, "page_count": error.page_count}
    except MemoryError:
        result = {"reason": "too-large"}
    except RecursionError:
        result = {"reason": "hostile"}
    except Exception:  # a library's own error about a file that it cannot read
        result = {"reason": "broken"}
    # Lone surrogates become replacement characters: they can be neither sent nor stored.
    text = json.dumps(result, ensure_ascii=False).encode("utf-8", "replace")
    Path(answer).write_bytes(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
