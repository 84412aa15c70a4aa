{
    "name": "After-Sales Demo Data",
    "summary": "A heating and pool company with three agencies, to look around in",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "depends": ["field_intervention_app", "service_billing", "sale_management"],
    "demo": ["demo/service_demo.xml"],
    "author": "After-Sales Suite contributors",
    "license": "LGPL-3",
}
