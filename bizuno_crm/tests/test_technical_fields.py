from lxml import etree
from odoo.tests import TransactionCase, tagged

# What Odoo's menu "Custom Group" offers (search_bar_menu.js).
GROUPABLE = {"boolean", "char", "date", "datetime", "integer", "many2one", "many2many", "selection"}
# Shown by widgets or on cards of our own, or in no view at all, but with a meaning for people.
MEANINGFUL = {
    "res.partner": {
        "role_branch", "role_employee", "role_project", "role_user", "role_vendor",
        "newsletter_date", "newsletter_source", "contact_id_holder",
    },
    "bizuno.aged.receivable": {"account_id", "invoice_date", "move_id"},
    "bizuno.aged.payable": {"account_id", "invoice_date", "move_id", "user_id"},
    "bizuno.aged.vendor": {"user_id"},
    "bizuno.vendor.history": {"user_id"},
    "bizuno.credit.approval": {"orderer_id"},
    "bizuno.project.analysis": {"date_created"},
    "bizuno.contact.log": {"commercial_partner_id", "date_entered"},
    "bizuno.customer.history": {"user_id"},
    "bizuno.project": {"date_last_stage_update"},
    "bizuno.promo.history": {"end_reason"},
    "bizuno.promo.recipient": {"company_id", "history_id"},
    "bizuno.statement.mailing": {"company_ids"},
    "bizuno.statement.mailing.line": {"company_id", "mailing_id"},
    "mail.activity": {"bizuno_reminder_id"},
    "mailing.mailing": {"bizuno_promo_history_id"},
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestTechnicalFields(TransactionCase):
    """What people are offered to filter and group by is what they see somewhere."""

    def _our_fields(self):
        """Yields (model, field's name) of the fields that only the addon has."""
        data = self.env["ir.model.data"].search([("model", "=", "ir.model.fields")])
        modules = {}
        for one in data:
            modules.setdefault(one.res_id, set()).add(one.module)
        ours = [res_id for res_id, names in modules.items() if names == {"bizuno_crm"}]
        for field in self.env["ir.model.fields"].browse(ours):
            model = self.env.get(field.model)
            if model is not None and not model._transient and not model._abstract:
                yield field.model, field.name

    def _shown(self):
        """:return: {model: text of all that a view shows to somebody}"""
        shown = {}

        def look(node, model):
            for child in node:
                name = child.get("name") or ""
                if child.tag in ("field", "filter") and not (
                    {child.get("invisible"), child.get("column_invisible")} & {"1", "True"}
                ):
                    texts = (name, child.get("domain") or "", child.get("context") or "")
                    shown[model] = " ".join((shown.get(model, ""), *texts))
                field = self.env[model]._fields.get(name) if child.tag == "field" else None
                look(child, field.comodel_name if field and field.relational else model)

        for view in self.env["ir.ui.view"].search([("type", "!=", "qweb")]):
            if view.model in self.env:
                look(etree.fromstring(f"<odoo>{view.arch.split('?>')[-1]}</odoo>"), view.model)
        # settings show fields of the company, logins those of their contact
        shown["res.company"] += shown["res.config.settings"]
        shown["res.users"] += shown["res.partner"]
        return shown

    def test_no_technical_field_is_offered(self):
        shown = self._shown()
        inherited = (
            self.env["mail.thread"]._fields.keys() | self.env["mail.activity.mixin"]._fields.keys()
        )
        inherited |= {"create_uid", "write_uid", "create_date", "write_date", "id", "display_name"}
        offered = []
        for model, name in self._our_fields():
            info = self.env[model].fields_get([name]).get(name)
            if (
                model not in shown  # no page has it
                or name in inherited
                or not (info and info.get("groupable") and info["type"] in GROUPABLE)
            ):
                continue
            same = "res.partner" if model == "res.users" else model
            if name not in shown[model] and name not in MEANINGFUL.get(same, ()):
                offered.append(f"{model}.{name}")
        self.assertEqual(sorted(offered), [])

    def test_what_is_withheld_can_still_be_searched(self):
        partner = self.env["res.partner"].create({"name": "Somebody"})
        for model, name in (
            ("res.partner", "contact_id_conflict"), ("res.users", "tax_exempt_warned"),
            ("res.company", "contact_limit_undecided"),
            ("bizuno.promo.recipient", "send_state"), ("bizuno.credit.wait", "order_state"),
        ):  # fmt: skip
            info = self.env[model].fields_get([name])[name]
            self.assertFalse(info["searchable"] or info["groupable"] or info["sortable"], name)
            self.env[model].search([(name, "=", False)])
            self.env[model].formatted_read_group([], [], ["__count"])
        self.assertTrue(self.env["res.partner"].fields_get(["ref"])["ref"]["groupable"])
        self.assertTrue(partner.search([("contact_id_conflict", "=", False)], limit=1))
