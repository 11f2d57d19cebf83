"""A light stemmer for folded Arabic: articles, joined particles, pronouns, plurals.

Invariant: pure, and a stem is never empty. What is taken off follows the light stemming that
does best in retrieval: no roots are looked for, and a word that might be left too short stays.
Folding has already made one letter of the forms of alif, of ya and alif maqsura, of ha and ta
marbuta, and has put ya and waw for the hamza that they carry.
"""

from __future__ import annotations

import re
from typing import Final

_ARTICLE: Final = re.compile(r"\A[وف]?(?:[بك]?ال|لل)(?=\w{2})")
_AND: Final = re.compile(r"\Aو(?=\w{3})")
# "With", "for": joined to a word without the article.
_JOINED: Final = re.compile(r"\A[بل](?=\w{4})")

# Beginnings of words whose first letter only looks like one of these particles.
_OWN_AND: Final = re.compile(
    r"\Aو(?:زير|زار|زرا|طن|قت|قف|ثاي?ق|ثيق|لاي|لاد|كال|كلاء|ظيف|ظاي?ف|فاه|فات|فاء|فاق|فد|فود"
    r"|اقع|قاي?ع|قوع|اجب|اسع|احد|الد|ارد|اضح|اسط|سيل|ساي?ل|سط|حد|جود|جه|رق|ردت|باء|يكي|راء|راث"
    r"|زن|صول|صي|ضع|عي|عود|لد|قاي|رش|شيك)"
)
_OWN_JOINED: Final = re.compile(
    r"\A(?:ب(?:رنامج|رامج|داي|غداد|يروت|اريس|رشلون|يان|ريطان|لدان|طاق|شري|يضاء|رلين|طول|قاي|ندقي"
    r"|رازيل|لجيك|نغاز|ولند|ورت|ورص|رمج|رميل|رلمان|ديل|سيط|واب|عيد|احث|الغ|اكست|ناي|نوك|يوت|ضاي?ع"
    r"|حوث|ذور|ارد|ارز|رك|روت|ترول|لاغ|يولوج|كتيري|لاستيك|عثات?|ناء|لدي|يي|نات|لاد|عض|ين|عد|طال"
    r"|حار|حيري?|صمات?|رونز|ولي?س|اقي|ستان|اشا|وذ|هاي|هجه|كالوري|لوغ|روفيس|اي?ع)"
    r"|ل(?:بنان|يبرال|اتين|وح|حظ|قاء|قط|هج|طيف|وا?ي?ح|اي?ح|يال|غوي|غات|احق|احظ|ازم|اجي|اعب|جن|جان"
    r"|عب|قاح|افت|وجست|يبي|وكسم|ندن|اهوت|دي|كن|سان|باس|يس|ان|ما|ولا|صوص|حوم|مس|مع|حن|عن|ذيذ|يون))"
)

# (ending, what must be left of the word)
_ENDINGS: Final = (
    ("هما", 3),
    ("ها", 3),
    ("هم", 4),
    ("هن", 4),
    ("كم", 4),
    ("نا", 4),
    ("ان", 4),
    ("ون", 4),
    ("ين", 4),
    ("ات", 2),
    ("يه", 3),
    ("ا", 3),
    ("ه", 2),
    ("ي", 3),
)
_PRONOUN_AFTER_T: Final = re.compile(r"(?<=\w{3})ت(?:هما|ها|هم|هن|ه|كم|ك|نا|ي)\Z")

