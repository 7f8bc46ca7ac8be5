import math

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import BizunoCommon
from .test_rights_rpc import Hostile

# Stored fields of ours that follow from others until somebody enters another value.
EDITABLE = {
    "bizuno.project": {"date_assigned", "date_closed", "probability"},
    "bizuno.reminder": {"date_next"},
    "res.partner": {"account_status"},
}


@tagged("post_install", "-at_install")
class TestComputedFields(Hostile):
    """Decisions read stored fields that Odoo computes, and a remote call may write any field."""

    def setUp(self):
        super().setUp()
        self.manager = self.users["bizuno_manager"]
        mailing = self.env["bizuno.statement.mailing"].sudo().create({
            "date": "2025-01-01", "user_id": self.manager.id, "company_id": self.env.company.id,
            "company_ids": [Command.set(self.env.company.ids)],
        })  # fmt: skip
        line = self.env["bizuno.statement.mailing.line"].sudo().create(
            {"mailing_id": mailing.id, "partner_id": self.customer.id}
        )  # fmt: skip
        self.mine = {**self.mine, mailing._name: mailing.id, line._name: line.id}

    def _computed(self):
        """:return: the stored fields that are computed, of all models, and that are ours alone"""
        for model in self.env.registry.values():
            if model._abstract or model._transient or not model._auto:
                continue
            for field in self.env[model._name]._fields.values():
                if field._modules == ("bizuno_crm",) and field.store and field.compute:
                    yield model._name, field

    def _other_value(self, record, field):
        value = record[field.name]
        match field.type:
            case "boolean":
                return not value
            case "date":
                return "2001-02-03"
            case "datetime":
                return "2001-02-03 04:05:06"
            case "selection":
                choices = [key for key, _label in field._description_selection(self.env)]
                return next(key for key in choices if key != value)
            case "many2one":
                return self.env[field.comodel_name].search([("id", "!=", value.id)], limit=1).id
            case "integer" | "float" | "monetary":
                return (value or 0) + 7
        return "Something else"

    def test_which_computed_fields_people_may_enter(self):
        found = {}
        for model, field in self._computed():
            if not field.readonly or field.inverse:
                found.setdefault(model, set()).add(field.name)
        self.assertEqual(found, EDITABLE)

    def test_what_follows_from_others_cannot_be_written(self):
        tried = 0
        for model, field in self._computed():
            if field.name in EDITABLE.get(model, ()):
                continue
            record = self.env[model].browse(self.mine.get(model)).with_user(self.manager)
            self.assertTrue(record.id, f"{model}.{field.name}: no record to try it on")
            before = record.sudo()[field.name]
            value = self._other_value(record.sudo(), field)
            try:
                with self.env.cr.savepoint():
                    record.write({field.name: value})
                    self.env.flush_all()
                    self.env.invalidate_all()
                    self.assertEqual(record.sudo()[field.name], before, f"{model}.{field.name}")
            except UserError:
                self.env.invalidate_all()
            with self.assertRaises(UserError, msg=f"{model}.{field.name}"):
                with self.env.cr.savepoint():
                    self.env[model].with_user(self.manager).create({field.name: value})
            tried += 1
        self.assertGreater(tried, 3)

    def test_a_project_is_closed_by_its_stage_alone(self):
        rep = self.env["bizuno.project"].with_user(self.users["rep"])
        closed = {"is_closed": True, "outcome": "no_opportunity"}
        project = rep.create({"name": "Job"})
        for refused in (
            lambda: project.write(closed),
            lambda: project.write({"outcome": "won"}),
            lambda: rep.create({"name": "New", **closed}),
            lambda: project.web_save({"is_closed": True}, {}),
        ):
            with self.assertRaisesRegex(AccessError, "system calculates it"):
                refused()
        forged = rep.with_context(default_is_closed=True, default_outcome="won")
        self.assertFalse(forged.create({"name": "By default"}).is_closed)
        [result] = [rep.load(["name", "outcome"], [["Imported", "won"]])]
        self.assertFalse(result["ids"])
        self.assertIn("system calculates it", str(result["messages"]))
        # the same values again are no change: a form or an export that comes back
        project.write({"name": "Other", "is_closed": False, "outcome": False})
        stage = self.env["bizuno.project.stage"].search([("closing_outcome", "=", "won")], limit=1)
        project.stage_id = stage
        self.assertEqual((project.is_closed, project.outcome), (True, "won"))


