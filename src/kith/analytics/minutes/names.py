"""People's names in the lists and sentences of minutes: as printed, and nothing made up."""

import re
from dataclasses import dataclass
from functools import lru_cache

_COUNCIL = r"(?:(?:County|District|Borough|City|Parish|Town|Ward|Unitary|Shire|Dorset|Norfolk)\s+)"
COUNCILLOR = rf"(?:{_COUNCIL}(?:and\s+|/\s?|&\s+)?){{0,2}}(?:Councill?ors?|COUNCILLORS?|Cllr[’']?s?|CLLRS?|Clirs?|Clr|Coun|Ald(?:erman)?|C’llr|C'llr)\b\.?:?"
_TITLE = (
    r"(?:Deputy(?= [A-Z])(?! (?:Mayor|Chair|Leader|Clerk|Director|Head|Town|Chief|Lord|Team|Parish))|Mrs?|Ms|Miss|Mx|Dr|Rev(?:d|erend)?|Prof(?:essor)?|Sir|Lady|Lord|Dame|Baroness|Canon|Father|Fr|Major|Maj"
    r"|Col(?:onel)?|Capt(?:ain)?|Lt|PCSO|PC(?= [A-Z][a-z])|Sgt|Sergeant|Inspector|Insp|MR|MRS|MS|MISS|DR|REV)\b\.?"
)
HONORIFIC = re.compile(
    rf"(?:The\s+(?=Rev|Ven|Hon|Right))?(?:(?:The\s+)?(?:Deputy\s+)?(?:Lord\s+)?Mayor,?\s+)?(?P<honorific>{COUNCILLOR}(?:\s?{_TITLE})*|{_TITLE}(?:\s?{_TITLE})*)\s*"
)
_PARTICLES = {
    "de",
    "la",
    "van",
    "von",
    "der",
    "den",
    "le",
    "du",
    "di",
    "ap",
    "al",
    "el",
    "bin",
    "da",
    "del",
    "St",
    "st",
}
_LEADING = {"de", "van", "von", "du", "di", "le"}
_LETTERS = "A-Za-zÀ-ÖØ-öø-ÿ"
_WORD = re.compile(rf"^(?:[A-ZÀ-ÖØ-Þ][{_LETTERS}]*(?:[’'`-][{_LETTERS}]+)*|d[’'][A-Z][a-z]+)$")
_INITIALS = re.compile(r"^(?:[A-Z]\.?){1,4}$")
AFTER_NAME = {
    "MBE",
    "OBE",
    "CBE",
    "BEM",
    "JP",
    "MP",
    "QC",
    "KC",
    "DL",
    "TD",
    "Jnr",
    "Snr",
    "Jr",
    "Sr",
    "FRSA",
}
# Words that begin with a capital in minutes and are nobody's name.
NOT_NAMES_TEXT = """Apologies Apology None Nil Members Member Public The Council Councillor Councillors Cllr Cllrs Parish Town Clerk
    Chair Chairman Chairwoman Chairperson Vice Vice-Chair Vice-Chairman Mayor Deputy Officer Officers Police County District
    Borough City Leader Director Head Manager Committee Cabinet Panel Board Item Items Agenda Minutes Minute Resolved
    RESOLVED Noted NOTED Agreed AGREED Received Absent Present In Attendance Also All No There It To A An Of For From
    Declarations Declaration Interest Interests Work Holiday Illness Sick Personal Family Unwell Business Assistant
    Administrator Secretary Treasurer Representative Democratic Services Service Strategic Executive Lead Portfolio Holder
    Team Senior Principal Officer’s Responsible Financial RFO Co-opted Coopted Co-optee Governor Governors Substitute
    Substitutes Substitution Substitutions Proposed Seconded Meeting Meetings Venue Date Time Quorum Group Councils Press
    This That These Those Other Others Absence Absences Matters Reports Report Open Session Forum Participation Warden
    PC BC GW CC DC TC NCC SCDC OCC KCC ECC Ltd Trust School Church Hall Village Room Road Street Lane Police
    January February March April June July August September October November December Monday Tuesday Wednesday Thursday
    Friday Saturday Sunday We He She They Two Three Four Five Six Seven Eight Nine Ten Welcome Introduction Introductions
    Approval Previous Accepted Approved Reason Reasons Notice Notification Questions Question Correspondence Planning
    Finance Highways Local Government Act Section Standing Orders Order Code Conduct Register Constituency Labour
    Conservative Conservatives Liberal Democrat Democrats Green Independent Independents UKIP Party Residents Resident
    Parishioners Parishioner Admin Support Adviser Advisor Solicitor Monitoring Auditor Consultant Community Engagement
    Development Chief Corporate Legal Housing Environment Education Health Social Care Children Adult Adults Interim
    Temporary Appointments Appointment With As By At On After Before During His Her Their Having Although However Subject Since Because When While Where Signed Name Names Role Attended Remote Remotely Virtual Zoom Teams Apols Due Following Further Both Neither
    Item’s Dates Next Vacancy Vacant Vacancies Until Left Arrived Joined Later Start Finish End Ended Ward"""