# Plurals that change inside the word, folded: plural → singular.
_PAIRS: Final = """
    اطفال:طفل حقوق:حق اعمال:عمل مدارس:مدرسه قوانين:قانون فتيات:فتاه ضحايا:ضحيه محاكم:محكمه
    جرايم:جريمه مدن:مدينه كتب:كتاب بلدان:بلد بلاد:بلد اسر:اسره نساء:امراه مراه:امراه رجال:رجل
    اولاد:ولد بنات:بنت شباب:شاب مناطق:منطقه مواد:ماده برامج:برنامج مراكز:مركز وسايل:وسيله
    ظروف:ظرف اشخاص:شخص افراد:فرد اطراف:طرف احكام:حكم تدابير:تدبير معايير:معيار عقود:عقد
    انواع:نوع اسباب:سبب اهداف:هدف مشاكل:مشكله مبادي:مبدا مبادء:مبدا شعوب:شعب امم:امه قضايا:قضيه
    منازل:منزل بيوت:بيت شوارع:شارع ايام:يوم شهور:شهر اشهر:شهر سنوات:سنه سنين:سنه اعوام:عام
    قرون:قرن ملوك:ملك امراء:امير جنود:جندي حروب:حرب جيوش:جيش علماء:عالم اديان:دين كنايس:كنيسه
    مساجد:مسجد جبال:جبل انهار:نهر بحار:بحر جزر:جزيره اسماء:اسم ارقام:رقم اعداد:عدد مصادر:مصدر
    اماكن:مكان اساليب:اسلوب فرق:فريق العاب:لعبه نتايج:نتيجه عناصر:عنصر خلايا:خليه امراض:مرض
    ادويه:دواء اطباء:طبيب طلاب:طالب اساتذه:استاذ وزراء:وزير روساء:رييس خبراء:خبير شركاء:شريك
    فقراء:فقير نواب:نايب حكام:حاكم عمال:عامل تجار:تاجر لجان:لجنه عقوبات:عقوبه اراء:راي
    اباء:اب امهات:ام اخوه:اخ ازواج:زوج اعضاء:عضو اجهزه:جهاز انظمه:نظام اسلحه:سلاح اسيله:سوال
    اجوبه:جواب امثله:مثال انشطه:نشاط ادله:دليل احزاب:حزب اخبار:خبر افكار:فكره افلام:فيلم
    اقسام:قسم ارباح:ربح اسعار:سعر اسواق:سوق اشكال:شكل اصوات:صوت اضرار:ضرر اعراض:عرض اقاليم:اقليم
    الوان:لون اموال:مال انباء:نبا اوضاع:وضع اوقات:وقت اوراق:ورقه بنوك:بنك تقارير:تقرير
    تجارب:تجربه تعاليم:تعليم ثقافات:ثقافه جوانب:جانب جهود:جهد حدود:حد حلول:حل خدمات:خدمه
    خطوط:خط دروس:درس دوافع:دافع رسايل:رساله رسوم:رسم روابط:رابطه سجون:سجن سفن:سفينه شروط:شرط
    شركات:شركه صحف:صحيفه صور:صوره ضغوط:ضغط طرق:طريق عادات:عاده عوامل:عامل عواصم:عاصمه
    علوم:علم عيون:عين غرف:غرفه فصول:فصل فنون:فن قبايل:قبيله قواعد:قاعده قوي:قوه قيم:قيمه
    كلاب:كلب مباني:مبني مجالس:مجلس مخاطر:خطر مدافع:مدفع مراحل:مرحله مصالح:مصلحه مصانع:مصنع
    مطارات:مطار معابد:معبد معارك:معركه مقاطع:مقطع ملاعب:ملعب مناصب:منصب مواقع:موقع مواضيع:موضوع
    موارد:مورد نجوم:نجم نصوص:نص نماذج:نموذج وثايق:وثيقه وظايف:وظيفه يتامي:يتيم
    ايتام:يتيم رسل:رسول قصص:قصه حيوانات:حيوان اعياد:عيد حوادث:حادث احداث:حدث اقارب:قريب
    اوامر:امر امور:امر اصول:اصل فروع:فرع فوايد:فايده جوايز:جايزه حقايق:حقيقه طوايف:طايفه
    طرايق:طريقه لوايح:لايحه دواير:دايره عواقب:عاقبه ودايع:وديعه دول:دوله جمل:جمله اجور:اجر
    اصدقاء:صديق اقرباء:قريب ابناء:ابن اشقاء:شقيق اغنياء:غني انبياء:نبي اقوياء:قوي
"""
_BROKEN_PLURALS: Final = dict(pair.split(":") for pair in _PAIRS.split())


def _without_beginning(word: str) -> str:
    bare, cut = _ARTICLE.subn("", word)
    if cut:
        return bare
    if not _OWN_AND.match(word):
        word = _AND.sub("", word)
    return word if _OWN_JOINED.match(word) else _JOINED.sub("", word)


def _without_ending(word: str) -> str:
    word = _PRONOUN_AFTER_T.sub("ه", word)
    for ending, left in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word[: -len(ending)]
    return word


def arabic_stem(word: str) -> str:
    """The light stem of a folded Arabic word."""
    word = _without_beginning(word)
    for _ in range(4):
        shorter = _without_ending(_BROKEN_PLURALS.get(word, word))
        if shorter == word:
            break
        word = shorter
    return word


def without_article(word: str) -> str:
    """A folded word without its article and what is joined before that."""
    return _ARTICLE.sub("", word)


def arabic_readings(word: str) -> tuple[str, ...]:
    """The stems that a folded word may have, the usual one first.

    What looks like a joined particle or an article may be the word's own first letters; with an
    article before them, they are. Names are recognised by any of these; what is indexed has one
    stem.
    """
    stems = [arabic_stem(word), arabic_stem(f"ال{word}")]
    if _AND.match(word):
        stems.append(arabic_stem(f"ال{word[1:]}"))
    return tuple(dict.fromkeys(stems))
