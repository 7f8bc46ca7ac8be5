import json

from odoo.modules import load_script
from odoo.tests import tagged
from odoo.tools import sql
from odoo.tools.misc import file_path

from ... import hooks
from ..common import BizunoLightCommon, migrate


@tagged("post_install", "-at_install")
class TestContactInstall(BizunoLightCommon):
    """The hooks on a database as they find it: contacts that know nothing of the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create([{"name": f"Old {i}"} for i in range(6)])
        cls.env.flush_all()
        cls.env.cr.execute("DROP INDEX res_partner_contact_id_unique")

    def _set(self, partner, **values):
        self.env.flush_all()
        for name, value in values.items():
            self.env.cr.execute(
                f"UPDATE res_partner SET {name} = %s WHERE id = %s",  # noqa: S608
                [value, partner.id],
            )
        partner.invalidate_recordset()

    def _install(self):
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE res_partner DROP account_status, DROP account_restriction, "
            "DROP contact_id_conflict, DROP role_branch"
        )
        hooks._contact_pre_init(self.env)
        self.env.invalidate_all()

    def test_duplicates_do_not_stop_the_installation_and_only_the_first_is_guarded(self):
        first, second, archived, blank, other_blank, _child = self.partners
        _child.parent_id = first
        for partner, ref in zip(self.partners, ("A1", " a1 ", "A1", "", "  ", "A1"), strict=True):
            self._set(partner, ref=ref)
        self._set(archived, active=False)
        self._install()
        self.assertEqual(
            self.partners.mapped("contact_id_conflict"), [False, True, True, False, False, False]
        )
        self.assertEqual(
            self.partners.mapped("ref"), ["A1", " a1 ", "A1", "", "  ", "A1"], "nothing is renamed"
        )
        # and with that the index can be made
        self.env["res.partner"]._table_objects["res_partner_contact_id_unique"].apply_to_database(
            self.env["res.partner"]
        )
        self.env.registry.finalize_constraints(self.env.cr)
        self.assertTrue(sql.index_exists(self.env.cr, "res_partner_contact_id_unique"))

    def test_the_active_holder_is_guarded_before_the_older_archived_one(self):
        old, new = self.partners[:2]
        self._set(old, ref="B1", active=False)
        self._set(new, ref="B1")
        self._install()
        self.assertTrue(old.contact_id_conflict)
        self.assertFalse(new.contact_id_conflict)

    def test_an_update_finds_those_that_the_old_comparison_took_for_different(self):
        """As after 19.0.1.0.1: some are flagged already, and none may stop the update."""
        first, flagged, wide, hidden, blank, long = self.partners
        for partner, ref in zip(
            self.partners,
            ("Q1", "q1", "\uff311", "Q\u200b1", "\u200b", "\ufdfa" * 600),
            strict=True,
        ):
            self._set(partner, ref=ref)
        self._set(flagged, contact_id_conflict=True)
        self.env.flush_all()
        hooks._contact_flag_conflicts(self.env)
        self.env.invalidate_all()
        self.assertEqual(
            self.partners.mapped("contact_id_conflict"), [False, True, True, True, False, False]
        )
        self.env["res.partner"]._table_objects["res_partner_contact_id_unique"].apply_to_database(
            self.env["res.partner"]
        )
        self.env.registry.finalize_constraints(self.env.cr)
        self.assertTrue(sql.index_exists(self.env.cr, "res_partner_contact_id_unique"))
        self.assertEqual(wide.contact_id_holder, "Q1")
        self.assertFalse(blank.contact_id_holder)
        self.assertEqual(hidden.contact_id_holder, first.ref)
        self.assertFalse(long.contact_id_shared)

    def test_status_is_filled_from_active(self):
        self._set(self.partners[0], active=False)
        self._install()
        self.assertEqual(self.partners[0].account_status, "inactive")
        self.assertEqual(self.partners[1].account_status, "active")

    def test_partners_of_branch_companies_become_branches(self):
        branch = self.env["res.company"].create(
            {"name": "Store 2", "parent_id": self.env.company.id}
        )
        self._install()
        self.assertTrue(branch.partner_id.role_branch)
        self.assertFalse(self.env.company.partner_id.role_branch)

    def test_customers_and_vendors_are_marked_by_their_ranks(self):
        self._set(self.partners[0], customer_rank=2)
        self._set(self.partners[1], supplier_rank=1)
        self._install()
        self.assertEqual(self.partners[0].role_names, "Customer")
        self.assertEqual(self.partners[1].role_names, "Vendor")

    def test_sequences_begin_above_the_numbers_in_use(self):
        sequence = self.env.ref("bizuno_crm.sequence_contact_customer")
        taken = sequence.number_next_actual + 40
        self._set(self.partners[0], ref=f"c{taken:05d}")
        self._set(self.partners[1], ref="C99999999999999")
        hooks._contact_start_sequences(self.env)
        sequence.invalidate_recordset()
        self.assertEqual(sequence.number_next_actual, taken + 1)

    def test_ship_to_addresses_are_offered_on_the_order(self):
        hooks._contact_post_init_features(self.env)
        self.assertTrue(self.users["rep"].has_group("account.group_delivery_invoice_address"))

    def test_an_update_gives_odoos_fields_the_labels_back_that_an_earlier_version_took(self):
        field = self.env["ir.model.fields"]._get("res.partner", "ref")
        was = {"en_US": "Reference", "de_DE": "Referenz"}
        parameters, key = self.env["ir.config_parameter"], "bizuno_crm.original_labels"
        parameters.set_param(
            key, json.dumps({"fields": [{"id": field.id, "field_description": was}], "models": []})
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_model_fields SET field_description = %s WHERE id = %s",
            [json.dumps({"en_US": "Reference", "de_DE": "Kontakt-ID"}), field.id],
        )
        migrate(self.env, "19.0.1.1.0/post-labels")
        self.env.cr.execute(
            "SELECT field_description FROM ir_model_fields WHERE id = %s", field.ids
        )
        self.assertEqual(self.env.cr.fetchone(), (was,))
        self.assertFalse(parameters.search([("key", "=", key)]))

    def test_an_update_keeps_the_records_whose_external_names_changed(self):
        """None of them comes twice: what the data files name now is what the database had."""
        path = file_path("bizuno_crm/migrations/19.0.1.1.0/pre-external_names.py")
        renamed = load_script(path, "bizuno_migration").RENAMED
        names = self.env["ir.model.data"].search([("module", "=", "bizuno_crm")])
        current = {data.name: data for data in names}
        kept = {old: current[new] for old, new in renamed.items() if not new.endswith("_demo")}
        self.assertFalse(set(renamed) & set(current))
        template = self.env.ref("bizuno_crm.report_import_run_document")
        for old, data in kept.items():
            data.name = old
        template.key = "bizuno_crm.report_bizuno_import_run"
        self.env.flush_all()
        migrate(self.env, "19.0.1.1.0/pre-external_names")
        self.assertEqual({data.name for data in kept.values()}, {renamed[old] for old in kept})
        self.assertEqual(template.key, "bizuno_crm.report_import_run_document")
