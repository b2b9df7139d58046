"""The twelve kinds of object of OParl 1.1 and what each may say.

The facts are those of the specification by the OParl project (https://oparl.org, CC BY-SA 4.0); the
notation is our own. In front of a property's kind, `!` means that it must be there. Kinds:

    text, url, date, moment, whole, yes     one value (`yes`: true or false)
    texts, urls                             several, in a list
    >Person, [>Person]                      the address of an object, or a list of addresses
    {File}, [{File}]                        the object itself, or a list of objects
    >>Paper                                 the address of a list with pages
    map                                     a GeoJSON feature
"""

from dataclasses import dataclass

VERSION = "https://schema.oparl.org/1.1/"


@dataclass(frozen=True)
class Property:
    """What one property of an object holds."""

    kind: str  # text, url … link, list, object
    of: str = ""  # the kind of object that is linked or held
    many: bool = False
    must: bool = False


def _read(text: str) -> Property:
    must = text.startswith("!")
    kind = text.lstrip("!")
    many = kind.startswith("[")
    kind = kind.strip("[]")
    if kind.startswith(">>"):
        return Property("list", kind[2:], must=must)
    if kind.startswith(">"):
        return Property("link", kind[1:], many, must)
    if kind.startswith("{"):
        return Property("object", kind.strip("{}"), many, must)
    if kind in ("texts", "urls"):
        return Property(kind[:-1], many=True, must=must)
    return Property(kind, must=must)


ALL = """
    id !url  type !url  created !moment  modified !moment
    license url  keyword texts  web url  deleted yes
"""
OWN = {
    "System": """
        oparlVersion !url  otherOparlVersions urls  body !>>Body  name text  contactEmail text
        contactName text  website url  vendor url  product url
    """,
    "Body": """
        system >System  shortName text  name !text  website url  licenseValidSince moment
        oparlSince moment  ags text  rgs text  equivalent urls  contactEmail text  contactName text
        organization !>>Organization  person !>>Person  meeting !>>Meeting  paper !>>Paper
        legislativeTerm ![{LegislativeTerm}]  agendaItem >>AgendaItem  consultation >>Consultation
        file >>File  locationList >>Location  legislativeTermList >>LegislativeTerm
        membership >>Membership  classification text  location {Location}
        mainOrganization >Organization
    """,
    "LegislativeTerm": "body >Body  name text  startDate date  endDate date",
    "Organization": """
        body >Body  name text  shortName text  membership [>Membership]  meeting >>Meeting
        consultation >>Consultation  post texts  subOrganizationOf >Organization
        organizationType text  classification text  startDate date  endDate date  website url
        location {Location}  externalBody >Body  memberCount whole  votingMemberCount whole
    """,
    "Person": """
        body >Body  name text  familyName text  givenName text  formOfAddress text  affix text
        title texts  gender text  phone texts  email texts  location >Location
        locationObject {Location}  status texts  membership [{Membership}]  image {File}
        life text  lifeSource text
    """,
    "Membership": """
        person >Person  organization >Organization  role text  votingRight yes  startDate date
        endDate date  onBehalfOf >Organization
    """,
    "Meeting": """
        name text  meetingState text  cancelled yes  start moment  end moment  location {Location}
        organization [>Organization]  participant [>Person]  invitation {File}
        resultsProtocol {File}  verbatimProtocol {File}  auxiliaryFile [{File}]
        agendaItem [{AgendaItem}]
    """,
    "AgendaItem": """
        meeting >Meeting  number text  order !whole  name text  public yes
        consultation >Consultation  result text  resolutionText text  resolutionFile {File}
        auxiliaryFile [{File}]  start moment  end moment
    """,
    "Paper": """
        body >Body  name text  reference text  date date  paperType text  relatedPaper [>Paper]
        superordinatedPaper [>Paper]  subordinatedPaper [>Paper]  mainFile {File}
        auxiliaryFile [{File}]  location [{Location}]  originatorPerson [>Person]
        underDirectionOf [>Organization]  originatorOrganization [>Organization]
        consultation [{Consultation}]
    """,
    "Consultation": """
        paper >Paper  agendaItem >AgendaItem  meeting >Meeting  organization [>Organization]
        authoritative yes  role text
    """,
    "File": """
        name text  fileName text  mimeType text  date date  size whole  sha1Checksum text
        sha512Checksum text  text text  accessUrl !url  downloadUrl url  externalServiceUrl url
        masterFile >File  derivativeFile [>File]  fileLicense url  meeting [>Meeting]
        agendaItem [>AgendaItem]  person >Person  paper [>Paper]
    """,
    "Location": """
        description text  geojson map  streetAddress text  room text  postalCode text
        subLocality text  locality text  bodies [>Body]  organizations [>Organization]
        persons [>Person]  meetings [>Meeting]  papers [>Paper]
    """,
}


def _table(text: str) -> dict[str, Property]:
    words = text.split()
    return {name: _read(kind) for name, kind in zip(words[::2], words[1::2], strict=True)}


TYPES: dict[str, dict[str, Property]] = {
    name: _table(ALL) | _table(own) for name, own in OWN.items()
}
# The list of a body in which every object of a kind stands.
LIST_OF = {prop.of: name for name, prop in TYPES["Body"].items() if prop.kind == "list"}
# What an object that was deleted still says; no more is asked of it.
OF_DELETED = {"id", "type", "created", "modified", "deleted"}
# What an agenda item that is not for the public must not say.
NOT_OF_EXEMPT = {
    "resolutionText", "resolutionFile", "auxiliaryFile", "consultation",
    "scrutiny:agendaText", "scrutiny:minutes",
}  # fmt: skip
FILTERS = ("created_since", "created_until", "modified_since", "modified_until")
