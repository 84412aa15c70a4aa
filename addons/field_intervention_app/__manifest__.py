{
    "name": "Field Interventions: Offline App",
    "summary": "The technician's app, which works without a network",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "depends": ["field_intervention"],
    "data": [
        "security/ir.model.access.csv",
        "security/field_intervention_app_security.xml",
        "views/service_field_command_views.xml",
        "views/service_field_device_views.xml",
        "views/res_config_settings_views.xml",
        "views/field_intervention_app_templates.xml",
        "views/field_intervention_app_menus.xml",
    ],
    "assets": {
        # the app stands alone: OWL and what it needs, nothing of the web client's services
        "field_intervention_app.assets_app": [
            "web/static/src/module_loader.js",
            "web/static/lib/owl/owl.js",
            "web/static/lib/owl/odoo_module.js",
            "web/static/src/core/template_inheritance.js",
            "web/static/src/core/templates.js",
            "web/static/src/core/barcode/ZXingBarcodeDetector.js",
            "web/static/lib/signature_pad/signature_pad.umd.js",
            "web/static/src/libs/fontawesome/css/font-awesome.css",
            "field_intervention_app/static/lib/idb/idb.umd.js",
            "field_intervention_app/static/src/app/**/*",
        ],
        "web.assets_unit_tests": [
            "field_intervention_app/static/src/app/model.js",
            "field_intervention_app/static/tests/**/*.test.js",
        ],
    },
    "author": "After-Sales Suite contributors",
    "license": "LGPL-3",
}
