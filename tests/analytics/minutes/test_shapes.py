"""Minutes in the shapes that other councils give them. Councils, people and business are invented."""

import pytest

from kith.analytics.minutes import read

PARISH = "Ambleford Parish Council\nMinutes of the meeting held on Tuesday 4 June 2024 at 7.30 pm in the Village Hall\n\n"
COUNTY = "Norland County Council\n\nHealth Scrutiny Committee - Thursday, 13 June 2024 10.00 am\n\n"


def found(text, name="minutes.txt"):
    return read(text.encode(), name)


def numbers(record):
    return [item["number"] for item in record["items"] if item["number"]]


def kinds(record):
    return {warning["kind"] for warning in record["warnings"]}


NUMBERS = {
    "slash": ("224/12 Apologies\nNone.\n\n225/12 Minutes\nAgreed.\n\n226/12 Hubs\nThe report was noted.\n", "224/12 225/12 226/12"),
    "slash and capitals": ("65/08      APOLOGIES\n\nNone.\n\n66/08      MINUTES\n\nAgreed.\n", "65/08 66/08"),
    "glued": ("135/18Apologies\nNone.\n\n136/18Planning\nNoted.\n\n137/18Finance\nNoted.\n", "135/18 136/18 137/18"),
    "year first": ("2024/045 Apologies\nNone.\n\n2024/046 Minutes\nAgreed.\n", "2024/045 2024/046"),
    "with letters": ("C048/23      1.         APOLOGIES\n\nNone.\n\nC049/23      2.         MINUTES\n\nAgreed.\n", "C048/23 C049/23"),
    "dots": ("11. Apologies\nNone.\n\n12. Minutes\nAgreed.\n\n13. Highways\nNoted.\n", "11 12 13"),
    "escaped": ("1\\. Apologies\n\nNone.\n\n2\\. Minutes\n\nAgreed.\n", "1 2"),
    "named": ("Item 1: Apologies\nNone.\n\nItem 2: Minutes\nAgreed.\n\nItem 3: Hubs\nNoted.\n", "1 2 3"),
    "no space": ("1.Apologies\nNone.\n\n2.Minutes\nAgreed.\n\n3.Adoption of the plan\nAgreed.\n", "1 2 3"),
    "glued and bare": ("1Apologies for absence\n2Minutes\n The minutes were agreed.\n3Declarations of interest\nNone.\n", "1 2 3"),
    "nought": ("1.0 Apologies\nNone.\n\n2.0 Minutes\nAgreed.\n\n3.0 Hubs\nNoted.\n", "1.0 2.0 3.0"),
    "bare": ("1 Apologies\nNone.\n\n2 Minutes\nAgreed.\n\n3 Date of next meeting\n2 July 2024.\n", "1 2 3"),
    "letters before the year": ("41a/19 Apologies: None\n\n41b/19 Interests: None\n\n42/19 Finance\nNoted.\n\n43/19 Roads\nNoted.\n", "41a/19 41b/19 42/19 43/19"),
    "letters between": ("33 Apologies\nNone.\n\n33A Urgent business\nNone.\n\n34 Minutes\nAgreed.\n", "33 33A 34"),
    "of the month": ("24.06.1 Apologies\nNone.\n\n24.06.2 Minutes\nAgreed.\n\n24.06.3 Hubs\nNoted.\n", "24.06.1 24.06.2 24.06.3"),
    "alone": ("1.\n\nApologies\n\nNone.\n\n2.\n\nMinutes\n\nThe minutes were agreed.\n", "1 2"),
    "paragraphs": ("1. Apologies\n1.1 None were received.\n\n2. Minutes\n2.1 They were agreed.\n2.2 They were signed.\n", "1 2"),
    "in mid-line": ("4. Interests\nNo interests were declared. 5. The minutes of 7 May were agreed.\n\n6. Highways\nNoted.\n", "4 5 6"),
    "a list in speech": ("1. Apologies\nNone.\n\n2. Hubs\nThe manager named three aims:\n1. Earlier help\n2. Better reach\n3. Lower cost\n\n3. Closing\nNoted.\n", "1 2 3"),
    "planning references": ("1. Apologies\nNone.\n\n2. Planning\n24/00501/FUL Two houses at Mill Lane: no objection.\n24/00502/LBC Windows: supported.\n\n3. Finance\nNoted.\n", "1 2 3"),
    "bars": ("| 1. | Apologies | None. |\n|---|---|---|\n| 2. | Minutes | The minutes were agreed. |\n| 3. | Hubs | Noted. |\n", "1 2 3"),
    "one long line": ("Cou/285/07-08 Present Members: Cllr Amblin. Cou/286/07-08 Apologies for Absence were received from Cllr Birch. Cou/287/07-08 Hubs " + "The report was noted. " * 60, "Cou/285/07-08 Cou/286/07-08 Cou/287/07-08"),
    "a page in one line": ("1. Apologies None. 2. Minutes The minutes were agreed. 3. Roads " + "The Clerk reported on the roads and the paths of the parish. " * 20 + "4. 4.1 Hubs The report was noted. 5. Closing Noted.", "1 2 3 4 5"),
    "without a stop": ("07/17 Handyman's Report. RESOLVED: to mend the path at Mill Lane. 08/17 Police Report Nothing was stolen.\n\n09/17 Village Hall Report. Noted.\n\n10/17 Closing. Noted.\n", "07/17 08/17 09/17 10/17"),
    "none": ("APOLOGIES\n\nNone were received.\n\nHIGHWAYS\n\nThe Clerk reported on the potholes.\n", ""),
}  # fmt: skip


