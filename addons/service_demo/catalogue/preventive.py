"""What must be done regularly, and with which tools. Names are English, French, Chinese."""

# key: names, instruction (the same three) or None, unit with the least and the most good value,
# mandatory, hours
OPERATIONS = {
    "tightness": (
        ("Check the gas tightness", "Contrôler l'étanchéité gaz", "检查燃气密封性"),
        (
            "Spray all joints; no bubble may appear.",
            "Pulvériser tous les raccords ; aucune bulle ne doit apparaître.",
            "在所有接头喷涂检漏液，不得出现气泡。",
        ),
        None,
        True,
        0.25,
    ),
    "combustion": (
        (
            "Carbon monoxide in the flue gas",
            "Monoxyde de carbone dans les fumées",
            "烟气中的一氧化碳",
        ),
        (
            "Measure at full power, after ten minutes.",
            "Mesurer à pleine puissance, après dix minutes.",
            "满负荷运行十分钟后测量。",
        ),
        ("ppm", 0, 50),
        True,
        0.25,
    ),
    "gas_pressure": (
        ("Gas pressure at the inlet", "Pression gaz à l'entrée", "进口燃气压力"),
        None,
        ("mbar", 17, 25),
        True,
        0.1,
    ),
    "clean_burner": (
        ("Clean the burner", "Nettoyer le brûleur", "清洁燃烧器"),
        None,
        None,
        False,
        0.4,
    ),
    "water_pressure": (
        ("Water pressure, cold", "Pression d'eau à froid", "冷态水压"),
        None,
        ("bar", 1.0, 2.0),
        False,
        0.1,
    ),
    "refrigerant": (
        (
            "Search for refrigerant leaks",
            "Rechercher les fuites de fluide frigorigène",
            "检查制冷剂泄漏",
        ),
        (
            "With the detector, along all brazed joints; required by law.",
            "Au détecteur, le long de toutes les brasures ; obligation légale.",
            "用检漏仪沿所有钎焊接头检查；法规要求。",
        ),
        None,
        True,
        0.5,
    ),
    "superheat": (
        ("Superheat of the compressor", "Surchauffe au compresseur", "压缩机过热度"),
        None,
        ("K", 5, 10),
        True,
        0.25,
    ),
    "filter_pressure": (
        ("Pressure of the clean filter", "Pression du filtre propre", "清洁过滤器压力"),
        None,
        ("bar", 0.4, 0.9),
        False,
        0.25,
    ),
    "ph": (("pH of the water", "pH de l'eau", "水的 pH 值"), None, ("pH", 6.9, 7.7), True, 0.1),
    "pool_start": (
        ("Put the filtration into service", "Remettre la filtration en service", "启动过滤系统"),
        None,
        None,
        True,
        0.75,
    ),
}

# key: names, what it is for, when it is due, (hours, competence, what it creates), operations,
# parts
PLANS = {
    "wall_boiler": (
        (
            "Yearly Upkeep of Wall Boilers",
            "Entretien annuel des chaudières murales",
            "壁挂炉年度保养",
        ),
        {"product": "wall_boiler"},
        {
            "trigger": "interval",
            "interval": 1,
            "interval_unit": "year",
            "is_regulatory": True,
            "lead_days": 45,
        },
        (1.25, "gas", "request_intervention"),
        ("tightness", "combustion", "gas_pressure", "clean_burner", "water_pressure"),
        {"gasket": 1, "electrode": 1},
    ),
    "pool_opening": (
        ("Opening of Pools in Spring", "Mise en route des piscines au printemps", "春季泳池启用"),
        {"product": "filter", "template": "pool_season"},
        {
            "trigger": "fixed_date",
            "interval": 1,
            "interval_unit": "year",
            "season": "3,4,5",
        },
        (2, "filtration", "request_intervention"),
        ("pool_start", "filter_pressure", "ph"),
        {},
    ),
    "heat_pump": (
        (
            "Heat Pumps Every 2,000 Hours",
            "Pompes à chaleur toutes les 2 000 heures",
            "热泵每 2000 小时保养",
        ),
        {"product": "heat_pump"},
        {"trigger": "meter", "meter": "hours", "meter_step": 2000},
        (1.5, "heat_pump", "intervention"),
        ("refrigerant", "superheat"),
        {"drier": 1},
    ),
    "burner": (
        (
            "Burners Yearly or Every 10,000 Cycles",
            "Brûleurs chaque année ou tous les 10 000 cycles",
            "燃烧器每年或每 10000 次循环",
        ),
        {"product": "burner"},
        {
            "trigger": "interval_or_meter",
            "interval": 1,
            "interval_unit": "year",
            "meter": "cycles",
            "meter_step": 10000,
        },
        (1.5, "gas", "request_intervention"),
        ("combustion", "gas_pressure", "clean_burner"),
        {"nozzle": 2},
    ),
    "hotel": (
        (
            "Quarterly Round of the Boiler Room",
            "Tournée trimestrielle de la chaufferie",
            "锅炉房季度巡检",
        ),
        {"product": "floor_boiler", "contract": "hotel_lac"},
        {"trigger": "interval", "interval": 3, "interval_unit": "month", "since": -5},
        (1, "gas", "request"),
        ("water_pressure",),
        {},
    ),
}

# key: name, number, agency, good for so many days, what it is needed for
TOOLS = {
    "analyser_lyon": ("Analyseur de combustion", "AC-2207", "lyon", 160, "gas"),
    "analyser_grenoble": ("Analyseur de combustion", "AC-1954", "grenoble", 75, "gas"),
    "detector": ("Détecteur de fuites de fluide", "DF-0118", "lyon", 12, "heat_pump"),
    "recovery": ("Station de récupération", "SR-5530", "annecy", 240, "heat_pump"),
    "camera": ("Caméra thermique", "CT-0042", "lyon", -9, None),
}

# name of the lent machine, product, due in days, what became of the loan
LOANS = (
    ("PRET-RB-01", "robot", 9, "lent"),
    ("PRET-RB-02", "robot", -2, "lent"),
    ("PRET-RB-03", "robot", 20, "draft"),
)

# part, how many at least and at most are in the van
VAN_RULES = (("electrode", 4, 8), ("flame_sensor", 3, 6), ("gasket", 20, 30))
