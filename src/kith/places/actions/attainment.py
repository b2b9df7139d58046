"""Taking in Key Stage 2 results: what a file would change, and changing it."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from kith.accounts.models import User
from kith.analytics.attainment import year_name
from kith.places.actions.importing import EXAMPLES, keep_upload, take_in
from kith.places.files import Problem, WrongFile
from kith.places.importing import Preview, importers
from kith.places.key_stage_2 import Labels, Line, Results
from kith.places.models import Attainment, AttainmentColumn, Postcode
from kith.places.postcodes import packed

KEY = "key-stage-2"
Key = tuple[object, ...]
OWN_SHARE = (
    0.5  # of an authority's schools that have a postcode of the county: then it is the county's
)


@transaction.atomic
def import_attainment(
    *, data: bytes, name: str, year: int | None, status: str, by: User, at: datetime
) -> Preview:
    """Take in a file of Key Stage 2 results at once. Raises PermissionDenied or WrongFile."""
    upload, _ = keep_upload(
        importer=importers[KEY], name=name, data=data, year=year, status=status, by=by, at=at
    )
    return take_in(upload=upload, by=by, at=at)


def preview_attainment(results: Results) -> Preview:
    """Say what results would change. Raises WrongFile when none of them is of this county."""
    return _Comparison(results).preview


def write_attainment(results: Results, *, by: User, at: datetime) -> Preview:
    """Put results in the place of those of the same year and status. Raises WrongFile."""
    comparison = _Comparison(results)
    for row in (*comparison.new, *comparison.changed):
        row.taken_in_at = at
    Attainment.objects.filter(pk__in=[row.pk for row in comparison.gone]).delete()
    Attainment.objects.bulk_create(comparison.new, batch_size=500)
    Attainment.objects.bulk_update(
        comparison.changed, [*FIELDS, "published", "file", "taken_in_at"], batch_size=200
    )
    return comparison.preview


def preview_labels(found: Labels) -> Preview:
    """Say what names of columns would change."""
    return _compare_labels(found)[0]


def write_labels(found: Labels, *, by: User, at: datetime) -> Preview:
    """Put the names of a year's columns in the place of those that are here."""
    preview, new, changed = _compare_labels(found)
    AttainmentColumn.objects.bulk_create(new, batch_size=500)
    AttainmentColumn.objects.bulk_update(changed, ["label"], batch_size=500)
    return preview


def _compare_labels(
    found: Labels,
) -> tuple[Preview, list[AttainmentColumn], list[AttainmentColumn]]:
    held = {row.heading: row for row in AttainmentColumn.objects.filter(year=found.year)}
    new = [
        AttainmentColumn(year=found.year, heading=heading, label=label)
        for heading, label in found.labels.items()
        if heading not in held
    ]
    changed, examples = [], []
    for heading, label in found.labels.items():
        row = held.get(heading)
        if row is not None and row.label != label:
            examples.append((heading, f"“{row.label}” becomes “{label}”"))
            row.label = label
            changed.append(row)
    examples += [(row.heading, row.label) for row in new]
    preview = Preview(
        adds=len(new),
        changes=len(changed),
        same=len(found.labels) - len(new) - len(changed),
        kept=len(held.keys() - found.labels.keys()),
        examples=tuple(examples[:EXAMPLES]),
    )
    return preview, new, changed


FIELDS = (
    *("kind", "authority", "establishment", "name", "postcode", "district", "school_type"),
)  # fmt: skip


