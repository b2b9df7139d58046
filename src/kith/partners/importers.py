"""The register of schools, among the official files that can be taken in."""

from kith.accounts.permissions import Permission
from kith.partners import actions, gias
from kith.places.importing import Importer, register

register(
    Importer(
        key="schools",
        title="Register of schools (GIAS)",
        about="Names, phases, places and numbers of pupils of the county’s schools and colleges.",
        where="Get Information About Schools, Department for Education, as CSV",
        headings=("URN", "EstablishmentName", "PhaseOfEducation (name)", "Easting", "Northing"),
        permission=Permission.PARTNER_EDIT,
        read=gias.read,
        preview=actions.preview_schools,
        write=actions.write_schools,
    )
)
