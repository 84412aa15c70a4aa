"""Machines, what they are made of, and what is sold around them.

Names are English, French, Chinese.
"""

# key: name, is a principal that orders service for its customers
SUPPLIERS = {
    "rhenania": ("Rhénania Chaudières", True),
    "nordheat": ("Nordheat Pompes à Chaleur", False),
    "thermoflux": ("Thermoflux Brûleurs et Pompes", False),
    "aquatec": ("Aquatec Piscines", True),
    "lagon": ("Lagon Bleu Équipements", False),
    "pieces": ("Pièces & Chauffage Distribution", False),
}

# key: name, parent; Odoo does not translate the names of categories and of properties
CATEGORIES = {
    "heating": ("Chauffage", None),
    "pools": ("Piscines", None),
    "parts": ("Pièces détachées", None),
    "wear": ("Pièces d'usure", "parts"),
    "services": ("Services après-vente", None),
}

# key: reference, names, category, price, cost, tracking, supplier, its warranty in months, our
# warranty, competence, components as (part, quantity, position)
MACHINES = {
    "wall_boiler": (
        "CM-24",
        ("Wall Boiler 24 kW", "Chaudière murale 24 kW", "24 千瓦壁挂炉"),
        "heating",
        2490,
        1420,
        "serial",
        "rhenania",
        24,
        "full",
        "gas",
        [
            ("electrode", 1, "B1"),
            ("flame_sensor", 1, "B2"),
            ("gas_valve", 1, "G1"),
            ("fan", 1, "F1"),
            ("board", 1, "E1"),
            ("vessel", 1, "H1"),
        ],
    ),
    "floor_boiler": (
        "CS-90",
        (
            "Condensing Floor Boiler 90 kW",
            "Chaudière sol à condensation 90 kW",
            "90 千瓦冷凝落地锅炉",
        ),
        "heating",
        9850,
        6100,
        "serial",
        "rhenania",
        24,
        "no_wear",
        "gas",
        [
            ("exchanger", 1, "H1"),
            ("board", 1, "E1"),
            ("safety_valve", 2, "H2"),
            ("gasket", 1, "B3"),
            ("flame_sensor", 1, "B2"),
        ],
    ),
    "heat_pump": (
        "PAC-11",
        ("Air/Water Heat Pump 11 kW", "Pompe à chaleur air/eau 11 kW", "11 千瓦空气源热泵"),
        "heating",
        8700,
        5200,
        "serial",
        "nordheat",
        36,
        "commissioned",
        "heat_pump",
        [
            ("compressor", 1, "C1"),
            ("expansion_valve", 1, "C2"),
            ("drier", 1, "C3"),
            ("board", 1, "E1"),
            ("fan", 1, "F1"),
        ],
    ),
    "tank": (
        "BEC-300",
        ("Hot-Water Tank 300 l", "Ballon d'eau chaude 300 l", "300 升热水箱"),
        "heating",
        1890,
        980,
        "serial",
        "rhenania",
        24,
        "full",
        "hydraulics",
        [
            ("anode", 1, "T1"),
            ("heater", 1, "T2"),
            ("thermostat", 1, "T3"),
            ("safety_valve", 1, "T4"),
        ],
    ),
    "burner": (
        "BR-120",
        ("Gas Burner 120 kW", "Brûleur gaz 120 kW", "120 千瓦燃气燃烧器"),
        "heating",
        3150,
        1900,
        "serial",
        "thermoflux",
        12,
        "parts",
        "gas",
        [
            ("electrode", 1, "B1"),
            ("nozzle", 2, "B4"),
            ("motor", 1, "M1"),
            ("gas_valve", 1, "G1"),
            ("gasket", 1, "B3"),
        ],
    ),
    "pump": (
        "CIR-32",
        ("Circulation Pump DN32", "Circulateur DN32", "DN32 循环泵"),
        "heating",
        420,
        210,
        "none",
        "thermoflux",
        12,
        "parts",
        "hydraulics",
        [("seal", 1, "M2"), ("motor", 1, "M1"), ("gauge", 1, "P1")],
    ),
    "filter": (
        "FS-600",
        ("Pool Filter 600 mm", "Filtre à sable 600 mm", "600 毫米泳池过滤器"),
        "pools",
        890,
        430,
        "serial",
        "aquatec",
        24,
        "no_wear",
        "filtration",
        [("media", 6, "F1"), ("multiport", 1, "V1"), ("gauge", 1, "P1")],
    ),
    "electrolyser": (
        "SEL-80",
        ("Salt Electrolyser 80 m³", "Électrolyseur au sel 80 m³", "80 立方米盐电解机"),
        "pools",
        1680,
        850,
        "serial",
        "aquatec",
        24,
        "no_wear",
        "chemistry",
        [("cell", 1, "S1"), ("ph_probe", 1, "S2"), ("board", 1, "E1"), ("tube", 1, "D1")],
    ),
    "robot": (
        "RB-5",
        ("Pool Robot", "Robot de piscine", "泳池清洁机器人"),
        "pools",
        1390,
        720,
        "serial",
        "lagon",
        24,
        "full",
        "filtration",
        [("brush", 2, "R1"), ("belt", 2, "R2"), ("robot_motor", 1, "R3")],
    ),
    "pool_heat_pump": (
        "PPC-14",
        ("Pool Heat Pump 14 kW", "Pompe à chaleur piscine 14 kW", "14 千瓦泳池热泵"),
        "pools",
        3650,
        2050,
        "serial",
        "nordheat",
        36,
        "commissioned",
        "heat_pump",
        [("compressor", 1, "C1"), ("fan", 1, "F1"), ("drier", 1, "C3"), ("exchanger", 1, "H1")],
    ),
    "cover": (
        "VOL-10",
        ("Automatic Pool Cover 10 × 5 m", "Volet automatique 10 × 5 m", "10 × 5 米自动泳池盖"),
        "pools",
        7900,
        4600,
        "serial",
        "lagon",
        24,
        "full",
        "cover",
        [("cover_motor", 1, "M1"), ("limit_switch", 2, "L1"), ("slats", 10, "L2")],
    ),
    "dosing": (
        "DOS-2",
        ("Chemical Dosing Unit", "Station de dosage", "化学加药装置"),
        "pools",
        980,
        500,
        "lot",
        "aquatec",
        12,
        "parts",
        "chemistry",
        [
            ("ph_probe", 1, "D2"),
            ("orp_probe", 1, "D3"),
            ("tube", 2, "D1"),
            ("dosing_head", 2, "D4"),
        ],
    ),
}

