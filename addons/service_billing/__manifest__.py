{
    "name": "Service Billing",
    "summary": "Who pays: invoices of what requests consumed",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "depends": ["service_request", "sale_stock", "purchase", "hr_hourly_cost"],
    "data": [
        "security/service_billing_groups.xml",
        "security/ir.model.access.csv",
        "views/service_request_views.xml",
        "views/service_consumption_views.xml",
        "views/account_move_views.xml",
        "views/res_config_settings_views.xml",
        "views/service_billing_menus.xml",
    ],
    "assets": {
        "web.assets_tests": ["service_billing/static/tests/tours/**/*"],
    },
    "author": "After-Sales Suite contributors",
    "license": "LGPL-3",
    "application": True,
}