NOT_NAMES = set(NOT_NAMES_TEXT.split())
ALSO_SURNAMES = {
    *(
        "Green",
        "Hall",
        "Lane",
        "Church",
        "Ward",
        "Street",
        "Day",
        "March",
        "May",
        "Head",
        "Parish",
        "Board",
    ),
    *(
        "Work",
        "Page",
        "Press",
        "English",
        "School",
        "Room",
        "Mayor",
        "Chair",
        "Village",
        "Forum",
        "Warden",
    ),
}
POST_WORDS = re.compile(
    r"\b(?:Clerk|Director|Officer|Manager|Head of|Head Teacher|Headteacher|Lead|Chief|Assistant|Solicitor|Accountant|Secretary|Treasurer|Auditor|Warden|"
    r"Engineer|Planner|Adviser|Advisor|Surveyor|Co-?ordinator|Administrator|Consultant|Leader|Executive|Principal|RFO|Archivist|Analyst|Inspector|Sergeant|"
    r"Governor|Representative|Commissioner|Practitioner|Supervisor|Librarian|Registrar|Monitoring|Superintendent|Constable|PCSO|Caretaker|Handyman|Editor|Journalist|Reporter)\b",
)
_ROLES = re.compile(
    r"^\(?(?:in the chair|(?:vice|deputy|acting)?[\s-]*chair(?:man|woman|person)?\b.*|(?:deputy |town )?mayor\b.*|leader\b.*|presiding)\)?$",
    re.IGNORECASE,
)


@dataclass
class Name:
    """A name as it stands in the text, and what stands beside it."""

    name: str
    honorific: str | None = None
    notes: tuple[str, ...] = ()  # what stood in brackets behind it
    post: str | None = None
    rest: str = ""  # what followed the name up to the next comma
    before: str = ""  # lower-case words ahead of it, such as "substituted by"

    @property
    def surname(self) -> str:
        return surname(self.name)

    @property
    def initials(self) -> str | None:
        return next((note for note in self.notes if is_initials_of(note, self.name)), None)

    @property
    def is_councillor(self) -> bool:
        return bool(self.honorific and re.match(COUNCILLOR, self.honorific))


@lru_cache(maxsize=4096)
def surname(name: str) -> str:
    """Return the family name of a name as printed, whichever way round it stands: "de Burle" whole."""
    words = [
        word for word in re.sub(r"\([^)]*\)", "", name).split() if word.strip(".") not in AFTER_NAME
    ]
    while len(words) > 1 and _INITIALS.match(words[-1]) and not _INITIALS.match(words[0]):
        words.pop()
    at = len(words) - 1
    while at > 0 and words[at - 1] in _PARTICLES and words[at - 1].islower():
        at -= 1
    return " ".join(words[at:]).strip(".,") if words else name


