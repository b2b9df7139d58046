"""Names as they are compared: folded, split into words, with the short forms people use.

The lists are of given names in common use in England; they are short on purpose. A name that is
missing loses a hint, never a match: sound and spelling still speak for it.
"""

import re
import unicodedata
from functools import lru_cache

from metaphone import doublemetaphone

# Letters that do not come apart into a plain letter and a mark.
_LETTERS = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
        "ı": "i", "ħ": "h", "ŋ": "n", "ə": "a", "'": "", "’": "", "‘": "", "`": "", "ʻ": "",
        "ʼ": "", "´": "",
    }
)  # fmt: skip
# Small words in front of a name. Alone they say nothing; "van Berg" is also looked up as "vanberg".
PARTICLES = frozenset(
    [
        "al",
        "bin",
        "bint",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "les",
        "mac",
        "mc",
        "o",
        "st",
        "ter",
        "ul",
        "van",
        "von",
        "y",
    ]
)
TITLES = frozenset(["mr", "mrs", "miss", "ms", "mx", "dr", "prof", "sir", "baby", "unborn"])
LONGEST_WORD = 40

# Each line: the full name first, then the forms it is called by.
_SHORT_FORMS = """
abdul abdullah abdulrahman
abigail abi abby abbie gail
adam ad
aidan aiden ayden
alan allan allen al
albert al bert bertie
alexander alex alec alexei sandy sasha xander zander
alexandra alex alexa sandra sandy sasha lexi
alfred alf alfie fred
alice ali allie
alison ali allie
amelia amy millie milly mia
amanda mandy
andrew andy drew
angela angie ange
anne ann anna annie nan nancy
anthony antony tony
arthur art artie
barbara barb babs
beatrice bea trixie
benjamin ben benji benny
bernard bernie
bethany beth
bridget bridie biddy
bradley brad
caroline carol carrie caz
catherine katherine kathryn katharine kate katie kathy cathy cath kath kat kit kitty catrin katrina catriona
charles charlie chas chuck
charlotte charlie lottie lotte char
christina christine chris chrissie tina
christopher chris kit topher
daniel dan danny
danielle dani
david dave davey davie
deborah debra deb debbie
dennis den
dominic dom
dorothy dot dottie dolly
edward ed eddie ted teddy ned
eleanor elinor ellie nell nora
elizabeth elisabeth eliza liz lizzie beth betty bess libby lisbeth elsie
ellen nell ellie
emily em emmy milly
emma em
ethan eth
fatima fatimah fatma
florence flo florrie flossie
frances fran francesca frankie
francis frank frankie
frederick fred freddie freddy
gabriel gabe
gabrielle gabi gabby
geoffrey jeffrey geoff jeff
george georgie
georgina georgia georgie
gerald gerry jerry
graham graeme gray
gregory greg
harold harry hal
harriet hattie harry
henry harry hal hank
hannah hanna
hussein husain hussain hossein
ian iain
ibrahim ebrahim abraham
imogen immy
isabel isobel isabella isabelle izzy bella belle
jacob jake
jack john jackie
jacqueline jackie jacqui
james jim jimmy jamie jem
janet jan
jennifer jen jenny
jeremy jez jerry
jessica jess jessie
joanne joanna jo
john jon jonny johnny jack
jonathan jon jonny jonty
joseph joe joey
josephine josie jo
joshua josh
judith judy jude
julia julie jules
julian jules
karen kaz
kenneth ken kenny
kevin kev
kimberley kimberly kim
laurence lawrence larry laurie
leonard len lenny leo
leonardo leo
lewis louis lou
lillian lily lilly
louise lou
luke lucas luca
lucy lucie lucinda lulu
madeleine madeline maddie maddy
margaret maggie meg peggy marge madge greta rita
maria mary marie mia
mark marcus marc
martin marty
mary molly polly may
matilda tilly tilda mattie
matthew matt matty mathew
megan meg
melanie mel
melissa mel missy
michael mike mick micky mickey mikey micheal
michelle shelly chelle
mohammed mohammad muhammad mohamed muhammed mohamad mo
natalie nat talia
natasha tasha nat
nathan nathaniel nate nat
nicholas nick nicky nicolas
nicola nicky nikki nic
oliver ollie olly
olivia liv livvy
oscar oz
pamela pam
patricia pat patsy tricia trish paddy
patrick pat paddy pad rick
paul pauly
penelope penny pen nell
peter pete
philip phillip phil pip
philippa pip pippa
priscilla cilla
rachel rach rachael
raymond ray
rebecca becky becca beccy bex
richard rick ricky rich richie dick
robert rob robbie bob bobby bert
roberta bobbie
ronald ron ronnie
rosemary rose rosie
russell russ
samantha sam sammy
samuel sam sammy
sarah sara sally sadie
sebastian seb bas
simon si
sophia sophie sofia
stanley stan
stephanie steph stevie
stephen steven steve stevie
stuart stewart stu
susan sue susie suzy susanna suzanne
sylvester syl
teresa theresa terry tess tessa
terence terry
thea dorothea
theodore theo ted teddy
thomas tom tommy
timothy tim timmy
toby tobias
valerie val
veronica ronnie vera
victoria vicky vicki tori
vincent vince vinnie
violet vi
virginia ginny
walter wally walt
wilfred wilf
william will bill billy willy liam
yousef yusuf youssef joseph
zachary zac zach zak zachariah
aisha ayesha aysha aishah
callum calum
carl karl
clare claire clair
conor connor
elliot eliot elliott
eric erik
hayley haley
jayden jaden jaydon
kaleb caleb
lee leigh
lesley leslie
lynn lynne
maisie maisy
niamh neve
sean shaun shawn
siobhan chevonne shevaun
stacey stacy
tracey tracy
zoe zoey
"""
# Names of their own that differ by a letter or in sound only a little: not slips of one another.
_OF_THEIR_OWN = """
aaron abel ada adam aisha alan albie alex alfie alice alma amber amina amir amy ana anita anna anya
archie aria arlo arthur asha asher ava ayaan ayla bella ben beth blake bobby brody caleb callum
cara carl carla chloe clara cody cole connor dan dana dean dexter dylan eden edie eli ella ellie
elliot elsie emma ena erin esme ethan eva evan eve evie ezra faith felix finlay finley flora
frankie freddie freya gary gemma gina grace hallie hana harley harper harry harvey hattie hayden
heidi holly hope hugo ida ines iris isaac isla ivan ivy jack jacob jade jake jamie jan jasmine jason
jay jaxon jayden jean jenson jess jesse jill joan joe joel josh joy jude june kai kara kara kate
kayla kaya kelly kerry kian kit kyle lacey lana lara laura layla leah lee lena lenny leo leon lewis
lexi liam lila lily lina linda logan lola louie louis lucas lucy luke luna lyla lyra mabel maisie
maria mario mark mary mason matt max maya megan mia mila miles millie milly milo mina molly musa
myles myra nadia nancy naomi nathan neil nell nia noah noel nora oakley olive ollie omar orla oscar
otis otto owen paige penny phoebe piper poppy quinn ralph ray reece reggie remi reuben rhys riley
rita roan robin rocco roman ronan ronnie rory rosa rose rosie ross rowan roy ruby rufus rupert ruth
ryan sam sana sara saul scarlett sean sid sienna skye sofia sonny spencer stan stella summer tara
tariq ted teddy theo tia tilly toby tom tommy tony tyler vera wade willow yara yasmin zac zara zayn
zoe
"""


