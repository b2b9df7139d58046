"""Files of requests, as spreadsheets save them."""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from html import escape

from kith.referrals.files import columns

GOOD = {
    "Your number": "S-1",
    "Your name": "Sam Field",
    "Your telephone": "01632 960001",
    "Child 1 first name": "Ada",
    "Child 1 last name": "Okafor",
    "Child 1 date of birth": "02/03/2014",
    "Child 1 sex": "F",
    "Adult 1 first name": "Grace",
    "Adult 1 last name": "Okafor",
    "Adult 1 is": "Mother",
    "Address": "1 Field Road",
    "Postcode": "ox165qb",
    "Worry": "Often late, and tired.",
    "Needs": "Behaviour; housing",
    "Family agrees": "Yes",
    "Who agreed": "Grace Okafor",
    "How they agreed": "They said so",
    "Date they agreed": "16/11/2026",
}


def headings() -> list[str]:
    return [column.title for column in columns()]


def as_csv(rows: list[Mapping[str, str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Only the columns that the rows have; all of them when there are no rows, or too few."""
    names = list(dict.fromkeys(title for row in rows for title in row))
    known = [title for title in headings() if title not in names]
    if all(name in headings() for name in names):
        names += known
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=delimiter, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding, errors="replace")


def as_xlsx(rows: list[list[object]], extra: str = "") -> bytes:
    """A spreadsheet with one sheet, as small as the format allows."""

    def cell(value: object) -> str:
        if isinstance(value, date):
            return f'<c s="1"><v>{(value - date(1899, 12, 30)).days}</v></c>'
        if isinstance(value, int):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    sheet = "".join(
        f'<row r="{number}">{"".join(cell(value) for value in row)}</row>'
        for number, row in enumerate(rows, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kinds}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{links}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets>'
        '<sheet name="Requests" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/>'
        '<xf numFmtId="14"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}{extra}'
        "</sheetData></worksheet>",
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()