def is_initials_of(short: str, name: str) -> bool:
    """Say whether letters in brackets are the beginnings of a name's parts: JMcW, LC, but not South."""
    short = short.replace(".", "").strip()
    if not re.fullmatch(r"[A-Z][A-Za-z]{1,4}", short) or sum(one.isupper() for one in short) < 2:
        return False
    words = [word for word in re.split(r"[\s-]+", name) if word]
    if not words or short[0] != words[0][0]:
        return False
    last = surname(name)
    rest = short[1:]
    # Either the last part's first letters come after the first letter (JMcW), or one letter for each part.
    capitals = "".join(one for one in rest if one.isupper())
    if any(rest == last[: len(rest)] for _ in [0]) or re.fullmatch(
        rest, last[: len(rest)], re.IGNORECASE
    ):
        return True
    letters = [word[0].upper() for word in words[1:]]
    inner = [one for one in last if one.isupper()]
    return (
        capitals in ("".join(letters), "".join(letters[:-1] + inner), "".join(inner))
        or capitals[-1:] == last[:1].upper()
    )


def read_name(text: str, *, sure: bool = False) -> Name | None:
    """Return the name that a piece of text begins with, and what follows it; None where it begins with none.

    `sure` says that a name stands there, and words such as Officer may be part of it.
    """
    text = text.strip(" ,;:.–-•·*\t")
    honorific = HONORIFIC.match(text)
    title = None
    if honorific and honorific.end() and honorific.end() < len(text):
        title = honorific["honorific"].strip().rstrip(":")
        text = text[honorific.end() :].lstrip(" .:–-")
    words = text.split()
    taken: list[str] = []
    for at, word in enumerate(words):
        bare = word.rstrip(",;:")
        dotless = bare.rstrip(".") if len(bare) > 2 else bare
        if bare in AFTER_NAME:
            continue
        surname_here = dotless in ALSO_SURNAMES and (
            bool(title) or (taken and bool(_INITIALS.match(taken[-1])))
        )
        if _INITIALS.match(bare) or (
            _WORD.match(dotless) and (sure or surname_here or not _is_other(dotless))
        ):
            taken.append(bare if _INITIALS.match(bare) else dotless)
        elif bare in _PARTICLES and (taken or bare in _LEADING) and at + 1 < len(words):
            taken.append(bare)
        elif re.fullmatch(r"\([A-Z]\.?(?:\s?[A-Z]\.?)?\)", bare) and taken and len(taken) == 1:
            taken.append(bare)  # Collins (B)
        else:
            break
        if len(taken) > 5:
            return None
        if bare != word or (dotless != bare and not _INITIALS.match(bare)):
            at += 1
            break
    else:
        at = len(words)
    while taken and taken[-1] in _PARTICLES:
        taken.pop()
    if not taken or not (sure or _is_name(taken, title)):
        return None
    rest = " ".join(words[_used(words, taken) :])
    return Name(" ".join(taken), title, rest=rest.strip(" ,;:"))


def _is_other(word: str) -> bool:
    """Say whether a word with a capital is nobody's name."""
    return word in NOT_NAMES or (word.isupper() and len(word) > 3 and word.title() in NOT_NAMES)


def _used(words: list[str], taken: list[str]) -> int:
    count = at = 0
    while at < len(words) and count < len(taken):
        if words[at].rstrip(",;:.") not in AFTER_NAME:
            count += 1
        at += 1
    while at < len(words) and words[at].rstrip(",;:.") in AFTER_NAME:
        at += 1
    return at


def _is_name(words: list[str], title: str | None) -> bool:
    whole = [word for word in words if not _INITIALS.match(word) and not word.startswith("(")]
    whole = [word for word in whole if word not in _PARTICLES]
    if not whole or not any(len(word) > 1 for word in whole):
        return False
    if POST_WORDS.search(" ".join(words)) and not title:
        return False
    # A single word in capitals is a heading or a body, unless a title stands before it.
    return bool(title) or len(words) > 1 or not whole[0].isupper()


_BODY_WORD = re.compile(
    r"(?:and [A-Z]\w+ )?(?:Parish|Town|County|District|Borough|City|Council|Committee|Village|School|Church|Police)\b"
)
_BRACKET = re.compile(r"\s*[(\[]([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)[)\]]")
_SEPARATOR = re.compile(
    r"\s*[;\n]\s*|,\s*(?:and\s+|&\s+)?(?:[·•]\s*)?|\s+(?:and|&|plus|AND|together with|as well as)\s+|\s{3,}|\s+[–—]\s+(?=(?:Cllr|Councillor|Mr|Mrs|Ms))|\s+[•·/]\s+"
)


