"""The files that a browser loads."""


def make(env):
    """Make them once, as Odoo does before its own browser tests: what a test makes is gone after
    it, and the next one would make it again."""
    env["ir.qweb"]._pregenerate_assets_bundles()
    env.cr.commit()
