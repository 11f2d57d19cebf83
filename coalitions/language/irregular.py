"""Forms that no rule of `forms` finds, and words that only look like what a rule is for.

Invariant: folded, as `characters.fold` leaves them. "word: form form" reads: these forms are
stemmed as this word is; a form that is the word itself is kept from the rules.
"""

from __future__ import annotations

from typing import Final

_TEXTS: Final[dict[str, str]] = {
    "en": """
        child: children; woman: women; man: men; foot: feet; tooth: teeth; labor: labour
        labours; behavior: behaviour behaviours; color: colour colours; favor: favour
        favours; honor: honour honours; neighbor: neighbour neighbours; neighborhood:
        neighbourhood neighbourhoods; defense: defence; offense: offence offences; license:
        licence licences; center: centre centres; theater: theatre theatres; program:
        programme programmes; judgment: judgement judgements; crisis: crises; analysis:
        analyses; thesis: theses; criterion: criteria; phenomenon: phenomena; gray: grey;
        exercise: exercise exercises exercised exercising; promise: promise promises
        promised promising; premise: premise premises; enterprise: enterprise enterprises;
        comprise: comprise comprises comprised comprising; compromise: compromise
        compromises compromised; practice: practise practises; advertise: advertise
        advertises advertised advertising; surprise: surprise surprises surprised; treatise:
        treatise treatises; arise: arise arises arising; expertise: expertise; paradise:
        paradise; merchandise: merchandise; demise: demise
    """,
    "nl": """
        kind: kinder kinderen kinders; ei: eier eieren; blad: blader bladeren; goed:
        goederen; lied: lieder liederen; volk: volkeren; kalf: kalver kalveren; lam:
        lammeren; rund: runder runderen; kleed: klederen; been: beenderen; rad: raderen;
        gemoed: gemoederen; hoen: hoenderen; stad: steden; lid: leden; schip: schepen; smid:
        smeden; museum: musea; centrum: centra; criterium: criteria; politicus: politici;
        medicus: medici; musicus: musici; historicus: historici; academicus: academici;
        criticus: critici; zien: zien; advies: advies; hostes: hostes; verlies: verlies;
        precies: precies; kies: kies; intens: intens; immens: immens
    """,
    "fr": """
        travail: travaux; ami: ami amis; vrai: vrai vrais; essai: essai essais; delai: delai
        delais; parfait: parfait parfaite parfaits parfaites; compris: compris comprise
        comprises; surpris: surpris surprise surprises; precis: precis precise precises;
        repris: repris reprise reprises; remis: remis remise remises; soumis: soumis soumise
        soumises; promis: promis promise promises; permis: permis permise permises; admis:
        admis admise admises; commis: commis commise commises; transmis: transmis transmise
        transmises; acquis: acquis acquise acquises; divers: diverse diverses; bail: baux;
        vitrail: vitraux; corail: coraux; oeil: yeux; loi: lois; roi: rois; emploi: emplois;
        tournoi: tournois; convoi: convois; envoi: envois; paroi: parois; feu: feux; jeu:
        jeux; enjeu: enjeux; lieu: lieux; milieu: milieux; neveu: neveux; cheveu: cheveux;
        dieu: dieux; adieu: adieux; voeu: voeux; aveu: aveux; nouvel: nouveau nouveaux
        nouvelle nouvelles; bel: beau beaux belle belles; vieil: vieux vieille vieilles;
        blanc: blanche blanches blancs; franc: franche franches; sec: seche seches; doux:
        douce douces; faux: fausse fausses; roux: rousse rousses; frais: fraiche fraiches;
        long: longue longues longs; grec: grecque grecques; turc: turque turques; bas: bas
        basse basses; gros: gros grosse grosses; gras: grasse grasses; annee: annee annees;
        armee: armee armees; journee: journee journees; soiree: soiree soirees; lycee: lycee
        lycees; musee: musee musees; vallee: vallee vallees; duree: duree durees; pensee:
        pensee pensees; frere: frere freres; petit: petite petites; ecrit: ecrite ecrites;
        interdit: interdite interdites; gratuit: gratuite gratuites; entree: entree entrees;
        etranger: etrangere etrangeres; leger: legere legeres; passager: passagere
        passageres; messager: messagere messageres; berger: bergere bergeres; menager:
        menagere menageres; cher: chere cheres; cree: cree crees creee creees; cours: cours;
        recours: recours; secours: secours; discours: discours; concours: concours;
        parcours: parcours; toujours: toujours; alors: alors; hors: hors; vers: vers;
        travers: travers; divers: divers; univers: univers; envers: envers; revers: revers;
        pervers: pervers; sens: sens; gens: gens; dans: dans; temps: temps; longtemps:
        longtemps; printemps: printemps; corps: corps; fils: fils; refus: refus; abus: abus;
        virus: virus; processus: processus; consensus: consensus; campus: campus; corpus:
        corpus; bonus: bonus; plus: plus; dessus: dessus; dessous: dessous; inclus: inclus;
        exclus: exclus; obus: obus; versus: versus; lapsus: lapsus; heros: heros; repos:
        repos; propos: propos; foi: foi
    """,
    "es": """
        ingles: ingles inglesa ingleses inglesas; frances: frances francesa franceses
        francesas; portugues: portugues portuguesa portugueses portuguesas; holandes:
        holandes holandesa holandeses holandesas; japones: japones japonesa japoneses
        japonesas; escoces: escoces escocesa escoceses escocesas; irlandes: irlandes
        irlandesa irlandeses irlandesas; aleman: aleman alemana alemanes alemanas; catalan:
        catalan catalana catalanes catalanas; musulman: musulman musulmana musulmanes
        musulmanas; dios: dios dioses; alto: alta altas altos; otro: otra otras otros; luz:
        luces; voz: voces; juez: jueces; pez: peces; cruz: cruces; raiz: raices; actriz:
        actrices; matriz: matrices; nariz: narices; cicatriz: cicatrices; directriz:
        directrices; capaz: capaces; incapaz: incapaces; eficaz: eficaces; feroz: feroces;
        veloz: veloces; atroz: atroces; feliz: felices; disfraz: disfraces; tenaz: tenaces;
        audaz: audaces; fugaz: fugaces; mujer: mujeres; poder: poderes; lider: lideres;
        taller: talleres; deber: deberes; alquiler: alquileres; placer: placeres; ser:
        seres; caracter: caracteres; indice: indices; vez: veces; lunes: lunes; martes:
        martes; miercoles: miercoles; jueves: jueves; viernes: viernes; tesis: tesis;
        crisis: crisis; entonces: entonces
    """,
    "pt": """
        mae: mae maes; pao: paes; cao: caes; pais: pais paises; deus: deus deuses; lei:
        leis; rei: reis; boi: bois; dificil: dificil dificeis; facil: facil faceis; util:
        util uteis; fertil: fertil ferteis; fragil: fragil frageis; habil: habil habeis;
        projetil: projetil projeteis; infantil: infantil infantis; juvenil: juvenil juvenis;
        civil: civil civis; gentil: gentil gentis; hostil: hostil hostis; perfil: perfil
        perfis; estudantil: estudantil estudantis; mercantil: mercantil mercantis; febril:
        febril febris; viril: viril viris; azul: azul azuis; portugues: portugues portuguesa
        portugueses portuguesas; ingles: ingles inglesa ingleses inglesas; frances: frances
        francesa franceses francesas; japones: japones japonesa japoneses japonesas; chines:
        chines chinesa chineses chinesas; holandes: holandes holandesa holandeses
        holandesas; irlandes: irlandes irlandesa irlandeses irlandesas; burgues: burgues
        burguesa burgueses burguesas; campones: campones camponesa camponeses camponesas;
        mes: mes meses; alemao: alema alemas alemaes; irmao: irma irmas irmaos; cidadao:
        cidada cidadas cidadaos; cristao: crista cristas cristaos; orfao: orfa orfas orfaos;
        bom: boa bons boas; seis: seis; mais: mais; jamais: jamais; demais: demais; dois:
        dois; pois: pois; depois: depois
    """,
    "de": """
        museum: museen; ehe: ehen; see: seen; auto: autos; firma: firmen; thema: themen;
        zentrum: zentren; datum: daten; medium: medien; ministerium: ministerien; gymnasium:
        gymnasien; stadium: stadien; studie: studien; probleme: problem problems problemen;
        extreme: extrem extremen extremer extremes; embleme: emblem emblems emblemen; herr:
        herrn herren; frei: freie freien freier freies freiem; kriterium: kriterien;
        prinzip: prinzipien; konto: konten; risiko: risiken; villa: villen; drama: dramen;
        virus: viren
    """,
}


def _read(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in text.split(";"):
        word, _, forms = entry.partition(":")
        found.update(dict.fromkeys(forms.split(), word.strip()))
    return found


KNOWN: Final = {language: _read(text) for language, text in _TEXTS.items()}