def name_list(text: str, *, plural: bool = False) -> list[Name]:
    """Return the names of a list such as "Councillors A, B (C substituting) and Mr D (Clerk)".

    The plural "Councillors" counts for each name up to the next that has a title of its own; the singular
    for one: "Councillor A and B" does not make B a councillor.
    """
    notes: list[str] = []

    def keep(match: re.Match[str]) -> str:
        inner = match[1].strip()
        if (
            re.fullmatch(r"[A-Z]\.?(?:\s?[A-Z]\.?)?", inner)
            and not plural
            and len(inner.replace(".", "")) == 1
        ):
            return f" ({inner})"
        notes.append(inner)
        return f" \x00{len(notes) - 1}\x00"

    text = re.sub(r"\b(Cllr|Councillor)(?=[A-Z][a-z])", r"\1 ", text)  # "CllrGary"
    marked = _apart(_BRACKET.sub(keep, text))
    found: list[Name] = []
    carried: str | None = None
    for piece in _pieces(marked):
        mine = tuple(notes[int(at)] for at in re.findall(r"\x00(\d+)\x00", piece))
        piece = re.sub(r"\s*\x00\d+\x00", " ", piece).strip()
        piece = _OFFICE.sub("", piece)
        lead = re.match(
            r"^(?:(?!(?:de|van|von|du|di|le|der|den|la) |d[’'])[a-z][\w’'-]*[\s:]+)+(?=[A-Z\x00])",
            piece,
        )
        before = lead[0].strip() if lead else ""
        one = read_name(piece[lead.end() :] if lead else piece)
        if one and not one.honorific and _BODY_WORD.match(one.rest):
            one = None  # "Melton Parish Council"
        if one and found and not one.honorific and one.rest and POST_WORDS.match(one.rest):
            one = None  # "Thriving Families Programme Manager" is a post
        if one is None:
            head = HONORIFIC.fullmatch(piece.strip(" :") + " ")
            if head and _is_plural(head["honorific"]):
                carried = _singular(head["honorific"])
            elif found:
                _add_to(found[-1], piece, mine)
            continue
        if one.honorific and _is_plural(one.honorific):
            carried = _singular(one.honorific)
            one.honorific = carried
        elif one.honorific:
            carried = None if not re.match(COUNCILLOR, one.honorific) or not carried else carried
            if carried and not re.match(COUNCILLOR, one.honorific):
                carried = None
        else:
            one.honorific = carried
        one.notes, one.before = mine, before
        _note_role(one)
        found.append(one)
    return found


_TITLE_NEXT = re.compile(
    r"(?<=[a-z\x00])(?<!Borough)(?<!County)(?<!District)(?<!Parish)(?<!Town)(?<!City)(?<!Ward)(?<!and)(?<!by)(?<!from)(?<!for)(?<!of)"
    r"\s+(?=(?:(?:Borough|County|District|Parish) )?(?:Mrs?|Ms|Miss|Dr|Cllrs?|Councillors?)\b\.?\s[A-Z])"
)
_INITIAL_NEXT = re.compile(
    r"(\b(?:(?:Mrs?|Ms|Miss|Dr|Cllr|PC)\b\.?\s+)?(?:[A-Z]\.?\s+){1,3}[A-Z][a-z’'A-Z-]+)\s+(?=(?:[A-Z]\.?\s+){1,3}[A-Z][a-z]|PC [A-Z][a-z])"
)


def _apart(text: str) -> str:
    """Put commas into "Miss C Lloyd R Davies Mr J Esk": a list that lost what stood between its names."""
    text = _INITIAL_NEXT.sub(r"\1, ", text)
    return _TITLE_NEXT.sub(_comma, text)


def _comma(match: re.Match[str]) -> str:
    before = match.string[: match.start()].split()
    # In "who was replaced by Cllr A" and "in place of Cllr A" there is nothing to part.
    if not before or before[-1][:1].islower() or HONORIFIC.fullmatch(f"{before[-1]} "):
        return " "
    return ", "


