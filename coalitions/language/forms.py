"""What Snowball needs to hear about a folded word, and what it leaves apart.

Folding comes before stemming, so that people who type no accents lose nothing; but the stemmers of
the Romance languages tell endings by their accents. `prepared` puts back those that an ending
gives away, brings plurals that the stemmers miss to their singular, and names irregular forms;
`joined` makes one of stems that belong together.

Invariant: pure, never empty for a word that is not empty, and the same for every form of a text:
what is done to one form of a word is done wherever it stands.
"""

from __future__ import annotations

import re
from typing import Final

Rules = tuple[tuple[re.Pattern[str], str], ...]


def _rules(*pairs: tuple[str, str]) -> Rules:
    return tuple((re.compile(pattern), replacement) for pattern, replacement in pairs)


def _forms(text: str) -> dict[str, str]:
    """Lines of "word: form form …" as form → word."""
    found: dict[str, str] = {}
    for line in text.strip().splitlines():
        word, _, forms = line.partition(":")
        found.update(dict.fromkeys(forms.split(), word.strip()))
    return found


# Dutch words whose last s is their own, which Snowball takes for a plural's; given their plural
# they keep it. The second list holds for compounds too.
_OWN_S: Final = (
    r"\A(?:(?:mede)?mens|seks|wens|arts|pers|reeks|prins|dans|vers|gids|lens|koorts|impuls|gans"
    r"|glans|flits|stimulans|tendens|concours|respons|krans|schaats|kans|koers|spits|rots|heks"
    r"|kaars|kers|schans|muts|schets|spons|loods|hars)\Z"
    r"|(?:grens|plaats|fonds|korps|fiets|balans|(?:huis|tand|dieren)arts|toets|beurs|laars|mars)\Z"
)

# Only the first rule that fits is used.
_ENDINGS: Final[dict[str, Rules]] = {
    "es": _rules(
        (r"(?<=\w)(c|s|x|t)iones\Z", r"\1ion"),
        (r"(?<=\w\w)(en|an|ad|or|al|ar|es|on)es\Z", r"\1"),
        (r"(?<=\w[aeiou])ces\Z", "z"),
    ),
    "pt": _rules(
        (r"(?<=\w)oes\Z", "ao"),
        (r"(?<=\w\w)(aos|aes)\Z", "ao"),
        (r"(?<=\w)ais\Z", "al"),
        (r"(?<=[pvtmnd])eis\Z", "el"),
        (r"(?<=\w)ois\Z", "ol"),
        (r"(?<=\w[aeiou])ns\Z", "m"),
        (r"(?<=\w[aeiou])(z|r)es\Z", r"\1"),
    ),
    "fr": _rules(
        (r"(?<=\w\w\w)ees?\Z", "e"),
        (r"(?<=\w)ieres?\Z", "ier"),
        (r"(?<=\w[gh])ers\Z", "er"),
        (r"(?<=\w)(oi|ai)ses?\Z", r"\1s"),
    ),
    "nl": _rules(
        (_OWN_S, r"\g<0>en"),
        (r"(?<=\w)(ie|ee)en\Z", r"\1"),
        (r"(?<=\w\w)ies\Z", "ie"),
        (r"(?<=\w\w)(en|je)s\Z", r"\1"),
        (r"(?<=\w\w)enen\Z", "ene"),
        (r"(?<=\w\w[td])es\Z", "e"),
    ),
    "en": _rules(
        (r"(?<=\w\w\w)isation(s?)\Z", r"ization\1"),
        (r"(?<=[a-z][nlrtdm])is(es|ed|ing|er|ers|e)\Z", r"iz\1"),
        (r"(?<=\w)ys(es|ed|ing|e)\Z", r"yz\1"),
    ),
}
_ACCENTS: Final[dict[str, Rules]] = {
    "es": _rules((r"cion\Z", "ción"), (r"sion\Z", "sión"), (r"logias?\Z", "logía")),
    "pt": _rules(
        (r"cao\Z", "ção"),
        (r"ao\Z", "ão"),
        (r"avel\Z", "ável"),
        (r"ivel\Z", "ível"),
        (r"ancia(s?)\Z", r"ância\1"),
        (r"encia(s?)\Z", r"ência\1"),
    ),
    "fr": _rules((r"ites?\Z", "ité")),
}

