"""What people write in the demonstration county: short phrases, put together.

Nothing here was written by or about a real person. `{child}` and the like are filled in:
child, he, his, him (and He, His), mum, carer, school, worker.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Theme:
    """One kind of worry: the county's needs that name it, whom it meets, and what is said of it."""

    key: str
    needs: tuple[str, ...]
    weight: float
    ages: tuple[int, int]
    worry: tuple[str, ...]
    detail: tuple[str, ...]
    tried: tuple[str, ...]
    different: tuple[str, ...]
    plan: tuple[str, ...]
    note: tuple[str, ...]


THEMES = (
    Theme(
        "behaviour",
        ("behaviour", "exclusion"),
        15,
        (4, 15),
        (
            "{child} finds it hard to stay calm and is often sent out of lessons.",
            "{child} has had four fixed-term exclusions since September.",
            "There are rows at home most evenings, and {mum} says {he} will not listen to anyone.",
            "{child} has started to push and shout when {he} is asked to stop a game.",
        ),
        (
            "It is worst on Sunday nights and Monday mornings.",
            "{He} is calmer with one adult and a job to do.",
            "{mum} is tired and says she has run out of ideas.",
            "{His} friends have begun to keep away.",
            "It began when the family moved in the spring.",
        ),
        (
            "A report card, a calm space and a weekly meeting with {mum}.",
            "We have changed {his} seat and {his} timetable and given {him} a mentor.",
            "{mum} went to two sessions of a parenting course but could not get there by bus.",
        ),
        (
            "{He} would be in lessons all day and mornings at home would be quieter.",
            "{mum} would feel that she can say no and be heard.",
            "{child} would know what to do when {he} feels angry.",
        ),
        (
            "Agree three house rules with the whole family and put them on the fridge",
            "Book {mum} a place on the evening parenting course",
            "Weekly check-in for {child} with the same adult at school",
            "Draw up a calm-down plan with {child} and share it with school",
        ),
        (
            "Talked with {child} about what happens just before {he} gets angry. {He} drew it as a "
            "thermometer and we agreed to try leaving the room at number six.",
            "{mum} has kept to the three house rules for a week. Two rows instead of five.",
            "School say {child} stayed in every lesson on Tuesday and Wednesday.",
        ),
    ),
    Theme(
        "attendance",
        ("attendance",),
        12,
        (6, 16),
        (
            "{child}'s attendance has dropped to 71 per cent this term.",
            "{child} has missed most Mondays and Fridays since half-term.",
            "{child} gets to the gate with {mum} and then cannot come in.",
        ),
        (
            "{He} says {he} has stomach aches; the GP has found nothing.",
            "{mum} works early shifts and {child} is left to get ready alone.",
            "{He} has fallen behind in maths and is embarrassed to ask.",
            "The bus was cut and the walk is over three miles.",
        ),
        (
            "Calls home, a home visit, and a late start agreed for two weeks.",
            "An attendance meeting with {mum}, and breakfast club, which {he} liked.",
            "A reduced timetable, which helped for a fortnight.",
        ),
        (
            "{child} would be in school every day and would look forward to something there.",
            "The family would have a morning that works.",
        ),
        (
            "Morning routine chart, tried for two weeks",
            "School to meet {child} at the side gate each morning",
            "Ask the transport team about a bus pass",
            "Catch-up sessions in maths twice a week",
        ),
        (
            "Visited at 7.30 to see a morning as it is. The hard part is between breakfast and shoes. "
            "{mum} will lay things out the night before.",
            "Attendance this fortnight 86 per cent. {child} was proud and showed me the chart.",
            "Met {child} at the gate with the pastoral lead. {He} came in after ten minutes.",
        ),
    ),
    Theme(
        "worries",
        ("child_mental_health",),
        14,
        (7, 18),
        (
            "{child} worries a great deal and has stopped going to the things {he} used to enjoy.",
            "{child} is very anxious and finds it hard to be away from {mum}.",
            "{child} has told us that {he} feels low most days and sleeps badly.",
        ),
        (
            "{He} is on the waiting list for specialist help, which is nine months long.",
            "{He} spends most evenings alone in {his} room.",
            "{mum} is unsure what to say and is afraid of making it worse.",
            "{He} says the nights are the worst.",
        ),
        (
            "Six sessions with the school counsellor, which {he} liked.",
            "Time-out card and a quiet room at break.",
            "The GP has seen {him} and suggested some reading and an app.",
        ),
        (
            "{child} would sleep, and would go out with friends again.",
            "{He} would have somebody to talk to while {he} waits.",
        ),
        (
            "Five meetings with {child} on worries and how to shrink them",
            "Ask the school nurse about the sleep clinic",
            "{mum} to come to the parents' group on anxiety",
            "Find a Saturday activity near home that {child} chooses",
        ),
        (
            "{child} made a ladder of things that feel hard. The lowest rung is buying a drink at the "
            "shop; we will try that next week.",
            "{He} slept through four nights out of seven. Phone stays downstairs after nine.",
            "{child} went to the art group and stayed the whole hour.",
        ),
    ),
    Theme(
        "parenting",
        ("parenting",),
        12,
        (1, 10),
        (
            "{mum} has asked for help with bedtimes and boundaries.",
            "The children do not settle until after eleven and come to nursery or school exhausted.",
            "{mum} finds it hard to keep to what she has said, and {child} knows it.",
        ),
        (
            "{mum} is on her own with the children since the summer.",
            "There is no family near by.",
            "The health visitor has noticed that {child} has few words for {his} age.",
        ),
        (
            "Advice at the gate, and a leaflet on sleep.",
            "The children's centre offered a course, but the sessions clashed with work.",
        ),
        (
            "Bedtime by eight, and {mum} would have an evening.",
            "The children would know what comes next.",
        ),
        (
            "Home visits at bedtime, twice a week for three weeks",
            "Bedtime chart with stickers that {child} has chosen",
            "Refer {mum} to the parents' course with crèche",
        ),
        (
            "Sat with {mum} through bath and story. {child} was asleep at 8.20.",
            "{mum} says the chart works on weekdays and falls apart on Saturdays. We planned a Saturday.",
        ),
    ),
    Theme(
        "parent_unwell",
        ("parent_mental_health", "parent_health"),
        9,
        (0, 16),
        (
            "{mum} has been low since the birth and says she finds each day hard.",
            "{mum} has a long illness and some days she cannot get up.",
            "{carer} is waiting for an operation and cannot lift or drive.",
        ),
        (
            "{child} does more at home than a child of {his} age should.",
            "Meals are often cereal.",
            "A neighbour helps at weekends.",
        ),
        (
            "The GP has changed the medicine and the health visitor calls weekly.",
            "School has offered breakfast club without charge.",
        ),
        (
            "There would be somebody to ring on a bad day.",
            "{child} would be able to be a child.",
        ),
        (
            "Ask adult social care for an assessment of {mum}'s needs",
            "Home help through the community group, Tuesdays and Thursdays",
            "A plan for bad days, written with {mum} and put by the telephone",
        ),
        (
            "{mum} was up and dressed and had made lunch. She says the new tablets help.",
            "Wrote the plan for bad days with {mum} and {child}. {child} chose who to ring first.",
        ),
    ),
    Theme(
        "separation",
        ("parental_conflict",),
        10,
        (2, 16),
        (
            "{child}'s parents parted in the summer and cannot agree when {he} sees each of them.",
            "Since the separation {child} has become quiet and cries at handover.",
            "There is a lot of anger between the two homes, and {child} carries messages.",
        ),
        (
            "{He} spends half the week in each home, ten miles apart.",
            "Homework and kit are always in the other house.",
            "A new baby is expected in one of the homes.",
        ),
        (
            "Separate parents' evenings, and a home-school book that travels with {him}.",
            "Mediation was offered; one of the parents did not come.",
        ),
        (
            "{child} would not be asked to choose.",
            "Both parents would use the same rules and the same calendar.",
        ),
        (
            "One calendar for both homes, kept by the worker for the first month",
            "Three meetings with each parent on keeping {child} out of the middle",
            "Second set of school kit for the other home",
        ),
        (
            "Met {child}'s father at the library. He wants to help and had not known about the reading.",
            "Both parents have used the calendar for three weeks without a missed handover.",
        ),
    ),
    Theme(
        "loss",
        ("bereavement",),
        5,
        (4, 17),
        (
            "{child}'s grandmother, who half brought {him} up, died in the spring.",
            "The family lost a close relative last year and nobody at home talks about it.",
        ),
        (
            "{child} has stopped playing football.",
            "{mum} is grieving too and finds it hard to help {him}.",
        ),
        ("A memory box at school.", "Two talks with the pastoral lead."),
        ("The family would be able to talk about it.", "{child} would laugh again."),
        (
            "Ask the bereavement group for a place for {child}",
            "Make a memory book with {child} and {mum}",
        ),
        (
            "{child} brought photographs and told me who was who. {mum} stayed and joined in.",
            "First meeting of the bereavement group. {child} would like to go again.",
        ),
    ),
    Theme(
        "money",
        ("money", "housing"),
        9,
        (0, 17),
        (
            "The family of five lives in two rooms, and the notice runs out in January.",
            "{mum} lost her job and the rent is two months behind.",
            "There is damp in the children's bedroom and {child} coughs all winter.",
        ),
        (
            "They use the food bank every week.",
            "The landlord has not answered the letters.",
            "{child} has no winter coat and does {his} homework on the stairs.",
        ),
        (
            "The housing officer has visited once.",
            "School has given uniform and a food parcel.",
        ),
        (
            "They would know where they will live.",
            "The debts would be in one plan that they can pay.",
        ),
        (
            "Housing officer to say in writing what the family can expect and when",
            "Money advice appointment, with the worker, at the hub",
            "Apply for the household support grant",
            "Environmental health to look at the damp",
        ),
        (
            "Went with {mum} to money advice. A payment of 12 pounds a week is agreed.",
            "The district council has put the family in band two. {mum} cried with relief.",
        ),
    ),
    Theme(
        "disability",
        ("send",),
        8,
        (2, 18),
        (
            "{child} is autistic, and home life turns round what {he} can manage.",
            "{child} has a learning difficulty and the family has had no break for a year.",
            "{child} is waiting to be assessed and the family is worn out.",
        ),
        (
            "{He} sleeps four hours a night.",
            "{He} cannot be left alone for a minute.",
            "{mum} has given up work.",
        ),
        (
            "Visual timetable at school and at home.",
            "The special needs coordinator meets {mum} every half-term.",
        ),
        (
            "The family would have one evening a week to rest.",
            "Everyone who works with {child} would do things the same way.",
        ),
        (
            "Short breaks application, filled in with {mum}",
            "Same visual timetable at home, school and grandparents'",
            "Saturday club for {child}, four hours a week",
        ),
        (
            "Looked at the day with {mum}, hour by hour. The bath is the hard part; we moved it.",
            "Short breaks panel said yes to four hours on Saturdays.",
        ),
    ),
    Theme(
        "young_carer",
        ("young_carer",),
        5,
        (8, 18),
        (
            "{child} looks after {mum}, who has a long illness, and does the shopping and the washing.",
            "{child} gets two small brothers ready before school and is often late {himself}.",
        ),
        (
            "{He} has never told anybody at school until now.",
            "{He} worries all day whether {mum} is safe.",
        ),
        ("We let {him} keep {his} telephone in lessons.", "A quiet word with {his} tutor."),
        (
            "{child} would have an afternoon for {himself} every week.",
            "Somebody grown-up would do the mornings.",
        ),
        (
            "Young carers' group, Wednesdays, with transport",
            "Young carer's assessment",
            "Morning help from the community group",
        ),
        (
            "{child} came to the young carers' group and met a girl from the next village.",
            "Morning help has begun. {child} was on time all week.",
        ),
    ),
    Theme(
        "safety_at_home",
        ("domestic_abuse",),
        6,
        (0, 16),
        (
            "{mum} has left a relationship in which she did not feel safe, and the children are unsettled.",
            "There were loud arguments at home until the spring; {child} still wakes at night.",
        ),
        (
            "The address must not be given to anyone who asks.",
            "{mum} has a named adviser and a safety plan.",
            "{child} asks where {his} dad is.",
        ),
        (
            "The adviser has helped with locks and a new telephone.",
            "School knows who may collect the children.",
        ),
        (
            "The children would feel safe at home and at school.",
            "{mum} would not be alone with it.",
        ),
        (
            "Recovery group for {mum} and the children",
            "Check with school who may collect {child}",
            "Quiet-time plan for nights",
        ),
        (
            "{mum} says the nights are better. {child} slept in {his} own bed.",
            "Third session of the recovery group; {mum} spoke for the first time.",
        ),
    ),
    Theme(
        "drink_or_drugs",
        ("substance_misuse",),
        4,
        (3, 17),
        (
            "{carer} has been drinking more since losing work, and {child} keeps watch in the evenings.",
            "{child} was found with cannabis at school and says most of {his} friends smoke it.",
        ),
        (
            "{carer} has asked for help {himself_c}.",
            "There is a grandmother round the corner who helps.",
        ),
        ("A talk with the school nurse.", "The GP has made a referral and there is a wait."),
        ("Evenings would be calm.", "{child} would have something better to do on Fridays."),
        (
            "First appointment with the drug and alcohol service, worker to go along",
            "Friday youth session at the hub",
        ),
        (
            "Went along to the first appointment. {carer} will go alone next time.",
            "{child} came to the Friday session and helped to cook.",
        ),
    ),
    Theme(
        "alone",
        ("family_stress",),
        5,
        (0, 6),
        (
            "{mum} is at home in the village with a baby and a toddler and sees nobody all day.",
            "The family is new to the county, has little English and knows nobody.",
        ),
        (
            "There are two buses a day and no car.",
            "{mum} has not been to the toddler group since it moved.",
        ),
        ("The health visitor has called weekly.", "The village group has offered a lift."),
        ("{mum} would have one person to talk to.", "The children would play with others."),
        (
            "Lifts to the toddler group on Thursdays, by the village volunteers",
            "English class with crèche",
            "Meet at the village hall instead of the hub",
        ),
        (
            "Met at the village hall, which suits the family better than the hub.",
            "{mum} went to the toddler group with a volunteer and stayed for coffee.",
        ),
    ),
    Theme(
        "next_step",
        ("crime", "family_stress"),
        5,
        (14, 19),
        (
            "{child} left college in October and has done nothing since.",
            "{child} is out late with older young people and has been spoken to by the police twice.",
        ),
        ("{He} says there is no point.", "{He} is good with engines and helps a neighbour."),
        ("Two careers interviews, one missed.", "A restorative meeting, at which {he} said sorry."),
        ("{child} would have a place and a reason to get up.", "{He} would be home by ten."),
        (
            "Visit two workshops that take trainees",
            "Curfew agreed between {child} and {mum}, and written down",
            "Restorative meeting with the neighbour",
        ),
        (
            "Visited the workshop. {child} asked good questions and starts on Monday week.",
            "{child} kept to the agreed times except Saturday. {mum} did not shout.",
        ),
    ),
    Theme(
        "small_child",
        ("early_years",),
        6,
        (1, 5),
        (
            "{child} has few words and points at what {he} wants.",
            "{child} missed the two-year check and does not play with other children.",
        ),
        (
            "{mum} says {he} watches a screen while she cooks.",
            "{He} is behind in walking and is not yet dry.",
        ),
        ("Story bags from nursery.", "Two home visits by the health visitor."),
        ("{child} would talk and play with others.", "{mum} would enjoy being with {him}."),
        (
            "Stay-and-play on Tuesdays at the children's centre",
            "Speech therapist to see {child} at nursery",
            "Ten minutes of reading a day, with the story bag",
        ),
        (
            "{child} named six animals in the book. {mum} was delighted.",
            "Stay-and-play: {child} shared the sand with another child.",
        ),
    ),
)
BY_KEY = {theme.key: theme for theme in THEMES}

