from lxml import etree
from odoo.tests import tagged

from .common_promo import PromoCommon


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

    def test_the_form_costs_the_same_with_one_promotion_and_with_many(self):
        specification = self._specification(False, "form")
        self.assertEqual(
            set(specification["promo_recipient_ids"]["fields"]),
            {"date", "promo_id", "email", "status"},
        )

        def read(contacts):
            contacts[0].web_read(specification)

        self._send_promos(1)
        one = self._count(read)
        self._send_promos(9)
        self.assertEqual(len(self.contacts[0].promo_recipient_ids), 10)
        self.assertEqual(self._count(read), one)
        without = {
            name: spec for name, spec in specification.items() if name != "promo_recipient_ids"
        }
        tab = one - self._count(lambda contacts: contacts[0].web_read(without))
        self.assertLessEqual(tab, 8, "what the tab itself costs")
