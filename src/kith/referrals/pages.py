"""What the pages of a request say, to whom they speak: a worker, a parent or a young person."""

from dataclasses import dataclass

from kith.referrals.drafts import Answers, Page


@dataclass(frozen=True)
class Words:
    """The question a page asks and the words under it. Where a voice says nothing, `worker` speaks."""

    worker: str
    parent: str = ""
    young: str = ""
    worker_hint: str = ""
    parent_hint: str = ""
    young_hint: str = ""
    short: str = ""  # the heading on the page of answers

    def title(self, voice: str) -> str:
        return str(getattr(self, voice)) or self.worker

    def hint(self, voice: str) -> str:
        return str(getattr(self, f"{voice}_hint"))


WORDS = {
    "who": Words("Who are you asking for?", short="Who is asking"),
    "you": Words(
        "About you",
        worker_hint="We use this to tell you what happens with your request.",
        parent_hint="We use this to get in touch with you.",
        young_hint="We use this to get in touch with you. Give us a way that is safe for you.",
        short="About you",
    ),
    "organisation": Words(
        "Which organisation do you work for?",
        worker_hint="Type its name, or part of it: for example, a school, a GP practice or a charity.",
        short="Organisation",
    ),
    "children": Words(
        "Children and young people you have added",
        parent="Children you have added",
        short="Children",
    ),
    "child": Words(
        "Who is the child or young person?",
        parent="Who is your child?",
        young="When were you born?",
        worker_hint="Start with the one you are most worried about. You can add brothers and sisters afterwards.",
        parent_hint="You can add your other children afterwards.",
        short="Child",
    ),
    "school": Words(
        "Where does the child learn?",
        young="Where do you go to school or college?",
        worker_hint="A school, nursery or college. Type its name, or part of it.",
        parent_hint="A school, nursery or college. Type its name, or part of it.",
        young_hint="Type its name, or part of it. Leave it empty if you do not go anywhere.",
        short="School, nursery or college",
    ),
    "more": Words(
        "More about the child",
        young="More about you",
        worker_hint="You do not have to answer these. They help us give the right help.",
        parent_hint="You do not have to answer these. They help us give the right help.",
        young_hint="You do not have to answer these.",
        short="More",
    ),
    "adults": Words(
        "Adults in the family",
        young="Who looks after you?",
        worker_hint="Parents, carers and other adults in the child's life, whether or not they live together.",
        parent_hint="You are on the request already. Add another parent or carer if there is one.",
        young_hint="You can tell us who looks after you. You do not have to.",
        short="Adults",
    ),
    "adult": Words("Who is the adult?", young="Who looks after you?", short="Adult"),
    "home": Words(
        "Where does the family live?",
        parent="Where do you live?",
        young="Where do you live?",
        worker_hint="The postcode tells us which hub is nearest.",
        parent_hint="Your postcode tells us which hub is nearest.",
        young_hint="Your postcode tells us which hub is nearest. You can leave the street empty.",
        short="Home",
    ),
    "worry": Words(
        "What are you worried about?",
        parent="What would you like help with?",
        young="What is going on?",
        worker_hint="Say what you have seen or been told, since when, and how it affects the child.",
        parent_hint="Use your own words. A few sentences are enough.",
        young_hint="Use your own words. There is no wrong answer.",
        short="The worry",
    ),
    "going_well": Words(
        "What is going well?",
        worker_hint="Strengths, and people who help. You can leave this empty.",
        parent_hint="What works, and who helps you? You can leave this empty.",
        young_hint="Is there somebody or something that helps? You can leave this empty.",
        short="What goes well",
    ),
    "tried": Words(
        "What has been tried so far?",
        parent="What have you tried so far?",
        young="Has anybody tried to help yet?",
        worker_hint="By you, the family or another service, and what came of it. You can leave this empty.",
        parent_hint="On your own or with somebody's help. You can leave this empty.",
        young_hint="You can leave this empty.",
        short="What was tried",
    ),
    "different": Words(
        "What would be different if the help worked?",
        young="What would you like to be different?",
        worker_hint="For the child, in everyday life. You can leave this empty.",
        parent_hint="For your child and for you. You can leave this empty.",
        young_hint="You can leave this empty.",
        short="What would be different",
    ),
    "needs": Words(
        "What does the family need help with?",
        parent="What do you need help with?",
        young="What do you need help with?",
        worker_hint="Choose all that apply.",
        parent_hint="Choose all that apply.",
        young_hint="Choose as many as you like.",
        short="Needs",
    ),
    "main_need": Words(
        "Which of these matters most?",
        worker_hint="If in doubt, choose the one that worries you most.",
        short="Main need",
    ),
    "groups": Words(
        "Does any of these apply to the family?",
        parent="Does any of these apply to your family?",
        worker_hint="Hubs watch that these families get help. Leave all empty if none applies.",
        parent_hint="We watch that these families get help. Leave all empty if none applies.",
        short="Groups",
    ),
    "agreement": Words(
        "Has the family agreed to this request?",
        worker_hint=(
            "Help works when the family wants it. Ask a parent or carer, or a young person who can "
            "decide for themselves, before you send this."
        ),
        short="Agreement",
    ),
    "consent": Words(
        "Who agreed, and to what?",
        parent="Who may we talk to?",
        young="Who may we talk to?",
        parent_hint="We will only talk to those you choose, unless a child is in danger.",
        young_hint="We only talk to those you choose, unless somebody may get hurt.",
        short="Who may be told",
    ),
    "lawful": Words(
        "Why are you asking without the family's agreement?",
        worker_hint=(
            "Give the lawful reason: for example, that asking them would put a child at risk, or "
            "that you have a duty to share it. If a child may be in danger, call the safeguarding "
            "team instead of waiting for this form."
        ),
        short="Lawful reason",
    ),
    "language": Words(
        "Does the family need an interpreter?",
        parent="Do you need an interpreter?",
        young="Do you need an interpreter?",
        short="Interpreter",
    ),
    "contact": Words(
        "How should we get in touch with the family?",
        parent="How should we get in touch with you?",
        young="How should we get in touch with you?",
        worker_hint="Think about who may see a letter, a text or a missed call.",
        parent_hint="Think about who may see a letter, a text or a missed call.",
        young_hint="Think about who may see a letter, a text or a missed call.",
        short="Getting in touch",
    ),
    "files": Words(
        "Do you want to add a file?",
        worker_hint="For example, a letter or an assessment. You do not have to.",
        parent_hint="For example, a letter about your child. You do not have to.",
        young_hint="You do not have to.",
        short="Files",
    ),
}


def title(page: Page, answers: Answers) -> str:
    """Return the question a page asks, to whoever is asking for help."""
    return WORDS[page.name].title(answers.voice)


def hint(page: Page, answers: Answers) -> str:
    """Return the words under a page's question."""
    return WORDS[page.name].hint(answers.voice)