@pytest.mark.parametrize("shape", NUMBERS)
def test_items_keep_the_number_that_is_printed(shape):
    text, true = NUMBERS[shape]

    assert numbers(found(PARISH + text)) == true.split()


APOLOGIES = {
    "plain": ("Apologies for absence were received from Councillor Ines Hartwell and Tom Veale.", "hartwell veale", []),
    "plural": ("Apologies were received from Councillors R. Amblin, S. T. Birch and W. Corley.", "amblin birch corley", []),
    "none": ("There were none.", "", []),
    "nil": ("No apologies were received.", "", []),
    "replaced": ("Apologies were received from Councillor Amblin who was replaced by Councillor Birch. Apologies were received also from Councillor Corley.", "amblin corley", [("amblin", "birch")]),
    "brackets": ("Apologies were received from Councillor Amblin (Councillor Birch substituting).", "amblin", [("amblin", "birch")]),
    "brackets, by": ("Apologies were received from Councillor Amblin (substituted by Councillor Birch) and Councillor Corley.", "amblin corley", [("amblin", "birch")]),
    "by": ("Apologies were received from Cllr Amblin, substituted by Cllr Birch, and Cllr Corley.", "amblin corley", [("amblin", "birch")]),
    "by order": ("Apologies were received from Councillors Amblin and Birch. Councillors Corley and Dunmore attended as their substitutes.", "amblin birch", [(None, "corley"), (None, "dunmore")]),
    "for": ("Apologies were received from Councillor Amblin. Councillor Birch substituted for Councillor Amblin.", "amblin", [("amblin", "birch")]),
    "with": ("Apologies were received from Cllr. P. Amblin with Cllr S. Birch attending as his substitute.", "amblin", [("amblin", "birch")]),
    "reasons": ("Cllr L Amblin and Cllr J Birch (family commitment), Cllr A Corley (work) and Cllr H Dunmore (leave). These were accepted.", "amblin birch corley dunmore", []),
    "three lines": ("Cllr L Amblin\n\nBorough Councillor Mr. C Birch, County Councillor Mr. A Corley.", "amblin birch corley", []),
    "sent": ("Cllrs Amblin and Birch had sent their apologies.", "amblin birch", []),
    "of": ("The apologies of Councillors Amblin, and Birch were noted.", "amblin birch", []),
    "behalf": ("An apology for absence was received on behalf of Councillor R. J. Amblin.", "amblin", []),
    "two sentences": ("An apology was received from Councillor J Amblin who was at an event. Apologies were also received from Councillors O Birch and L Corley.", "amblin birch corley", []),
    "reversed": ("Apologies were received from Councillors Amblin (B), Birch and Corley (T).", "amblin birch corley", []),
    "misread": ("Apologies were received from Clir Amblin.", "amblin", []),
    "no stop": ("Apologies were received from Cllr Amblin With the absence of the chair it was agreed that Cllr Birch take the chair.", "amblin", []),
    "dots between": ("Apologies were received from:\n· Cllr Pauline Amblin, who was substituted by Cllr Richard Birch, · Cllr Gavin Corley, and · Cllr Stuart Dunmore.", "amblin corley dunmore", [("amblin", "birch")]),
    "came instead": ("An apology was received from Cllr Ines Amblin and CllrGary Birch attended as substitute.", "amblin", [("amblin", "birch")]),
    "columns": ("Apologies and temporary appointments were received as follows:\n\nApology from\n\nTemporary Appointments\n\nCouncillor Amblin\n\nCouncillor Birch", "amblin", [("amblin", "birch")]),
    "office": ("The Chairman Cllr S Amblin had given her apologies for this meeting as she was away.", "amblin", []),
    "particle": ("Apologies were received from Councillors de Burle and Birch.", "de-burle birch", []),
    "without commas": ("Miss C Amblin R Birch I Corley PC Dunmore & L Esk (Community Support Officer)", "amblin birch corley dunmore esk", []),
    "titles alone": ("The Director reported apologies for absence from the following Members:\n\nMr Mike Amblin Mr Bob Birch Mrs Zoe Corley", "amblin birch corley", []),
    "through an officer": ("The Democratic Services Manager reported apologies from Mrs Amblin, Mr Birch and Mr Corley.", "amblin birch corley", []),
    "to an inbox": ("Apologies of absence were provided for Cllr F Amblin. Emailed apologies were sent to the Ambleford inbox from Cllr C Birch.", "amblin birch", []),
    "the clerk too": ("Cllr Amblin and Parish Clerk Sheila Birch", "amblin birch", []),
    "a semicolon": ("Apologies for Absence received; Cllr Bill Amblin.", "amblin", []),
    "next sentence": ("Apologies were received from Councillors Richard Amblin, Ian Birch. Mark Corley, Linda Dunmore and Mary Esk", "amblin birch corley dunmore esk", []),
    "one for another": ("Apologies were received from Councillors Amblin and Birch.\n\n- Councillor Corley for Councillor Amblin\n\n- Councillor Dunmore for Councillor Birch", "amblin birch", [("amblin", "corley"), ("birch", "dunmore")]),
    "late": ("Apologies for lateness were received from Councillor Amblin.", "", []),
}  # fmt: skip


