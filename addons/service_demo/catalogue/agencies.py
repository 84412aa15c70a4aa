"""The company, its agencies and the areas that they look after."""

COMPANY = {
    "name": "Thermalp & Bleu",
    "street": "14 rue de l'Industrie",
    "zip": "69007",
    "city": "Lyon",
    "phone": "+33 4 78 00 14 14",
    "email": "contact@thermalp-bleu.example.com",
}

# key: name, code, street, zip, city, phone, open on Saturday morning
AGENCIES = {
    "lyon": ("Lyon", "LYO", "14 rue de l'Industrie", "69007", "Lyon", "+33 4 78 00 14 14", False),
    "grenoble": (
        "Grenoble",
        "GRE",
        "8 avenue de l'Île Verte",
        "38000",
        "Grenoble",
        "+33 4 76 00 08 08",
        False,
    ),
    "annecy": (
        "Annecy",
        "ANN",
        "21 route de Thônes",
        "74000",
        "Annecy",
        "+33 4 50 00 21 21",
        True,
    ),
}

# key: name, code, agency, family, rules: a zip prefix, or the first and the last zip of a range
SECTORS = {
    "rhone": ("Rhône", "69", "lyon", None, ["69"]),
    "lyon_city": ("Lyon Centre", "69-L", "lyon", "rhone", [("69001", "69009")]),
    "loire": ("Loire", "42", "lyon", None, ["42"]),
    "ain": ("Ain", "01", "lyon", None, ["01"]),
    "gex": ("Pays de Gex", "01-G", "annecy", "ain", [("01170", "01220")]),
    "isere": ("Isère", "38", "grenoble", None, ["38"]),
    "vienne": ("Vienne et Nord-Isère", "38-N", "lyon", "isere", [("38200", "38209"), "383"]),
    "savoie": ("Savoie", "73", "grenoble", None, ["73"]),
    "tarentaise": ("Tarentaise", "73-T", "annecy", "savoie", ["732", "737"]),
    "haute_savoie": ("Haute-Savoie", "74", "annecy", None, ["74"]),
}
