"""Names for people who do not exist: common first and last names, put together at random.

Each list holds names that thousands of people bear; none was taken from a record of anybody.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Culture:
    """A group of families that draw their names from the same lists.

    `ethnicity` holds DfE codes with weights; `interpreter` is the share of families that need one.
    """

    key: str
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[str, ...]
    ethnicity: tuple[tuple[str, float], ...]
    language: str = "English"
    interpreter: float = 0.0
    mother_keeps_name: float = 0.3


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BRITISH = Culture(
    "british",
    girls=_words(
        "Olivia Amelia Isla Ava Ivy Freya Lily Florence Mia Willow Rosie Sophia Isabella Grace Daisy "
        "Sienna Poppy Elsie Emily Ella Evelyn Phoebe Evie Charlotte Harper Millie Matilda Maya Sophie "
        "Alice Emilia Isabelle Ruby Luna Maisie Aria Penelope Mila Bonnie Eva Hallie Eliza Ada Violet "
        "Esme Jessica Chloe Abigail Lola Imogen Scarlett Summer Lacey Tilly Amber Skye Paige Erin "
        "Holly Megan Leah Zara Nancy Robyn Darcey Heidi Orla Lottie Martha Iris Molly Keira"
    ),
    boys=_words(
        "Oliver George Arthur Noah Muhammad Leo Oscar Harry Archie Jack Henry Charlie Freddie Theodore "
        "Thomas Finley Theo Alfie Jacob William Isaac Tommy Joshua James Luca Lucas Alexander Arlo "
        "Roman Reuben Elijah Teddy Joseph Louis Logan Toby Max Hugo Harrison Edward Mason Ethan "
        "Sebastian Albie Daniel Rory Reggie Ronnie Jude Samuel Benjamin Dylan Caleb Frankie Riley "
        "Kai Tyler Jayden Callum Connor Kian Ellis Bobby Jenson Zachary Blake Ryan Declan Liam Nathan"
    ),
    women=_words(
        "Sarah Laura Gemma Emma Rebecca Claire Victoria Samantha Rachel Amy Jennifer Nicola Katie Lisa "
        "Kelly Natalie Louise Michelle Hayley Hannah Helen Charlotte Joanne Lucy Elizabeth Leanne "
        "Danielle Donna Katherine Stephanie Stacey Lauren Jane Kerry Zoe Melissa Carly Kirsty Lindsay "
        "Sophie Jade Chelsea Kayleigh Bethany Abbie Naomi Tracey Dawn Tina Heather"
    ),
    men=_words(
        "Christopher James David Daniel Michael Matthew Andrew Richard Paul Mark Thomas Adam Robert "
        "John Lee Benjamin Steven Jonathan Craig Stephen Simon Nicholas Peter Anthony Alexander Gary "
        "Ian Ryan Darren Barry Gareth Scott Stuart Dean Carl Jamie Luke Ashley Shane Liam Kieran "
        "Aaron Wayne Neil Martin Philip Jason Kevin Karl Ross"
    ),
    surnames=_words(
        "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker "
        "White Roberts Green Hall Wood Jackson Clarke Harris Lewis Clark Turner Hill Moore Cooper Ward "
        "Morris King Harrison Watson Baker Parker Allen Bennett Carter Mitchell Cook Bailey Shaw Kelly "
        "Richardson Cox Marshall Simpson Miller Price Adams Murphy Collins Wilkinson Foster Stevens "
        "Mason Palmer Barnes Rogers Hunt Mills Reed Webb Holmes Chapman Knight Butler Matthews Gibson "
        "Barker Powell Ellis Pearson Lloyd Dixon Harvey Fisher Grant Elliott Bishop Andrews Fletcher "
        "West Gardner Saunders Payne Bird Wells Lawrence Berry Newman Hayes Perry Cole Hart Pratt "
        "Burton Townsend Goodwin Bradley Hudson Nash Sharp Frost Barrett Holland Day Dean Gould Hale "
        "Page Parsons Poole Rose Ryan Savage Slade Stokes Tanner Todd Vaughan Wade Winter Woods Young"
    ),
    ethnicity=(("WBRI", 0.9), ("MWBC", 0.03), ("MOTH", 0.02), ("WOTH", 0.01), ("NOBT", 0.04)),
)
IRISH = Culture(
    "irish",
    girls=_words("Aoife Niamh Saoirse Ciara Roisin Erin Caoimhe Sinead Margaret Kathleen Bridie"),
    boys=_words("Cian Oisin Patrick Sean Conor Declan Eoin Darragh Cormac Michael Jimmy Martin"),
    women=_words("Siobhan Maeve Aisling Orla Bernadette Mary Deirdre Grainne Noreen Margaret"),
    men=_words("Patrick Brendan Padraig Kevin Dermot Eamon Fergal Niall John Gerard"),
    surnames=_words(
        "Murphy Kelly Byrne Ryan Doyle McCarthy Gallagher Doherty Kennedy Lynch Murray Quinn Connors "
        "Ward McDonagh Maughan Delaney Cash Doran Sweeney"
    ),
    ethnicity=(("WIRI", 0.65), ("WIRT", 0.35)),
)
PAKISTANI = Culture(
    "pakistani",
    girls=_words(
        "Aisha Fatima Maryam Zainab Hafsa Inaya Zara Amina Khadija Sana Iqra Anaya Hiba Noor Alina "
        "Safa Mahnoor Laiba Eshal Aliza"
    ),
    boys=_words(
        "Muhammad Ali Hamza Ibrahim Yusuf Zain Adam Umar Hassan Bilal Haris Ayaan Musa Ismail Raheem "
        "Danyal Sami Subhan Zayan Idris"
    ),
    women=_words(
        "Shabana Nasreen Saima Rukhsana Farzana Uzma Samina Naila Shazia Bushra Asma Kiran"
    ),
    men=_words("Mohammed Imran Asif Tariq Nadeem Shahid Kashif Waqas Faisal Zahid Amjad Rashid"),
    surnames=_words(
        "Khan Hussain Ahmed Ali Mahmood Iqbal Malik Akhtar Shah Begum Mirza Raja Butt Chaudhry Qureshi "
        "Bashir Aslam Rehman Siddiqui Javed"
    ),
    ethnicity=(("APKN", 0.95), ("AOTH", 0.05)),
    language="Urdu",
    interpreter=0.12,
    mother_keeps_name=0.6,
)
BANGLADESHI = Culture(
    "bangladeshi",
    girls=_words("Tasnim Nusrat Sadia Anika Mahira Tahmina Jannat Samiya Raisa Fahmida"),
    boys=_words("Rahim Tanvir Arif Nayeem Sakib Rafi Abdul Tahsin Mahdi Zubair"),
    women=_words("Rehana Shirin Nasima Hasina Salma Rokeya Taslima Jahanara Monira Sultana"),
    men=_words("Abdul Kamal Jahangir Shafiq Mizan Habib Anwar Motin Faruk Rafiq"),
    surnames=_words("Begum Miah Rahman Uddin Khatun Islam Chowdhury Hoque Ali Sarkar Alam Karim"),
    ethnicity=(("ABAN", 1.0),),
    language="Bengali",
    interpreter=0.18,
    mother_keeps_name=0.8,
)
INDIAN = Culture(
    "indian",
    girls=_words("Anaya Diya Saanvi Isha Riya Priya Meera Kavya Anjali Simran Jasleen Tara"),
    boys=_words("Aarav Arjun Rohan Vihaan Dev Krish Ishaan Aditya Harjit Jai Nikhil Varun"),
    women=_words("Priya Sunita Anita Deepa Rekha Meena Kavita Harpreet Neha Pooja"),
    men=_words("Raj Sanjay Anil Vijay Ravi Suresh Manoj Gurpreet Amit Deepak"),
    surnames=_words("Patel Singh Kaur Sharma Kumar Gupta Shah Nair Thomas Reddy Joshi Mehta Gill"),
    ethnicity=(("AIND", 1.0),),
    language="Punjabi",
    interpreter=0.04,
)
POLISH = Culture(
    "polish",
    girls=_words(
        "Zuzanna Julia Maja Zofia Hanna Lena Alicja Oliwia Amelia Natalia Wiktoria Nikola"
    ),
    boys=_words("Jakub Szymon Filip Kacper Antoni Jan Oskar Adam Mateusz Wojciech Dawid Igor"),
    women=_words(
        "Katarzyna Agnieszka Magdalena Joanna Monika Ewa Anna Beata Dorota Justyna Sylwia"
    ),
    men=_words("Piotr Krzysztof Tomasz Marcin Pawel Marek Grzegorz Lukasz Rafal Dariusz"),
    surnames=_words(
        "Nowak Kowalski Wojcik Kaminski Lewandowski Zielinski Szymanski Wozniak Dabrowski Kozlowski "
        "Mazur Jankowski Krawczyk Piotrowski Grabowski Pawlak"
    ),
    ethnicity=(("WOTH", 1.0),),
    language="Polish",
    interpreter=0.14,
)
ROMANIAN = Culture(
    "romanian",
    girls=_words("Maria Ioana Elena Andreea Sofia Daria Alexandra Bianca Teodora Larisa"),
    boys=_words("Andrei Matei David Stefan Luca Gabriel Ionut Darius Rares Cristian"),
    women=_words("Mihaela Elena Daniela Cristina Gabriela Roxana Alina Simona Carmen Ana"),
    men=_words("Ion Marian Florin Cristian Adrian Bogdan Vasile Catalin Nicolae Gheorghe"),
    surnames=_words(
        "Popescu Ionescu Popa Radu Dumitru Stan Stoica Gheorghe Rusu Munteanu Lupu Matei"
    ),
    ethnicity=(("WOTH", 0.8), ("WROM", 0.2)),
    language="Romanian",
    interpreter=0.22,
)
PORTUGUESE = Culture(
    "portuguese",
    girls=_words("Beatriz Leonor Matilde Carolina Mariana Ines Joana Lara Domingas Filomena"),
    boys=_words("Tiago Rodrigo Martim Afonso Diogo Gabriel Joao Duarte Domingos Nelson"),
    women=_words("Ana Sandra Carla Paula Teresa Rosa Sonia Lucia Fatima Isabel"),
    men=_words("Jose Carlos Antonio Manuel Paulo Rui Jorge Luis Fernando Mario"),
    surnames=_words(
        "Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Soares Gomes Lopes Marques "
        "Ximenes Guterres"
    ),
    ethnicity=(("WOTH", 0.6), ("AOTH", 0.4)),
    language="Portuguese",
    interpreter=0.2,
    mother_keeps_name=0.5,
)
AFRICAN = Culture(
    "african",
    girls=_words(
        "Chidinma Adaeze Temitope Amara Ngozi Ama Abena Tanaka Rutendo Wanjiru Blessing Precious "
        "Zawadi Makena Ayomide"
    ),
    boys=_words(
        "Chinedu Emeka Tobi Kwame Kofi Tendai Tafara Kamau David Samuel Emmanuel Daniel Ifeanyi Segun "
        "Farai"
    ),
    women=_words("Ngozi Funmi Chioma Abena Akosua Rudo Grace Mercy Joy Esther Patience Comfort"),
    men=_words("Chukwudi Olu Kwabena Kojo Tapiwa Joseph Peter Emmanuel Sunday Isaac Moses Kelvin"),
    surnames=_words(
        "Okafor Adeyemi Mensah Osei Boateng Moyo Ncube Mwangi Otieno Eze Balogun Owusu Asante Dube "
        "Sithole Kamara Bangura Okoro Nwosu"
    ),
    ethnicity=(("BAFR", 0.9), ("MWBA", 0.1)),
    interpreter=0.02,
)
CARIBBEAN = Culture(
    "caribbean",
    girls=_words("Keziah Shanice Tiana Renee Aaliyah Imani Naomi Kiara Jada Zaria"),
    boys=_words("Tyrese Malachi Jerome Isaiah Marlon Kymani Andre Jahmal Zion Elijah"),
    women=_words("Marcia Sharon Denise Yvonne Simone Natasha Michelle Donna Angela Latoya"),
    men=_words("Winston Desmond Trevor Leroy Delroy Marlon Andre Errol Curtis Anthony"),
    surnames=_words(
        "Campbell Gordon Reid Francis Morgan Bailey Grant Clarke Henry Powell Lewis Blake"
    ),
    ethnicity=(("BCRB", 0.6), ("MWBC", 0.4)),
)
ARABIC = Culture(
    "arabic",
    girls=_words("Layla Yasmin Noor Salma Rania Hana Dina Maryam Lina Jana"),
    boys=_words("Omar Yousef Karim Ahmad Khalid Tarek Sami Adnan Rami Zaid"),
    women=_words("Huda Samira Nadia Rana Amal Fatin Hanan Iman Wafa Lamia"),
    men=_words("Mahmoud Hassan Ahmed Khaled Mustafa Samir Walid Nabil Fadi Ibrahim"),
    surnames=_words("Haddad Nasser Khalil Mansour Saleh Hamdan Aziz Farah Kassem Osman Darwish"),
    ethnicity=(("OOTH", 1.0),),
    language="Arabic",
    interpreter=0.35,
    mother_keeps_name=0.8,
)
CHINESE = Culture(
    "chinese",
    girls=_words("Mei Ling Jia Xin-Yi Chloe Vivian Emily Grace"),
    boys=_words("Wei Jun Ming Hao Jason Ethan Ryan Lucas"),
    women=_words("Li Fang Yan Mei Hui Xiaoli Jing Carmen"),
    men=_words("Jian Wei Ming Chun Tao Kin Yong David"),
    surnames=_words("Chen Wang Li Zhang Liu Wong Chan Lam Yang Huang"),
    ethnicity=(("CHNE", 1.0),),
    language="Cantonese",
    interpreter=0.15,
    mother_keeps_name=0.9,
)
FILIPINO = Culture(
    "filipino",
    girls=_words("Angelica Althea Princess Jasmine Kyla Bea Samantha Andrea"),
    boys=_words("Joshua Gabriel Miguel Angelo Nathaniel Mark Jericho Ethan"),
    women=_words("Maricel Rowena Jocelyn Cristina Liza Marivic Analyn Grace"),
    men=_words("Rodel Jerome Ramon Eduardo Arnel Rommel Noel Dennis"),
    surnames=_words("Reyes Cruz Bautista Garcia Mendoza Torres Ramos Flores Villanueva Castillo"),
    ethnicity=(("AOTH", 1.0),),
    language="Tagalog",
    interpreter=0.02,
)

CULTURES = {
    culture.key: culture
    for culture in (
        BRITISH,
        IRISH,
        PAKISTANI,
        BANGLADESHI,
        INDIAN,
        POLISH,
        ROMANIAN,
        PORTUGUESE,
        AFRICAN,
        CARIBBEAN,
        ARABIC,
        CHINESE,
        FILIPINO,
    )
}

# How often each culture is met, by hub. The towns differ, as English towns do.
_COUNTY = {
    "british": 80,
    "irish": 2,
    "pakistani": 3,
    "bangladeshi": 1,
    "indian": 2,
    "polish": 3,
    "romanian": 2,
    "portuguese": 1,
    "african": 3,
    "caribbean": 1.5,
    "arabic": 1,
    "chinese": 0.7,
    "filipino": 0.8,
}
MIX = {
    "abingdon": _COUNTY | {"british": 88, "pakistani": 1},
    "banbury": _COUNTY | {"british": 68, "pakistani": 10, "polish": 9, "romanian": 4},
    "bicester": _COUNTY | {"british": 82, "polish": 4, "filipino": 2},
    "didcot": _COUNTY | {"british": 86, "indian": 3},
    "east-oxford": _COUNTY
    | {
        "british": 45,
        "pakistani": 15,
        "bangladeshi": 6,
        "african": 9,
        "caribbean": 5,
        "portuguese": 5,
        "arabic": 5,
    },
    "littlemore": _COUNTY | {"british": 66, "pakistani": 7, "african": 6, "portuguese": 4},
    "witney": _COUNTY | {"british": 92, "pakistani": 0.5, "irish": 3},
}

# Short forms by which people are known, and by which a second record may hold them.
SHORT = {
    "Alexander": "Alex",
    "Abigail": "Abbie",
    "Benjamin": "Ben",
    "Charlotte": "Lottie",
    "Christopher": "Chris",
    "Daniel": "Danny",
    "Edward": "Teddy",
    "Elizabeth": "Liz",
    "Emily": "Em",
    "Isabella": "Bella",
    "Isabelle": "Izzy",
    "Jacob": "Jake",
    "James": "Jamie",
    "Jennifer": "Jenny",
    "Jessica": "Jess",
    "Joseph": "Joe",
    "Joshua": "Josh",
    "Katherine": "Kate",
    "Matilda": "Tilly",
    "Matthew": "Matt",
    "Michael": "Mike",
    "Muhammad": "Mo",
    "Natalie": "Nat",
    "Nathaniel": "Nate",
    "Nicholas": "Nick",
    "Rebecca": "Becky",
    "Robert": "Rob",
    "Samantha": "Sam",
    "Samuel": "Sam",
    "Sebastian": "Seb",
    "Theodore": "Theo",
    "Thomas": "Tom",
    "Victoria": "Vicky",
    "William": "Will",
    "Zachary": "Zac",
}

STREET_FIRST = _words(
    "Hawthorn Rowan Alder Willow Juniper Sycamore Larch Bramble Heron Kestrel Lapwing Skylark Plover "
    "Teasel Foxglove Bluebell Cowslip Meadow Orchard Mill Quarry Brook Spring Harvest Barley Wheatfield "
    "Clover Sorrel Marigold Campion Linden Maple Chestnut Beech Damson Medlar Quince Coppice Warren Dell"
)
STREET_SECOND = _words(
    "Road Close Way Lane Drive Avenue Crescent Street Gardens Court Rise Place Walk"
)

# For schools, surgeries and groups: two halves that make a name nobody has given yet.
PLACE_FIRST = _words(
    "Alder Amber Apple Ash Barley Birch Bramble Brindle Cherry Clover Copper Elder Fallow Fern Finch "
    "Garnet Hazel Heather Heron Holly Honey Juniper Kestrel Lark Linden Maple Merlin Otter Pebble Plum "
    "Quince Raven Rowan Russet Sable Sorrel Sparrow Swallow Swift Tansy Teal Thistle Wren Yarrow"
)
PLACE_SECOND = _words(
    "wick combe ridge holt mere field bourne hurst dale croft mead stow leigh brook worth gate ford lea "
    "shaw wold"
)
SAINTS = _words(
    "Aelfric Alphege Bede Botolph Brendan Cedd Chad Columba Cuthbert Dunstan Edburga Ethelwold Felix "
    "Guthlac Hilda Mildred Nectan Oswin Petroc Samson Sebbi Swithin Werburgh Wilfrid Winifred Wulfric"
)
# Names that real places or schools of the county bear.
TAKEN = frozenset(_words("Larkmead"))