class _Comparison:
    """A file's lines beside those that are here, of the same year and status."""

    def __init__(self, results: Results) -> None:
        self.results = results
        self.districts = _districts(results)
        self.lines, self.left_out = self._ours()
        self.new: list[Attainment] = []
        self.changed: list[Attainment] = []
        self.gone: list[Attainment] = []
        self.examples: list[tuple[str, str]] = []
        self.cells: Counter[str] = Counter()
        self._compare()

    def _ours(self) -> tuple[list[Line], int]:
        """Return the lines that are kept, and how many schools elsewhere are left out.

        The file of one authority is kept whole, whichever it is: somebody chose it. Of a file of many
        the schools of this county's authority are kept, and of the others the line for all of it.
        """
        schools = [line for line in self.results.lines if line.urn]
        count = Counter(line.authority for line in schools)
        if len(count) > 1:
            inside = Counter(line.authority for line in schools if line.urn in self.districts)
            ours = {lea for lea, many in count.items() if inside[lea] >= many * OWN_SHARE}
            if not ours:
                raise WrongFile(
                    Problem(
                        "schools of this county. None of the authorities in the file has its schools at the "
                        "county’s postcodes: load the county first, or choose the file of one authority"
                    )
                )
        else:
            ours = set(count)
        kept = [line for line in self.results.lines if not line.urn or line.authority in ours]
        return kept, len(self.results.lines) - len(kept)

    def _compare(self) -> None:
        results = self.results
        held = {
            _key(row): row
            for row in Attainment.objects.filter(year=results.year, status=results.status)
        }
        found: set[Key] = set()
        for line in self.lines:
            row = self._row(line)
            key = _key(row)
            found.add(key)
            before = held.get(key)
            if before is not None and line.partial:
                _complete(row, before)
            if before is None:
                self.new.append(row)
                continue
            differences = list(self._differences(before, row))
            if differences:
                self.examples += differences
                row.pk = before.pk
                self.changed.append(row)
        of_file = {line.authority for line in self.lines if line.urn}
        self.gone = [
            row
            for key, row in held.items()
            if key not in found and row.urn and row.authority in of_file
        ]

    def _row(self, line: Line) -> Attainment:
        return Attainment(
            year=self.results.year,
            status=self.results.status,
            kind=line.kind,
            authority=line.authority,
            establishment=line.establishment,
            urn=line.urn,
            name=line.name,
            postcode=line.postcode,
            district_id=self.districts.get(line.urn) if line.urn else None,
            school_type=line.school_type,
            published=line.published,
            file=self.results.file[:200],
        )

    def _differences(self, before: Attainment, row: Attainment) -> list[tuple[str, str]]:
        called = row.name or row.get_kind_display()
        told = []
        for heading in {**before.published, **row.published}:
            was, is_now = before.published.get(heading), row.published.get(heading)
            if was != is_now:
                self.cells[heading] += 1
                told.append(
                    (f"{called}, {heading}", f"{was or 'nothing'} becomes {is_now or 'nothing'}")
                )
        for field in FIELDS:
            name = "district_id" if field == "district" else field
            was, is_now = getattr(before, name), getattr(row, name)
            if was != is_now:
                told.append(
                    (
                        f"{called}, {field.replace('_', ' ')}",
                        f"{was or 'nothing'} becomes {is_now or 'nothing'}",
                    )
                )
        return told

    @property
    def preview(self) -> Preview:
        examples = [(row.name, "Taken out: it is not in this file") for row in self.gone]
        examples += self.examples
        examples += [(row.name or row.get_kind_display(), "New") for row in self.new]
        return Preview(
            adds=len(self.new),
            changes=len(self.changed),
            removes=len(self.gone),
            same=len(self.lines) - len(self.new) - len(self.changed),
            left_out=self.left_out,
            notes=tuple(self._notes()),
            examples=tuple(examples[:EXAMPLES]),
        )

    def _notes(self) -> list[str]:
        results = self.results
        status = dict(Attainment.Status.choices)[results.status].lower()
        schools = [line for line in self.lines if line.urn]
        areas = [line for line in self.lines if not line.urn]
        notes = [
            f"Results of {year_name(results.year)}, {status}: "
            + "; ".join(
                [
                    f"{len(schools):,} schools",
                    *(line.name or Attainment.Kind(line.kind).label for line in areas[:6]),
                    *([f"{len(areas) - 6} more authorities"] if len(areas) > 6 else []),
                ]
            )
            + "."
        ]
        if sum(self.cells.values()):
            most = ", ".join(f"{heading} ({many})" for heading, many in self.cells.most_common(6))
            notes.append(f"{sum(self.cells.values()):,} cells differ, most of them in {most}.")
        if self.gone:
            notes.append(
                f"{len(self.gone):,} schools are here for this year and status and are not in the file. They "
                "are taken out: a newer file takes the place of the one before."
            )
        without = sum(line.urn not in self.districts for line in schools)
        if without:
            notes.append(
                f"Of {without:,} schools the postcode is not one of this county’s districts. They have no "
                "district here."
            )
        if not any(line.kind.startswith("england") for line in self.lines):
            notes.append(
                "There is no line for England in this file. Take in the file that has it, of the same year and "
                "status, to compare with it."
            )
        others = (
            Attainment.objects.filter(year=results.year)
            .exclude(status=results.status)
            .values_list("status", flat=True)
        )
        for other in sorted(set(others)):
            notes.append(f"The {other} results of this year stay as they are, beside these.")
        return [*notes, *results.notes]


def _complete(row: Attainment, before: Attainment) -> None:
    """Keep what is here under headings that a file does not have."""
    row.published = {**before.published, **row.published}
    if row.urn:
        row.kind = before.kind
    for field in FIELDS:
        name = "district_id" if field == "district" else field
        setattr(row, name, getattr(row, name) or getattr(before, name))


def _key(row: Attainment) -> Key:
    return (row.urn,) if row.urn else (row.kind, row.authority)


def _districts(results: Results) -> dict[int | None, str]:
    """Return the district of each school by its number: that of its postcode, if that is the county's.

    Of a file without postcodes, that which the school has in other results.
    """
    codes = {line.urn: packed(line.postcode) for line in results.lines if line.urn}
    known = dict(
        Postcode.objects.filter(code__in=set(codes.values())).values_list("code", "district_id")
    )
    without = [urn for urn, code in codes.items() if not code]
    elsewhere = Attainment.objects.filter(urn__in=without, district__isnull=False).order_by("year")
    return {
        **dict(elsewhere.values_list("urn", "district_id")),
        **{urn: known[code] for urn, code in codes.items() if code in known},
    }