@pytest.mark.parametrize("shape", APOLOGIES)
def test_apologies_and_substitutes_are_told_apart(shape):
    words, away, instead = APOLOGIES[shape]

    record = found(
        f"{COUNTY}1 Apologies for absence\n\n{words}\n\n2 Minutes\n\nThe minutes were agreed.\n\n3 Hubs\n\nNoted.\n"
    )

    assert record["apologies"] == away.split()
    assert [(one["for"], one["substitute"]) for one in record["substitutes"]] == instead
    assert all(
        one["presence"] == "apologies" for one in record["people"] if one["key"] in away.split()
    )


def test_what_can_be_read_in_two_ways_is_asked():
    by = found(f"{COUNTY}1 Apologies\n\n{APOLOGIES['by'][0]}\n\n2 Hubs\n\nNoted.\n")
    order = found(f"{COUNTY}1 Apologies\n\n{APOLOGIES['by order'][0]}\n\n2 Hubs\n\nNoted.\n")

    assert any("Corley" in one["text"] and one["kind"] == "apologies" for one in by["warnings"])
    assert any("Corley for Amblin?" in one["text"] for one in order["warnings"])


def test_apologies_in_the_head_in_a_list_and_in_a_table():
    head = "Present: Cllrs R Amblin (Chairman), S Birch.\n\nApologies: Cllr J Corley, Mrs D Dunmore\n\n"
    lists = "PRESENT\n\nCllr R Amblin (in the chair)\nCllr S Birch (in place of Cllr J Corley)\nCllr T Esk (apologies)\n\n"
    table = "| Present | Cllr R Amblin, Cllr S Birch |\n|---|---|\n| Apologies | Cllr J Corley; Mrs D Dunmore |\n\n"
    rest = "1. Minutes\nThe minutes were agreed.\n\n2. Hubs\nNoted.\n"

    in_head, in_list, in_table = (found(PARISH + part + rest) for part in (head, lists, table))

    assert (in_head["apologies"], in_head["chair"]) == (["corley", "dunmore"], "amblin")
    assert in_table["apologies"] == ["corley", "dunmore"]
    assert (in_list["apologies"], in_list["substitutes"]) == (
        ["esk"],
        [{"for": "corley", "substitute": "birch"}],
    )


def test_a_vice_chairman_and_a_visitor_for_one_item_are_no_substitutes():
    there = "Present: Cllr R Amblin (Chairman), Cllr A Birch (Vice Chairman), Cllr T Corley (for Agenda Item 5)"

    record = found(f"{PARISH}{there}\n\n1. Apologies\nNone.\n\n2. Hubs\nNoted.\n")

    assert (record["substitutes"], record["chair"]) == ([], "amblin")
    assert {one["presence"] for one in record["people"]} == {"present"}


