from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.service.model import call_kw
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models.contact.bizuno_contact_role_mixin import GROUPS_OF_ROLE
from ..models.terms.bizuno_account_rights_mixin import GROUPS_OF_FIELD
from .common import BizunoCommon


@tagged("post_install", "-at_install")
class TestRightsFields(BizunoCommon):
    """Each guarded field × each door that a value may come through: refused, or it is ignored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.position = cls.env["account.fiscal.position"].create({"name": "Export"})
        cls.sheet = cls.env["product.pricelist"].create({"name": "Dealer"})
        cls.term = cls.env.ref("account.account_payment_term_15days")
        cls.child = cls.env["res.partner"].create({"name": "Dock", "parent_id": cls.customer.id})
        cls.tag = cls.env["res.partner.category"].create(
            {"name": "Tag", "partner_ids": cls.customer.ids}
        )
        cls.action = cls.env.ref("bizuno_crm.action_code_ret")
        # {field: (a value that would be worth having, who may not give it)}
        cls.partner_fields = {
            "bizuno_terms": ("0:0:0:30:99999", "rep"),
            "bizuno_terms_written": ("0:0:0:30:99999", "rep"),
            "property_payment_term_id": (cls.term.id, "rep"),
            "credit_limit": (99999.0, "rep"),
            "use_partner_credit_limit": (True, "rep"),
            "account_status": ("hold", "rep"),
            "account_restriction": ("hold", "rep"),
            "account_status_reason": ("None of yours", "rep"),
            "tax_exempt": (True, "rep"),
            "tax_exempt_certificate": ("X-1", "rep"),
            "tax_exempt_expiration": ("2040-01-01", "rep"),
            "tax_exempt_warned": ("2040-01-01", "rep"),
            "property_account_position_id": (cls.position.id, "rep"),
            "default_tax_id": (cls.tax_sale_a.id, "rep"),
            "property_product_pricelist": (cls.sheet.id, "rep"),
            "specific_property_product_pricelist": (cls.sheet.id, "rep"),
            "property_income_account_id": (cls.company_data["default_account_revenue"].id, "rep"),
            "role_employee": (True, "rep"),
            "employee": (True, "rep"),
            "role_lead": (True, "bookkeeper"),
            "role_user": (True, "rep"),
            "contact_id_conflict": (True, "rep"),
            "newsletter_date": ("2001-01-01 00:00:00", "rep"),
            "newsletter_source": ("portal", "rep"),
        }

    def setUp(self):
        super().setUp()
        self.addCleanup(
            setattr, self.env.transaction, "default_env", self.env.transaction.default_env
        )

    # --- the doors -------------------------------------------------------------------------------

    def _doors_to_change(self, record, name, value):
        """How a value gets into a record that exists.

        :return: {door: function}
        """
        vals = {name: value}
        return {
            "write": lambda: record.write(vals),
            "web_save": lambda: record.web_save(vals, {"display_name": {}}),
            "web_save_multi": lambda: record.web_save_multi([vals], {"display_name": {}}),
            "import": lambda: self._load(record, name, value),
            "onchange": lambda: record.onchange(vals, [name], {"display_name": {}}),
        }

    def _doors_to_create(self, model, name, value, others):
        """How a value gets into a record that is new.

        :param model: an empty recordset of the user
        :return: {door: function}
        """
        vals = {**others, name: value}

        def saved_default():
            model.env["ir.default"].set(model._name, name, value, user_id=True)
            model.create(others)

        by_context = model.with_context(**{f"default_{name}": value})
        return {
            "create": lambda: model.create(vals),
            "create many": lambda: model.create([others, vals]),
            "web_save": lambda: model.web_save(vals, {"display_name": {}}),
            "context": lambda: by_context.create(others),
            "name_create": lambda: by_context.name_create("By name"),
            "saved default": saved_default,
            "copy": lambda: model.create(others).copy({name: value}),
            "onchange": lambda: model.onchange(vals, [name], {"display_name": {}}),
        }

    def _load(self, record, name, value):
        if record._fields[name].relational:
            name += "/.id"
        rows = [[self._xmlid(record), str(value)]]
        result = record.browse().load(["id", name], rows)
        if not result["ids"]:
            raise UserError(str(result["messages"]))

    def _xmlid(self, record):
        data = self.env["ir.model.data"].sudo()
        name = f"{record._table}_{record.id}"
        if not data.search_count([("module", "=", "__test__"), ("name", "=", name)]):
            data.create(
                {"module": "__test__", "name": name, "model": record._name, "res_id": record.id}
            )
        return f"__test__.{name}"

    # --- trying them -----------------------------------------------------------------------------

    def _try(self, user, function):
        """:return: whether the door was shut with words; what came in is in the database"""
        env = self.env(user=user, su=False)
        try:
            with mute_logger("odoo.sql_db", "odoo.models"), self.env.cr.savepoint():
                self.env.transaction.default_env = env
                function()
                env.flush_all()
        except (UserError, ValueError, IntegrityError) as error:
            # Odoo's answer to a value for a field that the user does not even see.
            if isinstance(error, ValueError):
                self.assertIn("Invalid field", str(error))
            return True
        finally:
            self.env.transaction.default_env = self.env
            self.env.invalidate_all()
        return False

    def _value(self, record, name):
        self.env.invalidate_all()
        value = record.sudo()[name]
        return value.ids if record._fields[name].relational else value

    def _assert_no_way_to_change(self, record, name, value, user, must_refuse=("write",)):
        before = self._value(record, name)
        mine = record.with_user(user)
        for door, function in self._doors_to_change(mine, name, value).items():
            refused = self._try(user, function)
            self.assertEqual(
                self._value(record, name), before, f"{record._name}.{name} through {door}"
            )
            if door in must_refuse:
                self.assertTrue(refused, f"{record._name}.{name} through {door} is not refused")

    def _assert_no_way_to_create(self, model, name, value, user, others):
        """A new record has what it would have had anyway."""
        model = model.with_user(user)
        expected = self._value(model.create(others), name)
        for door, function in self._doors_to_create(model, name, value, others).items():
            with self.env.cr.savepoint() as savepoint:
                last = model.sudo().with_context(active_test=False).search([], order="id desc")[:1]
                self._try(user, function)
                new = model.sudo().with_context(active_test=False).search([("id", ">", last.id)])
                for record in new:
                    self.assertEqual(
                        self._value(record, name), expected, f"{model._name}.{name} by {door}"
                    )
                savepoint.rollback()
            self.env.invalidate_all()
            self.env.registry.clear_cache()

    # --- contacts --------------------------------------------------------------------------------

    def test_every_guarded_field_of_contacts_is_tried(self):
        self.assertLessEqual({*GROUPS_OF_FIELD, *GROUPS_OF_ROLE}, set(self.partner_fields))

    def test_contacts_that_exist(self):
        for name, (value, person) in self.partner_fields.items():
            self._assert_no_way_to_change(
                self.customer, name, value, self.users[person], must_refuse=("write", "web_save")
            )

    def test_contacts_that_are_new(self):
        for name, (value, person) in self.partner_fields.items():
            self._assert_no_way_to_create(
                self.env["res.partner"], name, value, self.users[person], {"name": "New"}
            )

    def test_contacts_in_commands_of_other_records(self):
        """Lists of lists of values: of the company, of a tag, of the own user, of an order."""
        for name, (value, person) in self.partner_fields.items():
            user = self.users[person]
            before = [self._value(one, name) for one in (self.customer, self.child)]
            customer, tag = self.customer.with_user(user), self.tag.with_user(user)
            child_ids = [Command.update(self.child.id, {name: value})]
            doors = {
                "child": lambda c=customer, v=child_ids: c.write({"child_ids": v}),
                "child, saved": lambda c=customer, v=child_ids: c.web_save({"child_ids": v}, {}),
                "new parent": lambda c=customer, v=child_ids: c.create(
                    {"name": "Thief", "child_ids": [Command.link(self.child.id), *v]}
                ),
                "tag": lambda t=tag, v={name: value}: t.write(
                    {"partner_ids": [Command.update(self.customer.id, v)]}
                ),
                "own user": lambda u=user, v={name: value}: u.with_user(u).write(v),
            }
            for door, function in doors.items():
                self._try(user, function)
                after = [self._value(one, name) for one in (self.customer, self.child)]
                self.assertEqual(after, before, f"{name} through {door}")
                if name in user._fields:
                    self.assertNotEqual(
                        self._value(user.partner_id, name), value, f"{name} of the own contact"
                    ) if name != "role_user" else None

    def test_new_contacts_in_commands(self):
        """Of a new child nothing is worth more than of any other."""
        for name, (value, person) in self.partner_fields.items():
            customer = self.customer.with_user(self.users[person])
            plain = customer.create({"name": "Plain", "parent_id": customer.id})
            expected = self._value(plain, name)
            self._try(
                self.users[person],
                lambda c=customer, v={"name": "Child", name: value}: c.write(
                    {"child_ids": [Command.create(v)]}
                ),
            )
            children = self.env["res.partner"].search([("name", "=", "Child")])
            for child in children:
                self.assertEqual(self._value(child, name), expected, name)

    def test_a_copy_takes_no_certificate_and_no_limit_along(self):
        self.customer.write({
            "tax_exempt": True, "tax_exempt_certificate": "X-1",
            "tax_exempt_expiration": "2040-01-01", "bizuno_terms": "0:0:0:45:77777",
            "account_status": "hold", "account_status_reason": "Late",
        })  # fmt: skip
        copied = self.customer.with_user(self.users["rep"]).copy().sudo()
        self.assertRecordValues(copied, [{
            "tax_exempt": False, "tax_exempt_certificate": False, "tax_exempt_expiration": False,
            # a new customer's
            "credit_limit": 1000.0, "account_status": "active", "account_status_reason": False,
            "contact_id_conflict": False, "newsletter_date": False,
        }])  # fmt: skip

    def test_the_right_to_add_gives_new_customers_terms_and_changes_none(self):
        adder = self.users["rep"]
        adder.group_ids += self.env.ref("bizuno_crm.group_customer_add")
        partners = self.env["res.partner"].with_user(adder)
        new = partners.create({
            "name": "New", "role_customer": True, "bizuno_terms": "0:0:0:45:500",
            "tax_exempt": True, "default_tax_id": self.tax_sale_a.id,
        })  # fmt: skip
        self.assertTrue(partners.new().can_edit_account)
        self.assertFalse(new.can_edit_account)
        self.assertRecordValues(
            new.sudo(),
            [{"credit_limit": 500.0, "tax_exempt": True, "default_tax_id": self.tax_sale_a.id}],
        )
        for name, value in (("tax_exempt", False), ("bizuno_terms", "0:0:0:45:501")):
            with self.assertRaisesRegex(AccessError, "Customers' Account: Edit"):
                new.write({name: value})
        with self.assertRaisesRegex(AccessError, "Customers' Account: Add"):
            partners.with_user(self.users["sales_manager"]).create(
                {"name": "New", "tax_exempt": True}
            )

    # --- reading ---------------------------------------------------------------------------------

    def _assert_hidden(self, record, names):
        for name in names:
            self.assertIn(name, record.sudo()._fields)
            for read in (
                lambda n=name: record.read([n]),
                lambda n=name: record.web_read({n: {}}),
                lambda n=name: record.search([(n, "!=", False)]),
            ):
                with self.assertRaises(AccessError, msg=name):
                    read()

    def test_limit_and_terms_are_read_by_those_to_whom_odoo_shows_them(self):
        names = ("bizuno_terms_written", "credit_limit")
        for person in ("rep", "sales_manager", "employee"):
            customer = self.customer.with_user(self.users[person])
            self._assert_hidden(customer, names)
            with self.assertRaises(AccessError):
                customer.read(["bizuno_terms"])
        for person in ("bookkeeper", "accountant"):
            self.assertTrue(self.customer.with_user(self.users[person]).bizuno_terms)

    def test_customers_with_a_login_do_not_read_what_is_thought_of_them(self):
        portal = new_test_user(self.env, "fields_portal", "base.group_portal")
        portal.partner_id.write({"account_status": "hold", "account_status_reason": "Liar"})
        order = self.env["sale.order"].create({"partner_id": portal.partner_id.id})
        order.message_subscribe(portal.partner_id.ids)
        self.env.flush_all()
        theirs = portal.partner_id.with_user(portal)
        self.assertTrue(theirs.read(["name"]))
        self.assertTrue(order.with_user(portal).read(["name"]))
        for record, names in (
            (theirs, ("account_status_reason", "credit_status", "credit_message", "aged_total")),
            (order.with_user(portal), (
                "credit_status", "credit_message", "credit_approved_by_id",
                "credit_approval_reason", "credit_approved_amount", "is_credit_approval_needed",
            )),
        ):  # fmt: skip
            for name in names:
                with self.assertRaises(AccessError, msg=name):
                    record.read([name])

    # --- documents -------------------------------------------------------------------------------

    def test_approval_of_orders(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        for name, value in (
            ("credit_approved_by_id", self.users["rep"].id),
            ("credit_approval_reason", "I say so"),
            ("credit_approved_amount", 1e9),
            ("credit_status", "locked"),
            ("credit_message", "Fine"),
            ("is_credit_approval_needed", True),
        ):
            self._assert_no_way_to_change(order, name, value, self.users["rep"], must_refuse=())
            self._assert_no_way_to_create(
                self.env["sale.order"], name, value, self.users["rep"],
                {"partner_id": self.customer.id},
            )  # fmt: skip
        self.assertFalse(self.env["bizuno.credit.approval"].search([("order_id", "=", order.id)]))

    def test_approval_is_no_argument_of_the_confirmation(self):
        self.env.company.credit_policy = "block"
        self.customer.bizuno_terms = "0:0:0:30:10"
        order = self.env["sale.order"].create({
            "partner_id": self.customer.id,
            "order_line": [Command.create({"product_id": self.product_a.id, "price_unit": 50})],
        })  # fmt: skip
        forged = {
            "state": "sale", "is_credit_approval_needed": False, "credit_status": "ok",
            "credit_approved_by_id": self.users["accountant"].id, "credit_approved_amount": 1e9,
        }  # fmt: skip
        self.assertTrue(
            self._try(
                self.users["rep"], lambda: order.with_user(self.users["rep"]).write(dict(forged))
            )
        )
        self.assertEqual(order.state, "draft")

    # --- log, projects, reminders, promotions ----------------------------------------------------

    @freeze_time("2026-03-02 09:00:00")
    def test_log(self):
        rep = self.users["rep"]
        entries = self.env["bizuno.contact.log"]
        given = {"partner_id": self.customer.id, "action_id": self.action.id}
        entry = entries.with_user(rep).create(given)
        for name, value in (
            ("user_id", self.users["sales_manager"].id),
            ("date_entered", "2001-01-01 00:00:00"),
            ("message_ids", [Command.set(self.env["mail.message"].search([], limit=1).ids)]),
            ("commercial_partner_id", self.partner_a.id),
        ):
            self._assert_no_way_to_change(entry.sudo(False), name, value, rep)
            if name == "message_ids":
                continue  # each entry has its own
            with self.subTest(field=name):
                self._assert_no_way_to_create_log(entries, name, value, rep, given)

    def _assert_no_way_to_create_log(self, entries, name, value, rep, given):
        if name != "date":
            self._assert_no_way_to_create(entries, name, value, rep, given)
            return
        doors = self._doors_to_create(entries.with_user(rep), name, value, given)
        for function in doors.values():
            self._try(rep, function)
        self.assertFalse(entries.search([("date", "<", "2002-01-01")]))

    def test_project_number(self):
        rep = self.users["rep"]
        project = self.env["bizuno.project"].with_user(rep).create({"name": "Job"})
        self._assert_no_way_to_change(project, "number", "P-MINE", rep)
        for function in self._doors_to_create(
            self.env["bizuno.project"].with_user(rep), "number", "P-MINE", {"name": "Job"}
        ).values():
            self._try(rep, function)
        self.assertFalse(self.env["bizuno.project"].search([("number", "=", "P-MINE")]))
        with self.assertRaisesRegex(AccessError, "project number P-MINE.*Bizuno Manager"):
            project.number = "P-MINE"
        project.with_user(self.users["bizuno_manager"]).number = "P-OLD"

    def test_an_activity_is_no_way_to_end_the_reminder_of_somebody_else(self):
        rep, other = self.users["rep"], self.users["bookkeeper"]
        reminder = self.env["bizuno.reminder"].create({"name": "Call", "user_id": rep.id})
        partner = self.customer
        common = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"), "res_id": partner.id,
            "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
            "user_id": other.id,
        }  # fmt: skip
        activities = self.env["mail.activity"].with_user(other)
        for value in (reminder.id, str(reminder.id)):
            for door, function in self._doors_to_create(
                activities, "bizuno_reminder_id", value, common
            ).items():
                self._try(other, function)
                self.assertFalse(reminder.activity_ids, (door, value))
        mine = activities.create(common)
        self._assert_no_way_to_change(mine, "bizuno_reminder_id", reminder.id, other)
        with self.assertRaisesRegex(AccessError, "reminder that is not yours"):
            mine.bizuno_reminder_id = reminder
        mine.action_feedback(feedback="Forged")
        self.assertTrue(reminder.active)
        self.assertFalse(self.customer.contact_log_ids)
        # the rep's own may be tied to the rep's own
        theirs = mine.with_user(rep).create({**common, "user_id": rep.id})
        theirs.bizuno_reminder_id = reminder.with_user(rep)

    def test_ledger_of_promotions(self):
        """Nobody writes it by hand, not even who has every right on promotions."""
        manager = self.users["bizuno_manager"]
        promo = self.env["bizuno.promo"].with_user(manager).create(
            {"name": "Sale", "email_from": "a@example.com"}
        )  # fmt: skip
        history = promo.history_ids.sudo().create({"promo_id": promo.id, "user_id": self.env.uid})
        recipient = history.recipient_ids.create({
            "promo_id": promo.id, "history_id": history.id, "email": "b@example.com",
            "send_state": "sent",
        })  # fmt: skip
        for record, name, value in (
            (recipient, "send_state", "failed"),
            (recipient, "email", "c@example.com"),
            (history, "recipient_count", 5),
            (history, "user_id", manager.id),
            (history, "date", "2001-01-01 00:00:00"),
        ):
            self._assert_no_way_to_change(record, name, value, manager)
        for commands in (
            [Command.create({"user_id": manager.id})],
            [Command.update(history.id, {"end_reason": "cancelled"})],
            [Command.update(history.id, {"recipient_ids": [Command.delete(recipient.id)]})],
            [Command.delete(history.id)],
        ):
            self.assertTrue(
                self._try(manager, lambda c=commands: promo.write({"history_ids": c})), commands
            )
        self.assertEqual(promo.sudo().history_ids, history)
        self.assertEqual((recipient.send_state, history.end_reason), ("sent", False))

    def test_facts_of_the_newsletter(self):
        rep = self.users["rep"]
        before = fields.Datetime.now()
        partners = self.env["res.partner"].with_user(rep)
        for function in (
            lambda: partners.create({"name": "N", "newsletter": True}),
            lambda: partners.with_context(default_newsletter=True).create({"name": "N"}),
            lambda: partners.with_context(
                default_newsletter=True, default_newsletter_date="2001-01-01",
                default_newsletter_source="portal",
            ).create({"name": "N"}),
        ):  # fmt: skip
            partner = function()
            self.assertTrue(partner.newsletter)
            self.assertGreaterEqual(partner.newsletter_date, before.replace(microsecond=0))
            self.assertEqual(partner.newsletter_source, "manual")


@tagged("post_install", "-at_install")
class TestHiddenFields(BizunoCommon):
    """What somebody may not read is not found out either: by searching, sorting, grouping or
    summing up."""

    VALUES = {
        "boolean": True, "char": "x", "text": "x", "html": "x", "integer": 7, "float": 7.5,
        "monetary": 7.5, "date": "2025-06-01", "datetime": "2025-06-01 10:00:00", "many2one": 1,
        "one2many": 1, "many2many": 1, "many2one_reference": 1,
    }  # fmt: skip
    ORDERED = {"integer", "float", "monetary", "date", "datetime"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls._create_users("hidden", {
            "portal": "base.group_portal", "employee": "base.group_user",
            "marketer": "mass_mailing.group_mass_mailing_user",
        })  # fmt: skip

    # --- every field of ours ---------------------------------------------------------------------

    def _hidden_fields(self, user):
        """:return: [(model as the user, field of ours that is not the user's to read)]"""
        for name in sorted(self.env.registry):
            model = self.env[name].with_user(user)
            if model._abstract:
                continue
            for field in model._fields.values():
                is_ours = any(module.startswith("bizuno_crm") for module in field._modules)
                if is_ours and not model._has_field_access(field, "read"):
                    yield model, field

    def _conditions(self, model, field):
        yield field.name, "=", False
        yield field.name, "!=", False
        value = self.VALUES.get(field.type)
        if field.type == "selection":
            value = field.get_values(self.env)[0]
        if value is None:
            return
        yield field.name, "in", [value]
        yield field.name, "not in", [value]
        if field.type in self.ORDERED:
            for operator in ("<", "<=", ">", ">="):
                yield field.name, operator, value

    def test_no_hidden_field_is_searched(self):
        for name in ("portal", "employee"):
            tried = set()
            for model, field in self._hidden_fields(self.people[name]):
                may_read = model.has_access("read")
                if not may_read and not field.search:
                    continue  # the right to the model is asked for first
                tried.add(f"{model._name}.{field.name}")
                for condition in self._conditions(model, field):
                    with self.assertRaises(AccessError, msg=(name, model._name, condition)):
                        # as a part of another model's domain, where no search of this model asks
                        domain = Domain([condition]).optimize_full(model)
                        model.search_count(domain)
            self.assertLessEqual(
                {
                    "res.partner.last_contact_date", "res.partner.reminder_date",
                    "res.partner.aged_total", "res.partner.aged_payable_total",
                    "res.partner.credit", "res.partner.debit",
                    "res.partner.date_first_sale", "bizuno.project.reminder_date",
                },
                tried,
            )  # fmt: skip
            documents = {f"{one}.credit_status" for one in ("sale.order", "account.move")}
            self.assertEqual(bool(documents & tried), name == "portal")

    def test_no_hidden_field_is_sorted_grouped_or_summed_up(self):
        for name in ("portal", "employee"):
            for model, field in self._hidden_fields(self.people[name]):
                if not model.has_access("read"):
                    continue
                spec = field.name
                if field.type in ("date", "datetime"):
                    spec += ":month"
                for call in (
                    lambda m=model, f=field: m.search([], order=f.name, limit=1),
                    lambda m=model, s=spec: m.formatted_read_group([], [s], ["__count"]),
                    lambda m=model, f=field: m.formatted_read_group(
                        [], [], [f"{f.name}:count_distinct"]
                    ),
                ):
                    try:
                        found = call()
                    except (AccessError, ValueError):  # not theirs, or no column at all
                        continue
                    self.fail(f"{name}: {model._name}.{field.name}: {found}")

    # --- those that were found out ---------------------------------------------------------------

    def _call(self, user, model, method, *args):
        """As a remote call does it."""
        env = self.env(user=user, su=False, context={})
        return call_kw(env[model], method, list(args), {})

    def test_a_customer_with_a_login_does_not_search_for_the_status(self):
        portal = self.people["portal"]
        customer = portal.partner_id
        customer.write({"customer_rank": 1, "bizuno_terms": "0:0:0:30:400"})
        order = self.env["sale.order"].create({
            "partner_id": customer.id,
            "order_line": [Command.create({
                "product_id": self.product_a.id, "price_unit": 730.0, "tax_ids": False,
            })],
        })  # fmt: skip
        invoice = self.init_invoice(
            "out_invoice", partner=customer, amounts=[430.0], post=True, invoice_date="2025-01-07"
        )
        for document in (order, invoice):
            document.message_subscribe(customer.ids)
        self.env.flush_all()
        for status in ("over_limit", "hold", "locked"):
            if status != "over_limit":
                customer.account_status = status
            for model, path in (
                ("sale.order", "credit_status"),
                ("sale.order.line", "order_id.credit_status"),
                ("account.move", "credit_status"),
                ("res.partner", "credit_status"),
                ("res.partner", "sale_order_ids.credit_status"),
            ):
                mine = self.env[model].with_user(portal)
                self.assertTrue(mine.search_count([], limit=1), model)
                if path == "credit_status" and model != "account.move":
                    found = (
                        self.env[model]
                        .with_user(self.users["rep"])
                        .search_count([(path, "=", status)])
                    )
                    self.assertTrue(found, (model, status))
                for condition in (
                    [path, "=", status], [path, "!=", status], [path, "in", [status, "ok"]],
                    [path, "not in", ["past_due", status]], [path, "=", False],
                ):  # fmt: skip
                    for method, *args in (
                        ("search_count", [condition]),
                        ("search_read", ["!", condition], ["id"]),
                        ("formatted_read_group", [condition], [], ["__count"]),
                    ):
                        with self.assertRaises(AccessError, msg=(model, condition)):
                            self._call(portal, model, method, *args)

    def test_when_a_customer_was_called_is_for_readers_of_the_log(self):
        portal = self.people["portal"]
        for partner in (self.customer, portal.partner_id):
            partner.sudo().log_contact_action("ret", "Rang back")
            partner.sudo().contact_log_ids.date = "2025-06-11 15:45:00"
        self.env.flush_all()
        rep = self.users["rep"]
        for operator, value, expected in (
            (">", "2025-06-11 15:44:59", 1), (">", "2025-06-11 15:45:00", 0),
            ("<=", "2025-06-11 15:45:00", 1), ("=", False, 0), ("!=", False, 1),
        ):  # fmt: skip
            condition = ["last_contact_date", operator, value]
            asked = [["id", "=", self.customer.id], condition]
            self.assertEqual(self._call(rep, "res.partner", "search_count", asked), expected)
            for name in ("employee", "marketer", "portal"):
                for model, domain in (
                    ("res.partner", [condition]),
                    ("res.partner", [["child_ids", "any", [condition]]]),
                    ("res.users", [condition]),
                    ("res.users", [[f"partner_id.{condition[0]}", *condition[1:]]]),
                ):
                    with self.assertRaises(AccessError, msg=(name, model, domain)):
                        self._call(self.people[name], model, "search_count", domain)
        with self.assertRaises(AccessError):
            promo = self.env["bizuno.promo"].with_user(self.people["marketer"]).create({
                "name": "Silent ones", "email_from": "a@example.com", "distribution": "filter",
                "partner_domain": "[('last_contact_date', '<', '2025-06-12')]",
            })  # fmt: skip
            self.env["bizuno.promo.candidate"].with_user(self.people["marketer"]).with_context(
                bizuno_promo_id=promo.id
            ).search_count([])