@tagged("post_install", "-at_install")
class TestHiddenTargets(BizunoCommon):
    """Own Contacts Only: nobody makes a record about a customer whom he may not see."""

    def test_no_record_of_ours_is_made_about_a_hidden_customer(self):
        owner = self.users["sales_manager"]
        hidden = self._create_customer("Hidden", user_id=owner.id)
        own = new_test_user(
            self.env,
            "guards_own",
            "sales_team.group_sale_salesman_all_leads,base.group_partner_manager,"
            "bizuno_crm.group_own_contacts_only,bizuno_crm.group_promo_full",
        )
        action = self.env.ref("bizuno_crm.action_code_ret")
        mine = self._create_customer("Mine", user_id=own.id)
        for model, values in (
            ("bizuno.project", {"name": "Job", "partner_id": hidden.id}),
            ("bizuno.project", {"name": "Job", "oem_id": hidden.id}),
            ("bizuno.reminder", {"name": "Call", "partner_id": hidden.id}),
            ("bizuno.reminder", {"name": "C", "res_model": "res.partner", "res_id": hidden.id}),
            ("bizuno.contact.log", {"action_id": action.id, "partner_id": hidden.id}),
            ("bizuno.promo.recipient", {"email": "a@example.com", "partner_id": hidden.id}),
        ):
            with self.subTest(model=model, values=values):
                records = self.env[model].with_user(own)
                with self.assertRaises(AccessError) as caught, self.env.cr.savepoint():
                    records.create(values)
                self.assertNotIn("Hidden", str(caught.exception))
        project = self.env["bizuno.project"].with_user(own).create(
            {"name": "Job", "partner_id": mine.id}
        )  # fmt: skip
        for name in ("partner_id", "oem_id"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                project[name] = hidden
        # what was given to somebody with its customer stays workable
        project.sudo().partner_id = hidden
        project.name = "Renamed"


@tagged("post_install", "-at_install")
class TestNumbers(BizunoCommon):
    """No number, or one below zero where there is none: one sentence, and nothing changes."""

    NUMBERS = (math.nan, math.inf, -math.inf, "nan", "inf")

    def _assert_refused(self, call, pattern="is not a number"):
        for number in self.NUMBERS:
            with self.assertRaisesRegex(ValidationError, pattern), self.env.cr.savepoint():
                call(number)
                self.env.flush_all()
            self.env.invalidate_all()

    def test_no_number_is_no_limit(self):
        bookkeeper = self.env["res.partner"].with_user(self.users["bookkeeper"])
        customer = bookkeeper.browse(self.customer.id)
        limit = customer.credit_limit
        self._assert_refused(lambda n: customer.write({"credit_limit": n}))
        self._assert_refused(lambda n: bookkeeper.create({"name": "N", "credit_limit": n}))
        self.assertEqual(customer.credit_limit, limit)

    def test_no_number_is_expected_revenue(self):
        projects = self.env["bizuno.project"].with_user(self.users["rep"])
        project = projects.create({"name": "Job", "expected_revenue": 5})
        self._assert_refused(lambda n: project.write({"expected_revenue": n}))
        self._assert_refused(lambda n: projects.create({"name": "J", "expected_revenue": n}))

    def test_no_number_is_a_commission(self):
        manager = self.users["rep"].with_user(self.env.ref("base.user_admin"))
        self._assert_refused(lambda n: manager.write({"commission_rate": n}))

    def test_no_number_is_approved(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        approvals = self.env["bizuno.credit.approval"].with_user(self.users["accountant"])
        self._assert_refused(
            lambda n: approvals.create({"order_id": order.id, "amount": n, "reason": "Well"}),
            "is not a number|more than zero",
        )

    def test_no_number_is_ordered_or_invoiced(self):
        rep = self.users["rep"]
        line = {"product_id": self.product_a.id, "price_unit": 5}
        order = self.env["sale.order"].with_user(rep).create(
            {"partner_id": self.customer.id, "order_line": [Command.create(line)]}
        )  # fmt: skip
        for name in ("product_uom_qty", "price_unit", "discount"):
            self._assert_refused(lambda n, name=name: order.order_line.write({name: n}))
            self._assert_refused(
                lambda n, name=name: order.write(
                    {"order_line": [Command.create({**line, name: n})]}
                )
            )
        move = self.init_invoice("out_invoice", partner=self.customer, amounts=[7.0])
        move = move.with_user(self.users["bookkeeper"])
        for name in ("quantity", "price_unit", "discount"):
            self._assert_refused(
                lambda n, name=name: move.write(
                    {"invoice_line_ids": [Command.update(move.invoice_line_ids[:1].id, {name: n})]}
                )
            )

    def test_no_number_is_a_rate(self):
        move = self.init_invoice("out_invoice", partner=self.customer, amounts=[7.0])
        move = move.with_user(self.users["bookkeeper"])
        self._assert_refused(lambda n: move.write({"invoice_currency_rate": n}))
        self._assert_refused(lambda n: move.web_save({"invoice_currency_rate": n}, {}))

    def test_a_limit_is_not_negative(self):
        bookkeeper = self.users["bookkeeper"]
        partners = self.env["res.partner"].with_user(bookkeeper)
        customer = partners.browse(self.customer.id)
        with (
            self.assertRaisesRegex(ValidationError, "Harbour Supply cannot be negative"),
            self.env.cr.savepoint(),
        ):
            customer.credit_limit = -5
        with self.assertRaisesRegex(ValidationError, "cannot be negative"), self.env.cr.savepoint():
            partners.create({"name": "N", "role_customer": True, "credit_limit": -0.01})
        result = partners.load(["name", "credit_limit"], [["Imported", "-7"]])
        self.assertFalse(result["ids"])
        self.assertIn("cannot be negative", str(result["messages"]))
        with self.assertRaisesRegex(UserError, "credit limit “-5”"), self.env.cr.savepoint():
            customer.bizuno_terms = "3:0:0:30:-5"
        with self.assertRaisesRegex(UserError, "credit limit “-5”"), self.env.cr.savepoint():
            self.env.company.contact_default_terms = "3:0:0:30:-5"
        wizard = self.env["bizuno.terms.wizard"].with_user(bookkeeper)
        with self.assertRaisesRegex(UserError, "-5|negative"), self.env.cr.savepoint():
            with Form(wizard.with_context(default_partner_id=customer.id)) as form:
                form.credit_limit = -5
            form.record.action_apply()
        self.assertGreaterEqual(customer.credit_limit, 0)
        self._assert_refused(
            lambda n: wizard.create({"partner_id": customer.id, "credit_limit": n}).action_apply()
        )
        form = Form(wizard.with_context(default_partner_id=customer.id))
        form.type = "3"
        form.net_days = 2_000_000_000
        self.assertFalse(form.explanation)
        with self.assertRaisesRegex(UserError, "2000000000"), self.env.cr.savepoint():
            form.save().action_apply()


@tagged("post_install", "-at_install")
class TestDatesAtTheEdge(BizunoCommon):
    """The first and the last year there is."""

    def test_a_rhythm_ends_with_the_calendar(self):
        rep = self.env["bizuno.reminder"].with_user(self.users["rep"])
        for recurrence in ("d", "w", "h", "m", "y", "3", "z"):
            late = rep.create({"name": "L", "date_start": "9999-12-31", "recurrence": recurrence})
            self.assertEqual(str(late.date_next), "9999-12-31")
            late.action_snooze_week()
            self.assertEqual(str(late.date_next), "9999-12-31")
            late.action_done()
            self.assertFalse(recurrence != "z" and late.date_next)
            early = rep.create({"name": "E", "date_start": "0001-01-01", "recurrence": recurrence})
            if recurrence != "z":
                self.assertGreaterEqual(early.date_next, fields.Date.today())
            early.action_snooze_day()
        due = rep.create({"name": "D", "date_start": "0001-01-01"})
        with self.enter_registry_test_mode():
            self.env.ref("bizuno_crm.ir_cron_reminder").method_direct_trigger()
        self.assertEqual(str(due.activity_ids.date_deadline), "0001-01-01")

    def test_a_reminder_of_the_last_day_on_the_contact_and_the_dashboard(self):
        customer = self.customer.with_user(self.users["rep"])
        for day in ("9999-12-31", "0001-01-01"):
            with Form(customer) as form:
                form.reminder_date = day
            self.assertEqual(str(customer.reminder_date), day)
            self.env["bizuno.dashboard"].with_user(self.users["rep"]).get_data()

    def test_statements_calls_and_certificates(self):
        bookkeeper = self.users["bookkeeper"]
        self.init_invoice("out_invoice", partner=self.customer, amounts=[70.0], post=True)
        self.env.flush_all()
        for day in ("0001-01-01", "0001-02-28", "9999-12-31"):
            for kind in ("open", "activity"):
                with (
                    self.subTest(day=day, kind=kind),
                    self.assertRaisesRegex(UserError, "choose a date from the year"),
                    self.env.cr.savepoint(),
                ):
                    wizard = self.env["bizuno.statement"].with_user(bookkeeper)
                    with Form(wizard.with_context(default_partner_ids=self.customer.ids)) as form:
                        form.kind = kind
                        form.date = day
                    form.record.action_print()
            with self.assertRaisesRegex(UserError, "choose a date from|begin"):
                self.env["bizuno.statement"].with_user(bookkeeper).create({
                    "partner_ids": [Command.set(self.customer.ids)], "kind": "activity",
                    "date_from": day,
                })  # fmt: skip
            calls = self.env["bizuno.aging.activity"].with_user(bookkeeper)
            calls.create({
                "partner_ids": [Command.set(self.customer.ids)], "date_deadline": day,
            }).action_plan()  # fmt: skip
            self.assertIn(day, map(str, self.customer.activity_ids.mapped("date_deadline")))
            # The log of changes writes down no year below 1000 (see test_credit_given).
            expiry = max(day, "1000-01-01")
            self.customer.write({"tax_exempt": True, "tax_exempt_expiration": expiry})
            self.assertEqual(self.customer._is_tax_exempt(), day == "9999-12-31")
            self.assertTrue(self.customer.with_user(bookkeeper).read(["tax_exempt"]))

    def test_documents(self):
        self.env.company.credit_policy = "block"
        for day in ("0001-01-01", "9999-12-31"):
            with self.subTest(day):
                invoice = self.init_invoice("out_invoice", partner=self.customer, amounts=[70.0])
                invoice.write({"invoice_payment_term_id": False, "invoice_date_due": day})
                invoice.with_user(self.users["bookkeeper"]).action_post()
                customer = self.customer.with_user(self.users["bookkeeper"])
                self.env.invalidate_all()
                customer.read(["credit_status", "credit_message", "aged_total"])
                self.assertTrue(customer.history_ids.mapped("reference"))
                order = self.env["sale.order"].with_user(self.users["rep"]).create({
                    "partner_id": self.customer.id, "date_order": f"{day} 12:00:00",
                    "order_line": [Command.create({"product_id": self.product_a.id,
                                                   "price_unit": 5})],
                })  # fmt: skip
                order.write({"state": "sale"})
                self.assertEqual(order.state, "sale")

    def test_a_promotion_without_end(self):
        promo = self.env["bizuno.promo"].create({
            "name": "Ever", "subject": "S", "body_html": "<p>x</p>", "distribution": "all",
            "email_from": "a@example.com", "date_start": "0001-01-01", "date_end": "9999-12-31",
        })  # fmt: skip
        for zone in ("UTC", "Pacific/Kiritimati", "America/Los_Angeles"):
            promo.user_id.tz = zone
            start, end = promo._get_window()
            self.assertLess(start, fields.Datetime.now())
            self.assertGreater(end, fields.Datetime.now())

    def test_an_action_with_a_follow_up_in_ten_thousand_years(self):
        action = self.env.ref("bizuno_crm.action_code_ret")
        action.follow_up_days = 2_000_000_000
        wizard = self.env["bizuno.log.action"].with_user(self.users["rep"])
        with Form(wizard.with_context(default_partner_id=self.customer.id)) as form:
            form.action_id = action
            self.assertEqual(str(form.reminder_date), "9999-12-31")


@tagged("post_install", "-at_install")
class TestExternalUsers(BizunoCommon):
    def test_nothing_is_given_to_a_portal_user(self):
        portal = new_test_user(self.env, "guards_portal", "base.group_portal")
        rep = self.users["rep"]
        for model, name in (
            ("bizuno.reminder", "user_id"),
            ("bizuno.project", "user_id"),
            ("bizuno.project", "working_user_id"),
        ):
            records = self.env[model].with_user(rep)
            with self.assertRaisesRegex(ValidationError, "only has a portal login"):
                records.create({"name": "Call", name: portal.id})
            with self.assertRaisesRegex(ValidationError, "only has a portal login"):
                records.create({"name": "Call"}).write({name: portal.id})

    def test_who_leaves_for_the_portal_gets_no_activity(self):
        leaver = new_test_user(self.env, "guards_leaver", "sales_team.group_sale_salesman")
        reminder = self.env["bizuno.reminder"].create({"name": "Call", "user_id": leaver.id})
        leaver.group_ids = self.env.ref("base.group_portal")
        self.assertTrue(leaver.share)
        self.assertNotEqual(reminder._responsible(), leaver)
