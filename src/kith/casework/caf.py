"""The first version of the assessment form: the headings of the Common Assessment Framework.

Never changed once it has gone out: a county's answers hang on it. What is to be asked otherwise is
a new version, which a county makes on its settings page. Headings: the CAF form of 2006, as local
forms in public use have it (see docs/glossary.md, "Early help assessment").
"""

from kith.casework.assessment_form import Definition, Question, Section


def _area(key: str, label: str, hint: str = "") -> Question:
    return Question(key, label, hint=hint)


def _score(whose: str) -> tuple[Question, Question]:
    return (
        Question(
            "score",
            f"How are things {whose}, from 0 to 10?",
            "score",
            "0: help is needed at once. 10: going well, no help needed. Agree it with the family.",
            needed=True,
        ),
        Question("score_why", "Why this score?", "words", "What was seen or said."),
    )


FIRST = Definition(
    (
        Section(
            "about",
            "About this assessment",
            lead="What led to it, and who took part.",
            questions=(
                Question("present", "Who was there?", "words", needed=True),
                Question("why", "What led to this assessment?", needed=True),
                Question("home", "How do the family live at the moment?", hint="Who lives where, "
                         "who has parental responsibility, school or work, what has changed lately."),
                Question("others", "Who else helps the family?", hint="School, early years, doctor, "
                         "health visitor, other services, family and friends."),
            ),
        ),
        Section(
            "development",
            "Development",
            of="child",
            lead="What goes well and what is hard. Leave empty what does not matter for this child.",
            questions=(
                _area("health", "General health"),
                _area("physical", "Physical development"),
                _area("speech", "Speech, language and communication"),
                _area("emotional", "Emotional and social development"),
                _area("behaviour", "Behavioural development"),
                _area("identity", "Identity, self-esteem and how the child comes across"),
                _area("relations", "Family and social relationships"),
                _area("self_care", "Self-care skills and independence"),
                _area("learning", "Learning", "Understanding, taking part, progress and hopes."),
                Question("attendance", "Going to school or nursery", "line",
                         "For example, 84% this term"),
                Question("carer", "Does this child care for somebody at home?", "yes_no"),
                *_score("for this child"),
            ),
        ),
        Section(
            "parenting",
            "Parents and carers",
            questions=(
                _area("care", "Basic care, safety and protection"),
                _area("warmth", "Emotional warmth and stability"),
                _area("guidance", "Guidance, boundaries and stimulation"),
                *_score("in parenting"),
            ),
        ),
        Section(
            "surroundings",
            "Family and surroundings",
            questions=(
                _area("history", "Family history, how the family works, and well-being"),
                _area("wider", "Wider family"),
                _area("housing", "Housing, work and money"),
                Question("eviction", "Is the family at risk of losing its home?", "yes_no"),
                _area("community", "Social and community life"),
                *_score("around the family"),
            ),
        ),
        Section(
            "child_voice",
            "In the child's words",
            of="child",
            lead="What the child says, in their own words, or what a very young child showed.",
            questions=(
                Question("voice", "What does the child say?", needed=True,
                         hint="If the child was not asked, say why."),
                Question("seen", "How was the child heard?", "choice", choices=(
                    "Spoke with the child alone", "Spoke with the child and family together",
                    "Watched the child at play or at school", "By drawing, writing or a game",
                    "The child was not seen")),
            ),
        ),
        Section(
            "parent_voice",
            "In the parent's words",
            of="adult",
            questions=(
                Question("voice", "What does the parent or carer say?", needed=True,
                         hint="If they were not asked, say why."),
                Question("agrees", "Do they agree with what is written here?", "choice", choices=(
                    "Yes", "Mostly", "No", "Not asked yet")),
            ),
        ),
        Section(
            "conclusions",
            "What we found together",
            questions=(
                Question("strengths", "What goes well?", needed=True),
                Question("needs", "What is hard, or needed?", needed=True),
                Question("goals", "What should be different, and how will you know?", needed=True),
                Question("review", "When will you look at this again?", "day"),
            ),
        ),
    )
)  # fmt: skip
