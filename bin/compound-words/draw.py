"""Draw words from running text, to be judged by hand and kept as a list to measure with.

    python bin/compound-words/draw.py LANGUAGE COUNT TEXT...

TEXT is a text, Markdown or HTML file. The distinct words of nine letters and more that no list of
the language (nl, de) has are put in the order of their SHA-256, and the first COUNT are printed
under the half that its last bit puts them in: nobody chooses what is drawn, or what is held out.
Names, words of other languages and what is open to dispute are left out by hand; see the headings
of the lists in tests/language/data.
"""

from __future__ import annotations

import html
import re
import sys
from hashlib import sha256
from pathlib import Path
from typing import Final

LISTS: Final = Path(__file__).parent.parent.parent / "tests" / "language" / "data"
SHORTEST: Final = 9


def words(text: str) -> set[str]:
    """The long words of a text, in small letters."""
    plain = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return {w.lower() for w in re.findall(r"[^\W\d_]+", plain) if len(w) >= SHORTEST}


def listed(language: str) -> set[str]:
    """The words that were judged already."""
    files = LISTS.glob(f"compounds_{language}_*.txt")
    lines = (line for file in files for line in file.read_text(encoding="utf-8").splitlines())
    return {line.replace("|", "") for line in lines if not line.startswith("#")}


def order(word: str) -> bytes:
    """What decides when a word is drawn."""
    return sha256(word.encode()).digest()


def held_out(word: str) -> bool:
    """Whether nothing may be tuned on a word."""
    return bool(order(word)[-1] & 1)


def main(language: str, count: str, *texts: str) -> None:
    """Print both halves."""
    found = set().union(*(words(Path(text).read_text(encoding="utf-8")) for text in texts))
    drawn = sorted(found - listed(language), key=order)[: int(count)]
    for name, half in (("tuning", False), ("held out", True)):
        chosen = "\n".join(word for word in drawn if held_out(word) is half)
        sys.stdout.write(f"# {name}\n{chosen}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