# Words that only look like what a rule is for, and forms that no rule finds.
_KNOWN: Final[dict[str, dict[str, str]]] = {
    "en": _forms(
        """
        child: children
        woman: women
        man: men
        foot: feet
        tooth: teeth
        labor: labour labours
        behavior: behaviour behaviours
        color: colour colours
        favor: favour favours
        honor: honour honours
        neighbor: neighbour neighbours
        neighborhood: neighbourhood neighbourhoods
        defense: defence
        offense: offence offences
        license: licence licences
        center: centre centres
        theater: theatre theatres
        program: programme programmes
        judgment: judgement judgements
        crisis: crises
        analysis: analyses
        thesis: theses
        criterion: criteria
        phenomenon: phenomena
        gray: grey
        exercise: exercise exercises exercised exercising
        promise: promise promises promised promising
        premise: premise premises
        enterprise: enterprise enterprises
        expertise: expertise
        comprise: comprise comprises comprised comprising
        compromise: compromise compromises compromised
        practice: practise practises
        advertise: advertise advertises advertised advertising
        surprise: surprise surprises surprised
        treatise: treatise treatises
        paradise: paradise
        merchandise: merchandise
        demise: demise
        arise: arise arises arising
        """
    ),
    "nl": _forms(
        """
        kind: kinder kinderen kinders
        ei: eier eieren
        blad: blader bladeren
        goed: goederen
        lied: lieder liederen
        volk: volkeren
        kalf: kalver kalveren
        lam: lammeren
        rund: runder runderen
        kleed: klederen
        been: beenderen
        rad: raderen
        gemoed: gemoederen
        hoen: hoenderen
        stad: steden
        lid: leden
        schip: schepen
        smid: smeden
        museum: musea
        centrum: centra
        criterium: criteria
        politicus: politici
        medicus: medici
        musicus: musici
        historicus: historici
        academicus: academici
        criticus: critici
        zien: zien
        advies: advies
        verlies: verlies
        precies: precies
        kies: kies
        intens: intens
        immens: immens
        """
    ),
    "fr": _forms(
        """
        travail: travaux
        bail: baux
        vitrail: vitraux
        corail: coraux
        oeil: yeux
        loi: lois
        roi: rois
        emploi: emplois
        tournoi: tournois
        convoi: convois
        envoi: envois
        foi: foi
        paroi: parois
        feu: feux
        jeu: jeux
        enjeu: enjeux
        lieu: lieux
        milieu: milieux
        neveu: neveux
        cheveu: cheveux
        dieu: dieux
        adieu: adieux
        voeu: voeux
        aveu: aveux
        nouvel: nouveau nouveaux nouvelle nouvelles
        bel: beau beaux belle belles
        vieil: vieux vieille vieilles
        blanc: blanche blanches blancs
        franc: franche franches
        sec: seche seches
        doux: douce douces
        faux: fausse fausses
        roux: rousse rousses
        frais: fraiche fraiches
        long: longue longues longs
        grec: grecque grecques
        turc: turque turques
        bas: basse basses
        gros: grosse grosses
        gras: grasse grasses
        annee: annee annees
        armee: armee armees
        journee: journee journees
        soiree: soiree soirees
        lycee: lycee lycees
        musee: musee musees
        vallee: vallee vallees
        duree: duree durees
        pensee: pensee pensees
        frere: frere freres
        petit: petite petites
        ecrit: ecrite ecrites
        interdit: interdite interdites
        gratuit: gratuite gratuites
        entree: entree entrees
        etranger: etrangere etrangeres
        leger: legere legeres
        passager: passagere passageres
        messager: messagere messageres
        berger: bergere bergeres
        menager: menagere menageres
        cher: chere cheres
        cree: cree crees creee creees
        """
    ),
    "es": _forms(
        """
        ingles: inglesa ingleses inglesas
        frances: francesa franceses francesas
        portugues: portuguesa portugueses portuguesas
        holandes: holandesa holandeses holandesas
        japones: japonesa japoneses japonesas
        escoces: escocesa escoceses escocesas
        irlandes: irlandesa irlandeses irlandesas
        aleman: alemana alemanes alemanas
        catalan: catalana catalanes catalanas
        musulman: musulmana musulmanes musulmanas
        lunes: lunes
        martes: martes
        miercoles: miercoles
        jueves: jueves
        viernes: viernes
        tesis: tesis
        crisis: crisis
        entonces: entonces
        vez: veces
        """
    ),
    "pt": _forms(
        """
        mae: mae maes
        pao: paes
        cao: caes
        pais: pais
        lei: leis
        rei: reis
        seis: seis
        mais: mais
        jamais: jamais
        demais: demais
        dois: dois
        pois: pois
        depois: depois
        boi: bois
        dificil: dificil dificeis
        facil: facil faceis
        util: util uteis
        fertil: fertil ferteis
        fragil: fragil frageis
        habil: habil habeis
        projetil: projetil projeteis
        infantil: infantil infantis
        juvenil: juvenil juvenis
        civil: civil civis
        gentil: gentil gentis
        hostil: hostil hostis
        perfil: perfil perfis
        estudantil: estudantil estudantis
        mercantil: mercantil mercantis
        febril: febril febris
        viril: viril viris
        azul: azul azuis
        portugues: portuguesa portugueses portuguesas
        ingles: inglesa ingleses inglesas
        frances: francesa franceses francesas
        japones: japonesa japoneses japonesas
        chines: chinesa chineses chinesas
        holandes: holandesa holandeses holandesas
        irlandes: irlandesa irlandeses irlandesas
        burgues: burguesa burgueses burguesas
        campones: camponesa camponeses camponesas
        mes: mes meses
        alemao: alema alemas alemaes
        irmao: irma irmas irmaos
        cidadao: cidada cidadas cidadaos
        cristao: crista cristas cristaos
        orfao: orfa orfas orfaos
        bom: boa bons boas
        """
    ),
    "de": _forms(
        """
        museum: museen
        ehe: ehen
        see: seen
        auto: autos
        firma: firmen
        thema: themen
        zentrum: zentren
        datum: daten
        medium: medien
        ministerium: ministerien
        gymnasium: gymnasien
        stadium: stadien
        studium: studien
        kriterium: kriterien
        prinzip: prinzipien
        konto: konten
        risiko: risiken
        villa: villen
        drama: dramen
        virus: viren
        """
    ),
}
_STEMS: Final[dict[str, Rules]] = {
    "fr": _rules(
        (r"(?<=\w)if\Z", "iv"),
        (r"(?<=\w\w\w)iqu\Z", "ic"),
        (r"(?<=\w\w\w)eu[rx]\Z", "eu"),
    ),
    "de": _rules((r"(?<=\w\w)inn\Z", "in")),
    "nl": _rules(
        (r"(?<=\w\w)v\Z", "f"),
        (r"(?<=\w\w)z\Z", "s"),
        (r"(?<=\w)([bdfgklmnprst])\1\Z", r"\1"),
    ),
}


def prepared(word: str, language: str) -> str:
    """The form of a folded word that its stemmer is given."""
    known = _KNOWN.get(language, {}).get(word)
    word = _first(word, _ENDINGS.get(language, ())) if known is None else known
    return _first(word, _ACCENTS.get(language, ()))


def joined(stem: str, language: str) -> str:
    """The stem that stands for all that belong together."""
    return _first(stem, _STEMS.get(language, ()))


def _first(word: str, rules: Rules) -> str:
    for pattern, replacement in rules:
        changed, count = pattern.subn(replacement, word)
        if count:
            return changed
    return word