GOING_WELL = (
    "{mum} and {child} are close, and {he} is proud of {his} little {sibling}.",
    "{child} is kind to younger children and good at art.",
    "{child} loves football and has never missed a practice.",
    "The family asks for help, comes to meetings and keeps to what is agreed.",
    "Grandparents live near and have the children on Saturdays.",
    "{child} reads well and has one good friend.",
    "{mum} has started a course and is enjoying it.",
    "Attendance is good and {child} says {he} feels safe at school.",
)
PARENT_WORRY = (
    "I can't cope with the mornings any more and I don't know who to ask. ",
    "I am writing because I am worried about {child} and I want to get help before it gets worse. ",
    "A friend told me about the hub. I am on my own with the children. ",
)
YOUNG_WORRY = (
    "I don't really want to go to school any more. I feel sick every morning and nobody gets it.",
    "Things at home are hard and I look after my brother a lot. I would like someone to talk to.",
    "I keep arguing with my mum and I don't want to. I want it to be like it was before.",
)
HOME_VOICE = {
    "behaviour": "We row every day and {child} will not do anything I say. I shout and then I feel awful.",
    "attendance": "{child} does not want to go to school and some days I cannot get {him} out of the door.",
    "worries": "{child} worries all the time and does not sleep, and I do not know what to say to {him}.",
    "parenting": "Nobody is asleep before eleven. I have tried everything and I am so tired.",
    "parent_unwell": "I have been ill for a long time and on bad days I cannot do what the children need.",
    "separation": "Their dad and I have parted and {child} is in the middle of it.",
    "loss": "We lost my mum this year and {child} has not been {himself} since.",
    "money": "I am behind with the rent and I am frightened that we will lose the flat.",
    "disability": "{child} needs someone with {him} all the time and we never get a break.",
    "young_carer": "{child} does too much at home because of my illness. {He} should be out with friends.",
    "safety_at_home": "We have moved to be safe. The children are still frightened at night.",
    "drink_or_drugs": "There is drinking at home and I want it to stop. I need some help with it.",
    "alone": "I am on my own all day with the little ones and there is no bus.",
    "next_step": "{child} has nothing to do all day and has got in with people I do not trust.",
    "small_child": "{child} is not talking like other children of {his} age and I am worried.",
}
WOULD_HELP_PARENT = (
    "Somebody to come and see us and tell us what we can do.",
    "A group where I can meet others in the same place.",
)
LAWFUL = (
    "We could not reach the parents after four tries, and the children's needs are clear. We share "
    "the least that is needed, so that help can be offered.",
    "Asking first would have put the parent at risk; the adviser agrees.",
)
CONTACT_ADVICE = (
    "Please ring after four o'clock.",
    "Text first; she does not answer numbers she does not know.",
    "Not on Wednesdays, when he is at work.",
    "Meet at the school or the village hall rather than at home.",
    "Please do not leave a message on the house telephone.",
)

