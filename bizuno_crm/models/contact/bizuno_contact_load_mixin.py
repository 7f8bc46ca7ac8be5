from odoo import api, models
from odoo.tools import SQL

from ...logic import contact_id
from .bizuno_contact_id_mixin import KEY, TOP_LEVEL

# An empty cell says nothing about these: a new customer has the settings', a known one its own.
_NOT_EMPTIED = (
    "bizuno_terms", "credit_limit", "default_tax_id", "property_income_account_id",
    "property_payment_term_id", "property_product_pricelist",
)  # fmt: skip


class _Loaded(dict):
    """The rows that one call of `load` has brought, by Contact ID."""


class BizunoContactLoadMixin(models.AbstractModel):
    """Which contact a row of a file brings up to date: the Contact ID finds it."""

    _name = "bizuno.contact.load.mixin"
    _description = "Contact Loaded by Its Contact ID"

    @api.model
    def load(self, fields, data):
        """As Odoo's. A row without External ID or Database ID that has the Contact ID of one
        contact updates that contact, an archived one, too."""
        records = self.with_context(contact_rows=_Loaded())
        return super(BizunoContactLoadMixin, records).load(fields, data)

    def _load_records(self, data_list, update=False):
        rows = self.env.context.get("contact_rows")
        if isinstance(rows, _Loaded):
            wanted = {}
            for data in data_list:
                vals = data["values"]
                for name in _NOT_EMPTIED:
                    if name in vals and (vals[name] is False or vals[name] is None):
                        del vals[name]
                # People and addresses of a company may have its Contact ID, or any.
                if data.get("xml_id") or vals.get("id") or vals.get("parent_id"):
                    continue
                key = contact_id.key(vals.get("ref"))
                # Twice in one file is a mistake: the second one is told that the ID is taken.
                if key and rows.setdefault(key, vals) is vals:
                    wanted[key] = vals
            for key, id_ in self._find_contacts_to_update(wanted).items():
                wanted[key]["id"] = id_
                # What finds a contact does not change it: "c-17" leaves "C-17" as it is on paper.
                del wanted[key]["ref"]
        return super()._load_records(data_list, update)

    @api.model
    def _find_contacts_to_update(self, contact_ids):
        """
        :param contact_ids: as `logic.contact_id.key` gives them
        :return: {the same: id}, of those that the user may see; who may not is told that the ID is
            taken, and where several contacts share one it finds none of them
        """
        if not contact_ids:
            return {}
        self.flush_model(["ref", "parent_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT %(key)s, MIN(id) FROM res_partner WHERE %(top_level)s "
                "AND %(key)s IN (%(given)s) GROUP BY 1 HAVING COUNT(*) = 1",
                key=SQL(KEY),
                top_level=SQL(TOP_LEVEL),
                given=self._keys_of_texts(list(contact_ids)),
            )
        )
        visible = set(
            self.browse([id_ for _key, id_ in rows])
            .with_context(active_test=False)
            ._filtered_access("read")
            .ids
        )
        return {key: id_ for key, id_ in rows if id_ in visible}

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Import Template for Customers"),
                "template": "/bizuno_crm/static/import/customers.xlsx",
            },
            *super().get_import_templates(),
        ]
