from lxml import etree
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common_promo import PromoCommon


@tagged("post_install", "-at_install")
class TestPromoContacts(PromoCommon):
    """The promotions on a contact, and what they cost its lists and its form: nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rep = cls.users["rep"]
        cls.contacts = cls.env["res.partner"]
        for number in range(30):
            cls.contacts += cls._create_contact(f"Contact {number}", user_id=cls.rep.id)

    def _specification(self, view, view_type):
        """What the web client asks for when it shows a view."""
        arch = self.env["res.partner"].with_user(self.rep).get_view(view, view_type)["arch"]
        return self._fields_of(etree.fromstring(arch), self.env["res.partner"])

    def _fields_of(self, node, model):
        specification = {}
        for child in node:
            if not isinstance(child.tag, str):
                continue
            if child.tag != "field":
                specification |= self._fields_of(child, model)
                continue
            field = model._fields[child.get("name")]
            found = specification.setdefault(field.name, {})
            if field.type == "many2one":
                found["fields"] = {"display_name": {}}
            elif field.relational:
                sub = child.find("list")
                comodel = self.env[field.comodel_name]
                found["fields"] = self._fields_of(sub, comodel) if sub is not None else {}
        return specification

    def _count(self, read):
        counts = []
        for _turn in range(2):  # the first one fills what is cached for all
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            read(self.contacts.with_user(self.rep))
            counts.append(self.env.cr.sql_log_count - before)
        return counts[-1]

    def _send_promos(self, count):
        for number in range(count):
            self._create_promo(name=f"Promo {number}").action_send()
        self._run_queues()

    def test_the_lists_ask_for_no_promotion(self):
        view = self.env.ref("bizuno_crm.res_partner_view_list_customer", raise_if_not_found=False)
        specification = self._specification(view.id if view else False, "list")
        self.assertNotIn("promo_recipient_ids", specification)

        def read(contacts):
            contacts.web_search_read([("id", "in", contacts.ids)], specification, limit=80)

        without = self._count(read)
        self._send_promos(3)
        self.assertEqual(self._count(read), without)

    def test_the_form_asks_for_no_promotion_before_its_tab_is_opened(self):
        specification = self._specification(False, "form")
        self.assertNotIn("promo_recipient_ids", specification)

        def read(contacts):
            contacts[0].web_read(specification)

        without = self._count(read)
        self._send_promos(3)
        self.assertEqual(self._count(read), without)

    def test_the_tab_costs_the_same_with_one_promotion_and_with_many(self):
        view = self.env.ref("bizuno_crm.bizuno_promo_recipient_view_list_contact")
        columns = self._fields_of(etree.fromstring(view.arch), self.env["bizuno.promo.recipient"])
        self.assertEqual(set(columns), {"date", "promo_id", "email", "status"})
        rows = []

        def read(contacts):
            action = contacts[0].action_view_promotions()
            model = contacts.env[action["res_model"]]
            rows[:] = model.web_search_read(action["domain"], columns, limit=20)["records"]

        self._send_promos(1)
        one = self._count(read)
        self.assertLessEqual(one, 11, "8 of the rows, 3 of the user and the action")
        self._send_promos(9)
        self.assertEqual(self._count(read), one)
        self.assertEqual(
            [row["promo_id"]["display_name"] for row in rows][:2], ["Promo 8", "Promo 7"]
        )
        self.assertEqual(len(rows), 10)
        recipient = self.env["bizuno.promo.recipient"].with_user(self.rep).browse(rows[0]["id"])
        action = recipient.action_open_promo()
        promo = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(promo.name, "Promo 8", "a click on a row opens what was sent")

    def test_who_may_not_see_promotions_has_no_such_tab(self):
        employee = self.users["employee"]
        arch = self.env["res.partner"].with_user(employee).get_view(False, "form")["arch"]
        self.assertNotIn("action_view_promotions", arch)
        with self.assertRaises(AccessError):
            self.contacts[0].with_user(employee).action_view_promotions()