def test_a_correction_of_older_minutes_is_no_apology_of_today():
    text = "1. Apologies\nNone.\n\n2. Minutes\nThe minutes were amended to add apologies from Ms Corley, and signed.\n\n3. Hubs\nNoted.\n"

    record = found(PARISH + text)

    assert (record["apologies"], record["previous_minutes_approved"]) == ([], True)


def test_people_one_letter_apart_are_suggested_and_never_made_one():
    record = found(
        PARISH
        + "Present: Cllr G Gillet, Cllr A Gillett, Cllr J Madgwick\n\n1. Hubs\nCllr Madjwick spoke.\n\n2. Closing\nNoted.\n"
    )

    assert {"gillet", "gillett", "madgwick", "madjwick"} <= {one["key"] for one in record["people"]}
    assert sum(one["kind"] == "similar_names" for one in record["warnings"]) == 2


def test_initials_that_nobody_declared_and_initials_of_a_body():
    record = found(
        PARISH
        + "1. Hubs\nJo Amblin (JA) spoke.  JA said that it was late.  ZQ reported on roads.  BC reported on bins.\n\n2. Closing\nNoted.\n"
    )

    assert record["declared_initials"] == {"JA": "amblin"}
    assert record["unresolved_initials"] == ["ZQ"]


TIMES = {
    "held at 10.00 am on Wednesday 5 June 2024": "10:00",
    "held on Wednesday 5 June 2024 at 7 pm": "19:00",
    "held on Wednesday, 5th June, 2024 commencing at 2pm": "14:00",
    "held on Wednesday 5th of June 2024 at 13.00": "13:00",
    "held on Wednesday 5 th June 2024 at 7.30 p.m.": "19:30",
    "held on 5 June 2024 starting at 19:30 hrs": "19:30",
    "held on June 5th 2024 at 12 noon": "12:00",
    "held at 7.30 on Wednesday 5 June 2024": "07:30 or 19:30",
    "held on WEDNESDAY 5TH JUNE 2024 AT 6.15PM": "18:15",
    "held on 05/06/2024 at 10:00am": "10:00",
    "held on 5.6.24 at 10am": "10:00",
}  # fmt: skip


@pytest.mark.parametrize("words", TIMES)
def test_the_day_and_the_time_in_many_hands(words):
    record = found(
        f"Ambleford Parish Council\nMinutes of the meeting {words}\n\n1. Apologies\nNone.\n\n2. Hubs\nNoted.\n"
    )

    assert record["date"] == "2024-06-05"
    assert record["start_time"] in TIMES[words].split(" or ")
    assert ("start_time" in kinds(record)) == ("or" in TIMES[words])


ENDS = {
    "The meeting closed at 9.15 pm.": "21:15",
    "There being no further business the Chairman closed the meeting at 9.05pm": "21:05",
    "Meeting closed: 21:10": "21:10",
    "(The meeting ended at 8.50 p.m.)": "20:50",
    "The meeting commenced at 7.30 pm and concluded at 9.00 pm.": "21:00",
    "Finish 9.20pm": "21:20",
}  # fmt: skip


@pytest.mark.parametrize("words", ENDS)
def test_the_end_is_the_last_that_is_said(words):
    text = "1. Apologies\nNone.\n\n2. Hubs\nThe meeting was briefly closed at 7.35pm to hear the public.\n\n3. Closing\n"

    record = found(f"{PARISH}{text}{words}\n")

    assert record["finish_time"] == ENDS[words]
    assert "finish_time" not in kinds(record)


