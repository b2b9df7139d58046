"""The lists that services are sorted by, as a county finds them on its first day.

What a service is: the categories of the Department for Education's family hubs service
(github.com/DFE-Digital/fh-services, MIT licence: their names; the words beneath are ours). Whom it
is for: the groups that the county's hubs name.
"""

# Each heading with what stands below it: name, other words that people use for it.
CATEGORIES: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "Activities, clubs and groups": (
        "Things to do, and people to do them with.",
        (
            ("Activities", ""),
            ("Before and after school clubs", "wraparound, breakfast club, childcare"),
            ("Holiday clubs and schemes", "playscheme, half term, summer holidays"),
            ("Music, arts and dance", "singing, drama, painting"),
            ("Parent, baby and toddler groups", "baby group, stay and play, playgroup"),
            ("Pre-school playgroup", "nursery, preschool"),
            ("Sports and recreation", "football, swimming, exercise"),
        ),
    ),
    "Family support": (
        "Help with being a parent, and with what weighs on a family.",
        (
            ("Bullying and cyber bullying", "online safety, picked on"),
            ("Debt and welfare advice", "money worries, bailiffs, food bank"),
            ("Domestic abuse", "violence at home, refuge, safe"),
            ("Intensive targeted family support", "family worker, early help"),
            ("Money, benefits and housing", "rent, universal credit, eviction"),
            ("Parenting support", "parenting course, behaviour, routines, tantrums, sleep"),
            ("Reducing parental conflict", "arguing, rows"),
            ("Separating and separated parent support", "divorce, contact, break-up"),
            ("Stopping smoking", "vaping, cigarettes"),
            ("Substance misuse (including alcohol and drug)", "drinking, addiction"),
            ("Targeted youth support", "youth worker, mentor"),
            ("Youth justice services", "police, court, trouble"),
        ),
    ),
    "Health": (
        "Body and mind, for children and for those who look after them.",
        (
            ("Hearing and sight", "glasses, ears, eye test"),
            ("Mental health, social and emotional support", "anxiety, worries, sad, counselling, CAMHS"),
            ("Nutrition and weight management", "healthy eating, cooking"),
            ("Oral health", "teeth, dentist"),
            ("Public health services", "immunisation, vaccination"),
        ),
    ),
    "Pregnancy, birth and early years": (
        "Before birth, and until school begins.",
        (
            ("Birth registration", "register a birth, birth certificate"),
            ("Early years language and learning", "talking, speech, reading to babies"),
            ("Health visiting", "health visitor, weighing, baby clinic"),
            ("Infant feeding support (including breastfeeding)", "bottle, weaning, latch"),
            ("Midwife and maternity", "antenatal, pregnant, expecting"),
            ("Perinatal mental health support (pregnancy to one year post birth)", "baby blues, postnatal depression"),
        ),
    ),
    "Special educational needs and disabilities (SEND)": (
        "For children with additional needs and their families.",
        (
            ("Autistic Spectrum Disorder (ASD)", "autism, autistic, neurodiverse"),
            ("Breaks and respite", "short breaks, time off"),
            ("Early years support", "portage, inclusion"),
            ("Groups for parents and carers of children with SEND", "SEND parents, carers"),
            ("Hearing impairment", "deaf"),
            ("Learning difficulties and disabilities", "dyslexia, ADHD"),
            ("Multi-sensory impairment", "deafblind"),
            ("Other difficulties or disabilities", "additional needs, EHCP"),
            ("Physical disabilities", "wheelchair"),
            ("Social, emotional and mental health support", "SEMH"),
            ("Speech, language and communication needs", "stammer, talking"),
            ("Visual impairment", "blind, sight loss"),
        ),
    ),
    "Transport": (
        "Getting there.",
        (("Community transport", "lift, minibus, dial a ride"),),
    ),
}  # fmt: skip
TARGETS = (
    ("Young carers", "Children who help to look after somebody at home.", "caring for parent, carer"),
    ("Children with a disability", "Children with a disability or additional needs.", "disabled, SEND"),
    ("Fathers and men", "Fathers, grandfathers and other men who bring up children.", "dads, daddy"),
    ("Teenagers", "Young people from 11 to 19.", "teens, youth, adolescents"),
    ("New parents", "Those who expect a baby, or have one.", "new mum, new dad, expecting"),
    ("Grandparents and other carers", "Whoever brings up children who are not theirs.", "kinship, nan"),
    ("Families new to the country", "Families who came from elsewhere.", "refugees, asylum, migrants"),
)  # fmt: skip
# Words that mean the same to somebody who looks for help.
SAME = (
    ("family hub", "children's centre", "childrens centre", "Sure Start", "family centre", "hub"),
    ("stay and play", "playgroup", "toddler group", "baby group", "parent and toddler"),
    ("dads", "fathers", "men"),
    ("teenager", "young person", "young people", "youth", "teen"),
    ("autism", "autistic", "ASD"),
    ("special needs", "SEND", "additional needs", "disability"),
    ("debt", "money worries", "bills", "arrears"),
    ("anxiety", "worries", "mental health", "wellbeing"),
    ("breastfeeding", "infant feeding", "nursing a baby"),
    ("food bank", "larder", "foodbank", "food parcel"),
    ("domestic abuse", "domestic violence", "violence at home"),
    ("counselling", "talking therapy", "therapy"),
    ("young carers", "caring for a parent", "child carer"),
    ("holiday club", "playscheme", "half term"),
)
