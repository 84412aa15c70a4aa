"""What can be promised. Names are English, French, Chinese."""

# key: names, kind, duration in months, what starts it, price a year
TEMPLATES = {
    "full": (
        ("Warranty 24 Months, All Included", "Garantie 24 mois totale", "24 个月全保"),
        "warranty",
        24,
        "delivery",
        0,
    ),
    "commissioned": (
        (
            "Warranty 24 Months from Commissioning",
            "Garantie 24 mois dès mise en service",
            "自调试起 24 个月保修",
        ),
        "warranty",
        24,
        "commissioning",
        0,
    ),
    "parts": (
        ("Warranty 12 Months, Parts Only", "Garantie 12 mois pièces", "12 个月零件保修"),
        "warranty",
        12,
        "delivery",
        0,
    ),
    "no_wear": (
        (
            "Warranty 24 Months, Wear Parts Excluded",
            "Garantie 24 mois hors pièces d'usure",
            "24 个月保修，易损件除外",
        ),
        "warranty",
        24,
        "delivery",
        0,
    ),
    "serenity": (
        ("Serenity, Full Cover", "Sérénité, tout compris", "安心全包"),
        "maintenance",
        12,
        "delivery",
        690,
    ),
    "basic": (
        ("Basic, Labour and Travel", "Basic, main-d'œuvre et déplacements", "基础：工时与差旅"),
        "maintenance",
        12,
        "delivery",
        290,
    ),
    "pool_season": (("Pool Season", "Saison piscine", "泳池季"), "maintenance", 8, "delivery", 450),
    "campsite": (
        ("Campsite Agreement", "Accord camping", "营地协议"),
        "maintenance",
        24,
        "delivery",
        1900,
    ),
    "hours": (
        ("Plant by the Hour", "Chaufferie à l'heure", "按运行小时计费"),
        "maintenance",
        12,
        "delivery",
        1200,
    ),
    "points": (
        ("Points Card, 20 Points", "Carnet de 20 points", "20 积分卡"),
        "points",
        24,
        "delivery",
        980,
    ),
}

# templates sold as a service: product reference
SOLD = {
    "serenity": "CTR-SER",
    "basic": "CTR-BAS",
    "pool_season": "CTR-PIS",
    "hours": "CTR-HEU",
    "points": "CTR-PTS",
}
