{
    "name": "Installed Base: Internal Maintenance",
    "summary": "A machine of the installed base is also equipment of Odoo's own maintenance",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "depends": ["installed_base", "maintenance"],
    "data": [
        "views/maintenance_equipment_views.xml",
        "views/service_equipment_views.xml",
    ],
    "author": "After-Sales Suite contributors",
    "license": "LGPL-3",
    "auto_install": True,
}
