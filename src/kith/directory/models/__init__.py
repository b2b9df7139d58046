"""The directory: what there is for families, what every hub must offer, and what there is not."""

from kith.directory.models.keeping import Asking, HidingRule
from kith.directory.models.offer import (
    CoreItem,
    CoreOffer,
    KeptBoard,
    NotFound,
    NotOffered,
    Offering,
)
from kith.directory.models.papers import MadeLeaflet
from kith.directory.models.proposals import Proposal
from kith.directory.models.remarks import Remark
from kith.directory.models.sent_files import ServiceFile
from kith.directory.models.services import (
    Access,
    NotHeld,
    Place,
    Provider,
    SameMeaning,
    Schedule,
    SchoolTerm,
    Service,
    ServiceAtPlace,
    Tag,
    Term,
    Word,
)
from kith.directory.models.sources import Brought, Reading, ReadRecord, Source, SourceTerm
from kith.directory.models.spoken import Spoken
from kith.directory.models.twins import Twins

__all__ = [
    "Access",
    "Asking",
    "Brought",
    "CoreItem",
    "CoreOffer",
    "HidingRule",
    "KeptBoard",
    "MadeLeaflet",
    "NotFound",
    "NotHeld",
    "NotOffered",
    "Offering",
    "Place",
    "Proposal",
    "Provider",
    "ReadRecord",
    "Reading",
    "Remark",
    "SameMeaning",
    "Schedule",
    "SchoolTerm",
    "Service",
    "ServiceAtPlace",
    "ServiceFile",
    "Source",
    "SourceTerm",
    "Spoken",
    "Tag",
    "Term",
    "Twins",
    "Word",
]
