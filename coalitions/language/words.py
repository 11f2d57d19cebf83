"""Function words of the languages: they tell the language, and alone they tell nothing else.

Folded, as `characters.fold` leaves them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Final

from coalitions.language.characters import fold

_LISTS: Final[dict[str, str]] = {
    "en": """the of and to in is that for it as was with be by on not he his but at are this have
        from or had an they which you were her she their we been has when who will more if no out
        so said what its about into than them can only other some could our these your there would
        shall may should any such how where why does do did a i am whom whose while because during
        each between through after before much many""",
    "nl": """de het een en van in is dat op te zijn met voor die niet aan er om ook als dan maar bij
        of uit nog worden wordt door naar heeft hebben deze over tot zij hij wij je ze kan geen wel
        werd dit was hun onder tegen tussen waar wat wie hoe moet moeten zal zullen kunnen omdat
        binnen na zo al hebt ben bent dus mijn onze ons hoeveel hoelang welke welk wanneer waarom
        waarin waarop waarmee waarvoor waaruit wiens zich toen hem haar hen kon kunt zou zouden
        had hadden""",
    "fr": """le la les de des du et un une en est que qui dans pour pas sur au aux par plus ce cette
        ces avec ne se sont il elle ils elles nous vous leur leurs son sa ses ont etre a ou mais
        comme tout tous toute toutes fait ete meme si sans entre dont peut aussi cela lors ainsi
        quand selon doit quel quelle quels quelles lequel laquelle lesquels lesquelles combien
        pourquoi comment quoi où furent fut était étaient avait avaient sera je tu""",
    "es": """el la los las de del y en un una que es por para con no se su sus al lo como mas o pero
        sus le ya este esta estos estas ha han sido son ser fue sobre entre cuando muy sin hasta
        desde todo todos toda todas tambien donde quien cual otros otra ni contra ante debe deben
        segun cada hay porque que cuales cuanto cuanta cuantos cuantas quienes cuyo cuya fueron
        era eran ser esta estaba hubo habia tiene tienen""",
    "pt": """o a os as de do da dos das e em um uma que para com nao por se no na nos nas ao aos seu
        sua seus suas mais como mas foi ou ser sao pela pelo pelas pelos tem ter esta este estes
        estas isso entre quando muito sem ate tambem onde quem qual deve devem segundo cada ha
        sobre todos todas ja foram quais quanto quanta quantos quantas como porque era eram""",
    "de": """der die das und in den von zu ist mit sich des auf fur im nicht dem ein eine als auch
        es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem uber einen so
        zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei kann gegen vom
        konnen schon wenn ihre mussen unter diese dieser wer wem wessen warum wieso wann woher
        wohin welche welcher welches welchem welchen wieviel wurden hatte hatten""",
    "ar": """في من على إلى عن أن إن هذا هذه التي الذي ما لا لم لن كل مع قد كان كانت هو هي أو ثم بين
        عند حتى إذا بعد قبل غير ذلك تلك كما لكن و أي بها به له لها فيها منها عليها عليه أنه أنها
        هم نحن يكون تكون متى أين كيف كم هل ماذا لماذا أية لمن بماذا بم عما مما ومن وما فما وهو وهي
        الذين اللذان اللتان اللاتي تم يتم هؤلاء هما منذ خلال حيث لدى""",
}
# Told apart from ours so that a text in them is not taken for one of ours; never returned as
# a language with a stemmer.
_OTHERS: Final[dict[str, str]] = {
    "it": """il di che e la per un in del della con non sono le dei si da al una piu gli nel come
        alla anche delle ai ha nella lo dal essere questo loro o ogni suo sua diritto""",
    "id": """yang dan di dengan untuk dari pada ini dalam tidak akan itu oleh atau setiap orang
        berhak adalah sebagai ke juga dapat hak ada anak""",
    "tr": """ve bir bu ile icin da de olarak her hakki haiz olan sahsin daha ne gibi kadar sonra
        cok en var ya hic""",
    "sw": """ya na wa kwa ni za katika la cha au kila mtu kama hii yake haki ana kuwa bila vya""",
    "ro": """si de la in a pe cu nu se orice din care sa pentru ca sau este dreptul prin fara ale
        persoana un o mai sunt""",
    "pl": """i w na do z nie sie ze jest kazdy czlowiek prawo przez jego lub oraz ma od za to jak
        dla po ktore""",
    "sv": """och att det i en som av ar den med for till ett har inte pa de om ratt var sin eller
        vid kan skall""",
}


def _read(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    return {code: frozenset(fold(words).split()) for code, words in lists.items()}


FUNCTION_WORDS: Final = _read(_LISTS)
# Arabic joins "and" and "then" to the word that follows.
FUNCTION_WORDS["ar"] |= {lead + w for lead in "وف" for w in FUNCTION_WORDS["ar"] if len(w) > 1}
OTHER_FUNCTION_WORDS: Final = _read(_OTHERS)


# Function words of one language that say something in another: light only where the other words
# of a query speak for the first.
# fmt: off
AMBIGUOUS: Final = frozenset((
    "ate", "comment", "dans", "die", "door", "era", "fur", "hat", "hay", "man", "par", "pas",
    "plus", "pour", "sein", "sin", "son", "tout", "uber", "van", "war",
))
# fmt: on
# So much must speak for a language; a word that languages share is divided between them.
WHOLE, EVIDENCE = 60, 30


def light_words(folded: Collection[str], languages: Collection[str]) -> frozenset[str]:
    """Those of a query's folded words that are mere function words.

    Words that one of the languages uses for content ("die", "war", "son") would be lost if a
    single list were enough: these must be of a language that the words beside them speak.
    """
    holders = {
        word: [code for code in languages if word in FUNCTION_WORDS.get(code, ())]
        for word in folded
    }
    if len(languages) <= 1:
        return frozenset(word for word, codes in holders.items() if codes)
    return frozenset(
        word
        for word, codes in holders.items()
        if codes and (word not in AMBIGUOUS or _spoken(holders, word, codes))
    )


def _spoken(holders: Mapping[str, list[str]], word: str, codes: list[str]) -> bool:
    """Whether the words beside this one speak for one of its languages more than for others."""
    scores: Counter[str] = Counter()
    for other, held in holders.items():
        if other != word:
            for code in held:
                scores[code] += WHOLE // len(held)
    best = max(scores.values(), default=0)
    return best >= EVIDENCE and any(scores[code] == best for code in codes)


def is_light(folded: str, languages: Collection[str]) -> bool:
    """Whether a folded word alone is a mere function word in one of these languages."""
    return bool(light_words((folded,), languages))