def _read_short_forms(lines: str) -> dict[str, frozenset[str]]:
    roots: dict[str, set[str]] = {}
    for line in filter(None, lines.splitlines()):
        names = line.split()
        for name in names:
            roots.setdefault(name, set()).add(names[0])
    return {name: frozenset(found) for name, found in roots.items()}


_ROOTS = _read_short_forms(_SHORT_FORMS)
_KNOWN = frozenset(_OF_THEIR_OWN.split()) | frozenset(_ROOTS)


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return text in small plain letters: without marks, apostrophes or odd spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).translate(_LETTERS)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a name, folded, in order; without titles; hyphens part words."""
    found = re.findall(r"[^\W\d_]+", fold(text))
    return tuple(word[:LONGEST_WORD] for word in found if word not in TITLES)


@lru_cache(maxsize=20_000)
def telling(text: str) -> tuple[str, ...]:
    """Return the words of a name that tell people apart: particles left out where others remain."""
    found = words(text)
    return tuple(word for word in found if word not in PARTICLES) or found


@lru_cache(maxsize=20_000)
def joined(text: str) -> str:
    """Return a name of several words as one: "Anne-Marie" and "Anne Marie" as "annemarie"."""
    return "".join(words(text))[:LONGEST_WORD]


@lru_cache(maxsize=50_000)
def sounds(word: str) -> frozenset[str]:
    """Return how a word may sound: its double metaphone, where that says more than one letter."""
    return frozenset(sound for sound in doublemetaphone(word) if len(sound) > 1)


def roots(word: str) -> frozenset[str]:
    """Return the full names that a given name may be short for, or another form of."""
    return _ROOTS.get(word, frozenset())


def is_known(word: str) -> bool:
    """Say whether a given name is a well-known one, so that a letter's difference is no slip."""
    return word in _KNOWN