ACCEPT_REASON = (
    "Level two: several needs, family willing, no worker yet.",
    "Needs a worker to bring school and home together.",
    "Second request this year; a plan with one worker is needed.",
    "Fits the hub's core offer. {hub} covers the home address.",
)
ACCEPT_WORDS = (
    "{hub} will work with the family. A worker will be in touch within five working days.",
    "Thank you for this clear request. {hub} has accepted it and will ring the family this week.",
    "{hub} has accepted this. Please tell the family to expect a call from the hub.",
)
SENT_ON_REASON = (
    "One need, which this service meets better and sooner.",
    "Below the hub's threshold; the local group has places.",
)
SENT_ON_WORDS = (
    "{organisation} can help sooner than we can, and has said that it will ring the family.",
    "We have sent this on to {organisation}, which has a place. Please come back if it does not work.",
)
SOCIAL_CARE_REASON = ("Meets the threshold for children's social care; spoken to the duty team.",)
SOCIAL_CARE_WORDS = (
    "We have passed this to children's social care, who will speak to you today or tomorrow.",
)
HELPED_REASON = (
    "The hub has an open case with this family; the worker has been told.",
    "The family has a plan led by the school, which began last month.",
)
HELPED_WORDS = (
    "A worker is helping this family already and has been told what you wrote.",
    "The family has a plan already. We have passed your worry to the person who leads it.",
)
NFA_REASON = (
    "The family does not want help at present; sender spoken to.",
    "Everyday services are enough; advice given to the sender.",
)
NFA_WORDS = (
    "The family told us that they do not want help now. You can ask again at any time.",
    "We spoke on the telephone and agreed that school can do this with our advice.",
)
ASK_WORDS = (
    "Please tell us who lives in the home, and whether both parents know of this request.",
    "Which days is {child} in school, and what has the school tried so far?",
    "Please confirm that the family has agreed, and when.",
    "Is there a safe telephone number for {mum}?",
)
ANSWER_WORDS = (
    "Both parents know and agree. The number is on the form now.",
    "We have tried a mentor and a reduced timetable. {He} is in on four days.",
    "I spoke to the family today; they agree and would like a call after school.",
)
WITHDRAW_REASON = (
    "The family has changed its mind.",
    "Sent twice by mistake.",
    "Things are better and the school will carry on.",
)
FIRST_WORDS = (
    "Spoke with {mum}, explained what the hub does and agreed a first visit.",
    "First visit at home with {mum} and {child}. All would like to go on.",
    "Met {mum} at school with the pastoral lead. Agreed to meet weekly.",
    "Met at the village hall, which was easier for the family than coming to the hub.",
)
TRY_WORDS = (
    "No answer; left no message, as asked.",
    "Rang twice, morning and afternoon.",
    "Called at the house; nobody in. Left a card in an envelope.",
    "Text sent asking for a good time to ring.",
)
NOTE = (
    "Home visit. {mum} and {child} both in. We went through the plan and ticked off what is done.",
    "Telephone call with {mum}. A better week. Next visit agreed.",
    "Spoke with school. They see a change and will keep the mentor until half-term.",
    "Family meeting at the hub. Everybody said one thing that is better and one thing that is not.",
    "{child} showed me {his} room and talked about {his} week without being asked.",
    "Visit put off: {mum} was unwell. New date agreed by text.",
    "Asked {child} to score the week. Six out of ten; it was three when we began.",
    "Talked with the partner who owns the next action. It is on its way.",
    "Supervision: agreed to go on for six more weeks and then review.",
)
WANTED = (
    ("Mornings without a row.", "In school by nine on four days of five"),
    ("{child} sleeps in {his} own bed.", "Five nights of seven, on the chart in the kitchen"),
    ("{mum} has an evening for herself.", "It is in the diary, and it happens"),
    ("{child} has a friend round.", "Once before the holidays"),
    ("No more letters about the rent.", "Two months paid on time"),
    ("{child} says when it gets too much.", "{He} uses the card at school instead of leaving"),
    ("We eat together.", "Three times a week, telephones off"),
)
AT_REVIEW = (
    "{mum}, {child} and the worker",
    "{mum}, the worker and the school’s family link worker",
    "The family, the school nurse and the worker, at the hub",
)
SHOWN = (
    "The chart on the wall says so.",
    "School sees it too.",
    "{mum} and {child} both say that it is calmer.",
    "Two good weeks, then a bad one.",
    "Not much has changed; we talked about why.",
)
PRESENT = (
    "{mum}, {child} and a worker of the hub, at home.",
    "{mum} and the worker; {child} joined after school.",
    "The family and the school’s family link worker, at the hub.",
)
GOALS = (
    "Mornings without a row, and {child} in school by nine on four days of five.",
    "{mum} has one evening a week for herself. We will see it in the diary.",
    "{child} has somebody to talk to and says that the worries are smaller.",
    "Bedtime by half past eight on school days; everybody sleeps.",
    "The rent is on a plan that the family can keep to, and no letters come.",
)
VOICE = (
    "“It is better when nobody shouts.”",
    "“I would like it to be like before.”",
    "Says that {he} likes the visits, and that mornings are the worst.",
    "“I am tired. If I could sleep, I could do the rest.”",
    "“We asked for help late. I am glad that we did.”",
)
ADDITION = (
    "To add: {mum} rang later to say that it went well.",
    "Correction: this was on the day before.",
)
TAKEN_ON = (
    "Ring school on the first morning that {child} does not want to go",
    "Put the telephones away at eight, all of us",
    "Fill in the form for the school bus together",
    "Go to the Tuesday group once, and see how it is",
    "Write down for a week what the mornings are like",
)
DONE = (
    "Done, and it helped.",
    "Done. The family would like to go on with it.",
    "Done later than planned; the first date was missed.",
    "Arranged; starts after the holidays.",
)
DROPPED = (
    "The family would rather not.",
    "Not needed any more.",
    "The group has closed; another is sought.",
)
CLOSING = {
    "goals_met": (
        "What the family asked for has been reached. {child} and {mum} told us so in their own words.",
        "The plan is finished. School goes on with the weekly check-in.",
    ),
    "universal": (
        "The family is doing well with school and everyday services, and knows how to come back.",
    ),
    "stepped_up": ("New worries came to light, and children's social care now leads.",),
    "moved": ("The family moved away. With their agreement the new county has been told.",),
    "declined": ("The family decided not to go on. The door stays open.",),
    "no_contact": (
        "We tried by telephone, by letter and in person, and could not reach the family.",
    ),
    "other_service": ("A partner service now leads, and the family is content with that.",),
}
FAMILY_CLOSING = (
    "We have finished working together. You did the hard part. Ring the hub if you need us again.",
    "Our work with you has come to an end. You can ask for help again at any time.",
)
TOLD_FIRST = "A worker of {hub} has met the family, and a plan is being made."


def say(rng: Random, phrases: tuple[str, ...], who: dict[str, str]) -> str:
    """Return one of some phrases, filled in."""
    return rng.choice(phrases).format_map(who)


def worry(rng: Random, theme: Theme, who: dict[str, str], *, sender: str) -> str:
    """Return what a sender writes of a worry: a paragraph in their own voice."""
    if sender == "young_person":
        return rng.choice(YOUNG_WORRY)
    if sender == "parent":
        opening = rng.choice(PARENT_WORRY) + HOME_VOICE[theme.key]
        return opening.format_map(who)
    details = rng.sample(theme.detail, k=rng.randint(1, 2))
    parts = [rng.choice(theme.worry), *details]
    return " ".join(parts).format_map(who)


STEP_DOWN_PLAN = (
    "A child in need plan for seven months: {carer} has a routine that holds, and {child} is at school.",
    "Six visits and two reviews. What began it has not happened again; the evenings still need help.",
)
STEP_DOWN_WATCH = (
    "{child} alone at night, or away from school for a week. Then ask us again.",
    "Whether {carer} goes on seeing the doctor. Ask us again if things at home become loud.",
)
