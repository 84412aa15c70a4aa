def post_init_hook(env):
    """Give every company the agency that its requests need."""
    env["res.company"].search([])._create_default_agency()
