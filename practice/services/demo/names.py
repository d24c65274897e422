"""Names of people who do not exist."""

FIRST = (
    "Ada", "Aisha", "Alex", "Amir", "Ana", "Andre", "Asha", "Beatriz", "Ben", "Bruno", "Camille", "Carmen", "Chloé",
    "Clara", "Dalia", "David", "Delia", "Diego", "Elena", "Eli", "Emeka", "Emma", "Esther", "Farah", "Felix", "Fiona",
    "Gabriel", "Grace", "Hana", "Hassan", "Helen", "Hugo", "Imani", "Ines", "Isaac", "Ivy", "Jamal", "Jia", "Joana",
    "Joel", "Kai", "Karim", "Keiko", "Kofi", "Lara", "Leila", "Lena", "Liam", "Lin", "Lucas", "Luz", "Malik", "Mara",
    "Marco", "Mei", "Mila", "Mira", "Naomi", "Nadia", "Nico", "Noah", "Nora", "Olga", "Omar", "Paula", "Pedro",
    "Quinn", "Rania", "Ravi", "Rosa", "Ruth", "Sam", "Samira", "Selma", "Simon", "Sora", "Tara", "Theo", "Tomás",
    "Uma", "Vera", "Victor", "Wanda", "Wei", "Xenia", "Yara", "Yusuf", "Zoe",
)  # fmt: skip
LAST = (
    "Abbott", "Adeyemi", "Alvarez", "Andersen", "Bailey", "Banerjee", "Barros", "Bauer", "Becker", "Bello", "Bergman",
    "Blake", "Boateng", "Brandt", "Brooks", "Bui", "Campbell", "Cardoso", "Castro", "Chan", "Chen", "Clarke", "Cohen",
    "Costa", "Dalton", "Das", "Delgado", "Diallo", "Dixon", "Doyle", "Duarte", "Eriksen", "Farouk", "Fischer",
    "Flores", "Foster", "Fujita", "Garcia", "Ghosh", "Goldberg", "Gomez", "Grant", "Haddad", "Hall", "Hansen",
    "Hayes", "Herrera", "Hoang", "Hughes", "Ibrahim", "Ito", "Jansen", "Jensen", "Johnson", "Kaplan", "Kaur", "Keller",
    "Khan", "Kim", "Kowalski", "Kumar", "Larsen", "Lee", "Levy", "Lopez", "Martin", "Mbeki", "Mendes", "Meyer",
    "Mitchell", "Morales", "Moreau", "Murphy", "Nakamura", "Nguyen", "Novak", "O’Brien", "Okoye", "Olsen", "Ortiz",
    "Osei", "Park", "Patel", "Peters", "Pham", "Quist", "Ramos", "Reed", "Rivera", "Rossi", "Roy", "Sato", "Schmidt",
    "Shah", "Silva", "Singh", "Sousa", "Stern", "Suzuki", "Tanaka", "Torres", "Turner", "Vargas", "Vega", "Walker",
    "Wang", "Weber", "Wong", "Wright", "Yamada", "Young", "Zhang",
)  # fmt: skip
CHOSEN = ("Ash", "Bee", "Jo", "Max", "Rio", "Robin", "Sky", "Sunny", "Teddy", "Win")
NOTES = (
    "Prefers the quieter room.",
    "Likes a reminder of the door code.",
    "Uses the step-free entrance.",
    "Prefers to be called by the chosen name at the desk.",
    "Comes with a support dog.",
)
ZONES = ("America/Chicago", "America/Los_Angeles", "America/Denver", "Europe/London")
AREA_CODES = (212, 332, 347, 646, 718, 917, 929)
