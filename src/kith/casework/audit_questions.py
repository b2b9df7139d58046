"""The questions with which case audits begin. A county puts its own into use on the page of questions."""

FIRST = (
    "Is it clear why the family asked for help, and what it wants to be different?",
    "Was the family reached in time, and is every try written down?",
    "Is each child seen, and does the record hold what the child says, in the child’s words?",
    "Does the work reach fathers and others who matter to the child?",
    "Does the work take in who the family is: culture, language, faith, disability?",
    "Does the assessment say what is strong as well as what worries?",
    "Does the plan follow from the assessment, with goals in the family’s words?",
    "Are actions done by their day, by partners too?",
    "Is risk seen, and is the case stepped up or down when it should be?",
    "Does supervision make a difference to the work?",
    "Is the record up to date, kind, and such that the family could read it?",
    "Is life better for the child?",
)
CHANGES = "the questions that came with Kith"
