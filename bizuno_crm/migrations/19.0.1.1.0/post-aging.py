from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """The page Aged Receivables has a row per customer now: favourites that search its documents go
    to the page of the documents."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    page = env.ref("bizuno_crm.bizuno_aged_customer_action")
    documents = env.ref("bizuno_crm.bizuno_aged_receivable_action_documents")
    favourites = (
        env["ir.filters"]
        .with_context(active_test=False)
        .search([("model_id", "=", "bizuno.aged.receivable"), ("action_id", "=", page.id)])
    )
    favourites.action_id = documents.id