# category: what its machines are described by, as Odoo defines properties
PROPERTIES = {
    "heating": [
        {"name": "power", "string": "Puissance (kW)", "type": "float"},
        {
            "name": "energy",
            "string": "Énergie",
            "type": "selection",
            "selection": [["gas", "Gaz"], ["electricity", "Électricité"]],
        },
    ],
    "pools": [
        {"name": "indoor", "string": "Piscine intérieure", "type": "boolean"},
        {"name": "basin", "string": "Bassin (m³)", "type": "float"},
    ],
}

# machine: the values of these
DESCRIPTIONS = {
    "wall_boiler": {"power": 24, "energy": "gas"},
    "floor_boiler": {"power": 90, "energy": "gas"},
    "burner": {"power": 120, "energy": "gas"},
    "heat_pump": {"power": 11, "energy": "electricity"},
    "tank": {"power": 3, "energy": "electricity"},
    "filter": {"indoor": False, "basin": 60},
    "electrolyser": {"indoor": False, "basin": 80},
    "dosing": {"indoor": True, "basin": 120},
}

# what a whole technical room is recorded as
SYSTEMS = {
    "boiler_room": ("SYS-CH", ("Boiler Room", "Chaufferie", "锅炉房")),
    "pool_room": ("SYS-PI", ("Pool Technical Room", "Local technique piscine", "泳池机房")),
}

# key: reference, names, price, unit
SERVICES = {
    "labor": ("MO", ("Labour", "Main-d'œuvre", "工时"), 68, "uom.product_uom_hour"),
    "labor_night": (
        "MO-N",
        ("Labour, nights and Sundays", "Main-d'œuvre nuit et dimanche", "夜间及周日工时"),
        102,
        "uom.product_uom_hour",
    ),
    "travel": ("DEP", ("Travel", "Déplacement", "差旅"), 45, "uom.product_uom_unit"),
    "travel_mountain": (
        "DEP-M",
        ("Travel, mountain zone", "Déplacement zone montagne", "山区差旅"),
        75,
        "uom.product_uom_unit",
    ),
    "subcontracted": (
        "ST",
        ("Subcontracted Work", "Travaux sous-traités", "外包作业"),
        85,
        "uom.product_uom_hour",
    ),
}
