{
    "name": "Installed Base: Kits",
    "summary": "A delivered kit is one machine, made of the parts that were delivered",
    "version": "19.0.1.0.0",
    "category": "Services/After-Sales",
    "depends": ["installed_base", "mrp"],
    "author": "After-Sales Suite contributors",
    "license": "LGPL-3",
    "auto_install": True,
}
