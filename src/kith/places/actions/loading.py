"""Writing the county's districts, neighbourhoods and postcodes, in bulk."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from kith.places.county import County, the_county
from kith.places.loading import work_out

# Rows that are already so are left alone: a second run writes nothing.
DISTRICTS = """
insert into places_district as held (code, name)
select * from unnest(%s::text[], %s::text[])
on conflict (code) do update set name = excluded.name where held.name <> excluded.name
"""
NEIGHBOURHOODS = """
insert into places_neighbourhood as held
    (code, kind, name, district_id, outline, easting, northing, latitude, longitude)
select code, 'sector', name, district, outline::jsonb, easting, northing, latitude, longitude
from unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[],
            %s::float8[], %s::float8[])
    as new (code, name, district, outline, easting, northing, latitude, longitude)
on conflict (code) do update set
    name = excluded.name, district_id = excluded.district_id, outline = excluded.outline,
    easting = excluded.easting, northing = excluded.northing,
    latitude = excluded.latitude, longitude = excluded.longitude
where (held.name, held.district_id, held.outline, held.easting, held.northing)
    is distinct from
    (excluded.name, excluded.district_id, excluded.outline, excluded.easting, excluded.northing)
"""
POSTCODES = """
insert into places_postcode as held
    (code, easting, northing, latitude, longitude, district_id, neighbourhood_id)
select * from unnest(%s::text[], %s::int[], %s::int[], %s::float8[], %s::float8[], %s::text[],
                     %s::text[])
on conflict (code) do update set
    easting = excluded.easting, northing = excluded.northing,
    latitude = excluded.latitude, longitude = excluded.longitude,
    district_id = excluded.district_id, neighbourhood_id = excluded.neighbourhood_id
where (held.easting, held.northing, held.district_id, held.neighbourhood_id)
    is distinct from
    (excluded.easting, excluded.northing, excluded.district_id, excluded.neighbourhood_id)
"""


@dataclass(frozen=True)
class Loaded:
    """How many rows a loading added or changed."""

    districts: int
    neighbourhoods: int
    postcodes: int


@transaction.atomic
def load_county(
    progress: Callable[[str], None] | None = None, *, county: County | None = None
) -> Loaded:
    """Load the county's districts, neighbourhoods and postcodes from the postcode directory.

    A second run changes nothing; with a newer directory it updates. Official areas that were
    imported for postcodes stay. `progress` is told in words what is being done. Nobody is asked:
    it is run by whoever installs Kith. Raises NoDirectory.
    """
    told = progress or (lambda words: None)
    told("Reading postcodes and drawing neighbourhoods")
    worked = work_out(county or the_county())
    areas = worked.areas
    with connection.cursor() as cursor:
        told("Writing neighbourhoods")
        cursor.execute(DISTRICTS, [list(worked.districts), list(worked.districts.values())])
        districts = cursor.rowcount
        cursor.execute(
            NEIGHBOURHOODS,
            [
                [area.code for area in areas],
                [area.name for area in areas],
                [area.district for area in areas],
                [area.outline for area in areas],
                [area.easting for area in areas],
                [area.northing for area in areas],
                [area.latitude for area in areas],
                [area.longitude for area in areas],
            ],
        )
        neighbourhoods = cursor.rowcount
        told("Writing postcodes")
        cursor.execute(
            POSTCODES,
            [
                worked.codes,
                worked.eastings,
                worked.northings,
                worked.latitudes,
                worked.longitudes,
                worked.postcode_districts,
                worked.neighbourhoods,
            ],
        )
        return Loaded(districts, neighbourhoods, cursor.rowcount)
