{
    "name": "Service Requests: Opportunities",
    "summary": "An opportunity out of a request, and a request out of an opportunity",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "depends": ["service_request", "crm"],
    "data": [
        "views/crm_lead_views.xml",
        "views/service_request_views.xml",
    ],
    "author": "After-Sales Suite contributors",
    "license": "LGPL-3",
    "auto_install": True,
}
