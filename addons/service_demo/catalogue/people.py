"""Who works where, as what, and what they can do. The login is the key, and the password too."""

# login: name, role, agency
STAFF = {
    "sophie": ("Sophie Garnier", "manager", "lyon"),
    "claire": ("Claire Mercier", "call_taker", "lyon"),
    "nadia": ("Nadia Benali", "call_taker", "lyon"),
    "julien": ("Julien Perrin", "dispatcher", "lyon"),
    "marion": ("Marion Fabre", "dispatcher", "grenoble"),
    "lucas": ("Lucas Rey", "dispatcher", "annecy"),
    "isabelle": ("Isabelle Moreau", "accountant", "lyon"),
    "philippe": ("Philippe Vidal", "sales_director", "lyon"),
    "hugo": ("Hugo Lambert", "technician", "lyon"),
    "karim": ("Karim Haddad", "technician", "lyon"),
    "thomas": ("Thomas Girard", "technician", "lyon"),
    "emma": ("Emma Roussel", "technician", "grenoble"),
    "paul": ("Paul Chevalier", "technician", "grenoble"),
    "antoine": ("Antoine Blanc", "technician", "grenoble"),
    "lea": ("Léa Fontaine", "technician", "annecy"),
    "mathis": ("Mathis Dupuis", "technician", "annecy"),
}

# role: job, groups
# role: the action that its people see first; after-sales roles have theirs by themselves
FIRST_SCREENS = {
    "accountant": "service_billing.service_request_action_to_invoice",
}

# technicians who look into Odoo's calendar
CALENDAR_USERS = ("emma", "lea")

ROLES = {
    "manager": (
        "Responsable du service après-vente",
        (
            "installed_base.group_service_manager",
            "sales_team.group_sale_salesman_all_leads",
            "stock.group_stock_user",
            "hr.group_hr_user",
        ),
    ),
    "call_taker": (
        "Chargée d'accueil technique",
        ("installed_base.group_service_user", "sales_team.group_sale_salesman"),
    ),
    "dispatcher": (
        "Planificateur",
        ("installed_base.group_service_dispatcher", "stock.group_stock_user"),
    ),
    "accountant": ("Comptable", ("account.group_account_user", "account.group_account_invoice")),
    "sales_director": (
        "Directeur commercial",
        ("installed_base.group_service_sales_director", "sales_team.group_sale_manager"),
    ),
    "technician": ("Technicien itinérant", ("installed_base.group_service_technician",)),
}

# key: code, (English, French, Chinese), family, competent people. Nobody masters hydraulics or
# covers: those requests wait in a queue.
COMPETENCES = {
    "heating": ("HEAT", ("Heating", "Chauffage", "供暖"), None, ()),
    "gas": (
        "GAS",
        ("Gas Burners", "Brûleurs gaz", "燃气燃烧器"),
        "heating",
        ("hugo", "emma", "lea"),
    ),
    "heat_pump": (
        "HP",
        ("Heat Pumps", "Pompes à chaleur", "热泵"),
        "heating",
        ("karim", "emma", "lea"),
    ),
    "hydraulics": ("HYD", ("Hydraulics", "Hydraulique", "水力系统"), "heating", ()),
    "pool": ("POOL", ("Pools", "Piscines", "泳池"), None, ()),
    "filtration": (
        "FILT",
        ("Filtration", "Filtration", "过滤"),
        "pool",
        ("thomas", "paul", "mathis"),
    ),
    "chemistry": (
        "CHEM",
        ("Water Chemistry", "Chimie de l'eau", "水质化学"),
        "pool",
        ("thomas", "mathis"),
    ),
    "cover": ("COVER", ("Covers", "Couvertures", "泳池盖"), "pool", ()),
    "electricity": ("ELEC", ("Electricity", "Électricité", "电气"), None, ("karim", "antoine")),
}

# key: code, (English, French, Chinese), competences, members, the first one manages, address
QUEUES = {
    "heating": (
        "HEAT",
        ("Heating Desk", "File chauffage", "供暖队列"),
        ("heating", "hydraulics", "gas"),
        ("sophie", "hugo", "emma", "lea", "antoine"),
        "chauffage",
    ),
    "pool": (
        "POOL",
        ("Pool Desk", "File piscine", "泳池队列"),
        ("pool", "cover", "chemistry"),
        ("sophie", "thomas", "paul", "mathis"),
        "piscine",
    ),
    "second_level": (
        "N2",
        ("Second Level", "Support niveau 2", "二线支持"),
        ("heat_pump", "electricity"),
        ("sophie", "karim", "antoine"),
        "niveau2",
    ),
}
