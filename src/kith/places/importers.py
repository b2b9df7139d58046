"""The official files about places that can be taken in."""

from kith.accounts.permissions import Permission
from kith.places import deprivation, key_stage_2, lsoa, population
from kith.places.actions import attainment
from kith.places.actions import importing as actions
from kith.places.importing import Importer, register

register(
    Importer(
        key="lsoa",
        title="Boundaries of small areas (LSOA)",
        about="Official outlines, on which figures of deprivation and population are published.",
        where="Open Geography portal of the Office for National Statistics, as GeoJSON",
        headings=("LSOA21CD or LSOA11CD", "LSOA21NM or LSOA11NM"),
        permission=Permission.PLACES_IMPORT,
        read=lsoa.read,
        preview=actions.preview_areas,
        write=actions.write_areas,
    )
)
register(
    Importer(
        key="deprivation",
        title="Indices of deprivation (IMD, IDACI)",
        about="How deprived small areas are, and how many children live in families with low income.",
        where="GOV.UK, English indices of deprivation, File 7, as CSV",
        headings=("LSOA code (2021) or LSOA code (2011)", "one or more scores, ranks or deciles"),
        permission=Permission.PLACES_IMPORT,
        read=deprivation.read,
        preview=actions.preview_figures,
        write=actions.write_figures,
        needs_year=True,
    )
)
register(
    Importer(
        key="population",
        title="Population by age",
        about="How many children and young people live in each small area.",
        where="Office for National Statistics, small area population estimates, as CSV",
        headings=("LSOA Code", "a column for each year of age, or bands such as pop0_4"),
        permission=Permission.PLACES_IMPORT,
        read=population.read,
        preview=actions.preview_figures,
        write=actions.write_figures,
        needs_year=True,
    )
)
register(
    Importer(
        key=attainment.KEY,
        title="Key Stage 2 results",
        about="What pupils of the last primary year reached in each school, in the county and in England.",
        where=(
            "Department for Education, Compare school performance, Download data: Key stage 2 results, as CSV. Of "
            "authorities and England also Explore education statistics, Key stage 2 attainment, where provisional "
            "results come first"
        ),
        headings=(
            "RECTYPE, LEA, URN and SCHNAME",
            "results such as PTRWM_EXP (from 2016) or PTREADWRITTAMATX (to 2015); all others are kept too",
            "or, from Explore education statistics: time_period, geographic_level, and results such as "
            "expected_standard_pupil_percent or pt_rwm_met_expected_standard",
        ),
        permission=Permission.PLACES_IMPORT,
        read=key_stage_2.read,
        preview=attainment.preview_attainment,
        write=attainment.write_attainment,
        needs_year=True,
        statuses=key_stage_2.STATUSES,
        status_in=key_stage_2.status_in,
        most_bytes=key_stage_2.MOST_BYTES,
    )
)
register(
    Importer(
        key="key-stage-2-columns",
        title="Names of the columns of Key Stage 2 results",
        about="What each heading stands for, shown beside everything that is published of a school. Not needed.",
        where="Department for Education, Compare school performance, beside the results: metadata, as CSV",
        headings=("Field Name", "Label/Description"),
        permission=Permission.PLACES_IMPORT,
        read=key_stage_2.read_labels,
        preview=attainment.preview_labels,
        write=attainment.write_labels,
        needs_year=True,
    )
)