_OFFICE = re.compile(
    r"^(?:(?:Parish|Town|Locum|Assistant|Deputy)\s+)*(?:Clerk|Warden)\s+(?=(?:Mrs?|Ms|Miss|Dr)\b|[A-Z][a-z]+\s+[A-Z][a-z]+\s*$)"
    r"|^(?:The\s+)?(?:Deputy\s+|Vice[- ])?(?:Chair(?:man|woman|person)?|Leader|Clerk)[\s,:–-]+(?=(?:Cllr|Councillor|Mr|Mrs|Ms|Miss|Dr)\b)"
)


def _pieces(text: str) -> list[str]:
    """Split a list, but keep "C. and D. Smith" and a full stop of initials together."""
    pieces: list[str] = []
    for piece in _SEPARATOR.split(text):
        # A stop after a whole word ends a name also: "R Winter. M. Burton".
        pieces.extend(
            re.split(
                r"(?<=[a-z]{2})\.\s+(?=[A-Z])(?<!Cllr\. )(?<!Cllrs\. )(?<!Mr\. )(?<!Mrs\. )(?<!Ms\. )(?<!Dr\. )(?<!Rev\. )(?<!St\. )",
                piece,
            )
        )
    return [piece for piece in pieces if piece.strip(" .,:;")]


def _is_plural(honorific: str) -> bool:
    return bool(re.search(r"(?:ors|lrs|lr[’']s|irs|ORS|LRS)\.?:?$", honorific.strip()))


def _singular(honorific: str) -> str:
    return re.sub(r"(?:s|S|[’']s)(\.?)$", r"\1", honorific.strip().rstrip(":"))


def _note_role(one: Name) -> None:
    rest = one.rest.strip(" –-:")
    if rest and (POST_WORDS.search(rest) or _ROLES.match(rest)) and len(rest) < 90:
        one.post = rest
    for note in one.notes:
        if one.post is None and POST_WORDS.search(note) and not is_initials_of(note, one.name):
            one.post = note


def _add_to(one: Name, piece: str, notes: tuple[str, ...]) -> None:
    """What is no name belongs to the name before it: a post, a role, or brackets."""
    piece = piece.strip(" .")
    one.notes = (*one.notes, *notes)
    if POST_WORDS.search(piece) or _ROLES.match(piece):
        one.post = f"{one.post}, {piece}" if one.post else piece
    else:
        one.rest = f"{one.rest} {piece}".strip()


def is_chair(one: Name) -> bool:
    """Say whether a role beside a name is the chair's (not the vice-chair's)."""
    words = [*one.notes, one.post or "", one.rest]
    return any(
        re.search(r"\bchair(?:man|woman|person)?\b|\bpresiding\b", word, re.IGNORECASE)
        and not re.search(
            r"\b(?:vice|deputy)\b|\bchair(?:man)? of\b|\btook the chair for\b", word, re.IGNORECASE
        )
        and len(word) < 60
        for word in words
    )


_STOP = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+(?=[“‘\"'(]?[A-Z0-9£])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Cllrs?|Clirs?|Clr|Coun|Mr|Mrs|Ms|Dr|Rev|Revd|Prof|St|No|Nos|Min|Ref|Capt|Col|Maj|Sgt|Insp|approx|eg|e\.g|i\.e|ie|etc|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Tel|p\.m|a\.m)|\b[A-Z](?:\.[A-Z])*)\.$",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; a stop behind an initial or "Cllr" ends none."""
    found: list[str] = []
    began = 0
    for stop in _STOP.finditer(text):
        so_far = text[began : stop.start()].rstrip("”’\"')] ")
        after = text[stop.end() :]
        if _ABBREVIATED.search(so_far) and not re.search(r"\b[ap]\.m\.$", so_far):
            # A single letter at the end of a sentence is rare, that of a name is common.
            continue
        if re.search(r"\b[ap]\.m\.$", so_far) and after[:1].islower():
            continue
        found.append(text[began : stop.end()].strip())
        began = stop.end()
    if text[began:].strip():
        found.append(text[began:].strip())
    return found