WRONG = {
    "end before the beginning": ("The meeting closed at 6.15 pm.", "finish_time"),
    "something later than the end": ("The meeting was reconvened at 9.55 pm.\n\nThe meeting closed at 9.00 pm.", "finish_time"),
    "two ends": ("The meeting closed at 9.00 pm.\n\nThe meeting finally closed at 9.20 pm.", "finish_time"),
    "a gap": ("5. Roads\nNoted.", "numbering"),
    "a number twice": ("2. Roads and paths\nNoted.\n\n3. Trees\nNoted.", "numbering"),
    "a paragraph of another item": ("3. Roads\n10.1 The verges were cut.\n", "numbering"),
    "too few in a list": ("3. Roads\nThe Clerk named 3 roads:\n- Mill Lane\n- High Street\n", "count"),
    "more votes than members": ("3. Roads\nOn being put to the vote there were 9 in favour and 2 against.\n", "count"),
    "the next meeting before this one": ("3. Next meeting\nThe next meeting is on 2 July 2023.\n", "next_meeting"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_true_is_said(what):
    right = f"{PARISH}Present: Cllrs R Amblin, S Birch, T Corley\n\n1. Apologies\nNone.\n\n2. Minutes\nThe minutes were agreed.\n\n"
    words, kind = WRONG[what]

    assert kind in kinds(found(right + words))
    assert kind not in kinds(found(right + "3. Trees\nNoted.\n\nThe meeting closed at 9.00 pm."))


def test_a_wrong_weekday_and_a_date_without_a_year_are_said():
    weekday = found(
        "Ambleford Parish Council\nMinutes of the meeting held on Monday 4 June 2024 at 7 pm\n\n1. Hubs\nNoted.\n\n2. Closing\nNoted.\n"
    )
    year = found(
        "Ambleford Parish Council\nJune 2024\nMinutes of the meeting held on Tuesday 4 June at 7 pm\n\n1. Hubs\nNoted.\n\n2. Closing\nNoted.\n"
    )

    assert (weekday["date"], weekday["weekday"], weekday["weekday_matches_date"]) == (
        "2024-06-04",
        "Monday",
        False,
    )
    assert "weekday" in kinds(weekday)
    assert year["date"] == "2024-06-04" and "date" in kinds(year)


def test_front_matter_is_when_it_was_published_and_not_when_they_met():
    front = '---\ntitle: "Ambleford June minutes"\ndate: "2024-09-01"\n---\n\n'

    stated = found(front + PARISH + "1\\. Hubs\n\nNoted.\n\n2\\. Closing\n\nNoted.\n", "index.md")
    only = found(
        front
        + "Ambleford Parish Council\n\n1\\. Hubs\n\nThe report was noted.\n\n2\\. Closing\n\nNoted.\n",
        "index.md",
    )

    assert stated["date"] == "2024-06-04"
    assert only["date"] == "2024-09-01" and "date" in kinds(only)


def test_decisions_in_their_words_and_talk_that_is_none():
    text = (
        "1. Roads\nRESOLVED – That the report be NOTED.\n\nResolved to RECOMMEND: (to Council) that it be adopted.\n\n"
        "It was noted that the road was wet.\n\nAGREED to write.\n\nThe motion was carried, 7 in favour and 1 against.\n\n2. Closing\nNoted.\n"
    )

    points = found(PARISH + text)["items"][0]["points"]

    assert [point["kind"] for point in points] == [
        "decision",
        "decision",
        "noted",
        "decision",
        "vote",
    ]


def test_minutes_and_agendas_are_told_apart():
    agenda = (
        "Ambleford Parish Council\nYou are summoned to attend a meeting to be held on Tuesday 4 June 2024 at 7.30 pm in the Village Hall\n\nAGENDA\n"
        "1. To receive apologies for absence\n2. To approve the minutes of the meeting held on 7 May 2024 as a correct record\n3. To consider the hub\n"
    )

    record = found(agenda)

    assert (record["doc_type"], record["date"], record["start_time"]) == (
        "agenda",
        "2024-06-04",
        "19:30",
    )
    assert (record["apologies"], numbers(record), record["previous_minutes_approved"]) == (
        [],
        ["1", "2", "3"],
        None,
    )
    assert all(not item["points"] for item in record["items"])
    assert (
        found(
            PARISH + "1. Apologies\nApologies were received from Cllr Amblin.\n\n2. Hubs\nNoted.\n"
        )["doc_type"]
        == "minutes"
    )


def test_lines_that_a_page_broke_are_put_together_and_page_numbers_dropped():
    text = (
        "1. Apologies\nApologies for absence were received from Councillors Amblin, Birch,\nCorley and Dunmore.\n"
        "2. Hubs\nThe Clerk reported that the hub at the corner of Mill Lane would be open for\nlonger hours, and that a notice would be put up at the shop for everybody to\nread before the summer.\n"
        "Page 2 of 3\n3. Roads\nThe verges along the road to the school had been cut again, and the Clerk was\nthanked for her letters.\n4. Closing\nThe Chairman thanked everybody who had come and closed the meeting at 9.00 pm.\n"
    )

    record = found(PARISH + text)

    assert numbers(record) == ["1", "2", "3", "4"]
    assert record["apologies"] == ["amblin", "birch", "corley", "dunmore"]
    assert [len(item["points"]) for item in record["items"][1:3]] == [1, 1]
    assert record["items"][1]["points"][0]["text"].endswith("before the summer.")


def test_private_people_in_the_business_are_not_listed_as_people():
    record = found(
        PARISH
        + "1. Planning\nMr John Dweller of 4 Mill Lane asked for a dropped kerb.  Mrs A Neighbour objected.\n\n2. Closing\nNoted.\n"
    )

    assert record["people"] == []
