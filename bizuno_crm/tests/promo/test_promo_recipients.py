from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..common_promo import PromoCommon


@tagged("post_install", "-at_install")
class TestPromoRecipients(PromoCommon):
    """Who gets a promotion, who does not, and why: before anything is sent."""

    def test_every_reason_to_be_left_out(self):
        self._create_contact("Gets It")
        self._create_contact("No Address", email="")
        self._create_contact("Blank Address", email="  ")
        self._create_contact("Invalid", email="nobody at all")
        self._create_contact("Archived").action_archive()
        self._create_contact("Blacklisted")
        self.env["mail.blacklist"].sudo()._add("blacklisted@example.com")
        opted_out = self._create_contact("Opted Out", newsletter=True)
        opted_out.newsletter = False
        self._create_contact("Twin", email="GETS.it@Example.com ")
        promo = self._create_promo()
        verdicts = self._verdicts(promo)
        self.assertEqual(
            verdicts,
            {
                "Gets It": "included",
                "No Address": "no_address",
                "Blank Address": "no_address",
                "Invalid": "invalid",
                "Archived": "archived",
                "Blacklisted": "blacklisted",
                "Opted Out": "opted_out",
                "Twin": "duplicate",
            },
        )
        promo.action_send()
        self.assertEqual(promo.history_ids.recipient_ids.mapped("email"), ["gets.it@example.com"])
        self.assertEqual(promo.history_ids.recipient_count, 1)
        self.assertIn("Opted out: 1", promo.history_ids.left_out_text)
        self.assertEqual(self._verdicts(promo)["Gets It"], "already")

    def test_a_field_with_several_addresses_does_not_beat_the_deduplication(self):
        self._create_contact("One", email="one@example.com")
        self._create_contact("Both", email="one@example.com, two@example.com")
        self._create_contact("Formatted", email='"Mr One" <ONE@example.com>')
        promo = self._create_promo()
        promo.action_send()
        self.assertEqual(self._run_queues(), ["one@example.com"])

    def test_the_latest_choice_of_an_address_counts(self):
        first = self._create_contact("First", email="same@example.com", newsletter=True)
        second = self._create_contact("Second", email="same@example.com", newsletter=True)
        first.sudo().write({"newsletter_date": "2024-01-01 00:00:00"})
        second.newsletter = False
        promo = self._create_promo(distribution="newsletter")
        self.assertEqual(self._verdicts(promo)["First"], "opted_out")
        second.sudo().write({"newsletter_date": "2023-01-01 00:00:00"})
        self.assertEqual(self._verdicts(promo)["First"], "included")

    def test_distributions(self):
        self.env["res.partner"].search([("newsletter", "=", True)]).newsletter = False
        self._create_contact("Subscriber", newsletter=True)
        self._create_contact("Customer Alone")
        self._create_contact("Lead", customer_rank=0, role_customer=False, role_lead=True)
        self._create_contact("Vendor", role_customer=False, role_vendor=True)
        firm = self._create_contact("Firm", role_customer=False, is_company=True)
        self._create_contact(
            "Person", customer_rank=0, role_customer=False, parent_id=firm.id, role_lead=True
        )
        self._create_contact("Invoiced", customer_rank=1, role_customer=False, parent_id=firm.id)
        newsletter = self._verdicts(self._create_promo(distribution="newsletter"))
        self.assertEqual(
            {name for name, verdict in newsletter.items() if verdict == "included"}, {"Subscriber"}
        )
        everybody = self._verdicts(self._create_promo(distribution="all"))
        self.assertTrue({"Subscriber", "Customer Alone", "Lead", "Person"} <= everybody.keys())
        self.assertFalse({"Vendor", "Firm", "Invoiced"} & everybody.keys())

    def test_subscribers_who_have_unsubscribed_are_named(self):
        self.env["res.partner"].search([("newsletter_date", "!=", False)]).write({
            "newsletter": False, "newsletter_date": False,
        })  # fmt: skip
        for name in ("Stays", "Leaves", "Black"):
            self._create_contact(name, newsletter=True)
        self._create_contact("Never")
        self.env["res.partner"].search([("name", "=", "Leaves")]).newsletter = False
        self.env["mail.blacklist"].sudo()._add("black@example.com")
        promo = self._create_promo(distribution="newsletter")
        self.assertEqual(
            self._verdicts(promo),
            {"Stays": "included", "Leaves": "opted_out", "Black": "blacklisted"},
        )
        promo.action_send()
        self.assertIn("Opted out: 1", promo.history_ids.left_out_text)

    def test_several_addresses_in_one_field_are_said(self):
        for name, email in (
            ("Two", "first@example.com; second@example.com"),
            ("Three", "Two <two@example.com>, three@example.com"),
            ("Plain", '"Info@Home" <plain@example.com>'),
        ):
            self._create_contact(name, email=email)
        promo = self._create_promo()
        candidates = (
            self.env["bizuno.promo.candidate"]
            .with_user(self.sender)
            .with_context(bizuno_promo_id=promo.id)
            .search([("reason", "=", "included")])
        )
        self.assertEqual(
            {c.partner_id.name: (c.email_normalized, c.has_several) for c in candidates},
            {"Two": ("first@example.com", True), "Three": ("two@example.com", True),
             "Plain": ("plain@example.com", False)},
        )  # fmt: skip

    def test_a_filter_by_role_tag_rep_and_country(self):
        country = self.env.ref("base.nz")
        wanted = self._create_contact(
            "Wanted", country_id=country.id, user_id=self.users["rep"].id, role_lead=True
        )
        self._create_contact("Elsewhere", country_id=self.env.ref("base.fr").id)
        promo = self._create_promo(
            partner_domain=repr([
                ("role_lead", "=", True), ("country_id", "=", country.id),
                ("user_id", "=", self.users["rep"].id), ("category_id", "in", self.tag.ids),
            ])
        )  # fmt: skip
        self.assertEqual(self._verdicts(promo), {wanted.name: "included"})

    def test_a_filter_by_market(self):
        market = self.env["bizuno.market"].create({"code": "promo", "name": "Promo test"})
        inside = self._create_contact("Inside")
        outside = self._create_contact("Outside")
        projects = self.env["bizuno.project"].with_user(self.sender)
        projects.create([
            {"name": "One", "partner_id": inside.id, "market_id": market.id},
            {"name": "Two", "partner_id": inside.id, "market_id": market.id},
            {"name": "Other", "partner_id": outside.id},
        ])  # fmt: skip
        promo = self._create_promo(partner_domain=repr([("project_ids.market_id", "=", market.id)]))
        self.assertEqual(self._verdicts(promo), {"Inside": "included"})
        promo.action_send()
        self.assertEqual(self._run_queues(), ["inside@example.com"])

    def test_each_condition_alone(self):
        country = self.env.ref("base.nz")
        tag = self.env["res.partner.category"].create({"name": "Alone"})
        rep = self.users["rep"]
        for name, values, condition in (
            ("Role", {"role_branch": True}, ("role_branch", "=", True)),
            ("Tag", {"category_id": [Command.link(tag.id)]}, ("category_id", "in", tag.ids)),
            ("Rep", {"user_id": rep.id}, ("user_id", "=", rep.id)),
            ("Country", {"country_id": country.id}, ("country_id", "=", country.id)),
        ):
            contact = self._create_contact(name)
            contact.write(values)
            self._create_contact(f"Not {name}")
            promo = self._create_promo(partner_domain=repr([("name", "like", name), condition]))
            self.assertEqual(self._verdicts(promo), {name: "included"})

    def test_an_empty_or_wrong_selection_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "would include every contact"):
            self._create_promo(partner_domain="[]")
        for wrong in ("[('no_such_field', '=', 1)]", "__import__('os')", "[(", "5"):
            with self.assertRaisesRegex(ValidationError, "is not a filter of contacts"):
                self._create_promo(partner_domain=wrong)

    def test_contacts_of_another_company_are_not_addressed(self):
        other = self.env["res.company"].sudo().create({"name": "Other company"})
        foreign = self._create_contact("Foreign")
        foreign.sudo().write({"company_id": other.id})
        self._create_contact("Own")
        self.assertEqual(self._verdicts(self._create_promo()), {"Own": "included"})

    def test_nobody_left_is_said_with_the_reasons(self):
        self._create_contact("Silent", email="")
        promo = self._create_promo()
        with (
            self.assertRaisesRegex(UserError, r"Nobody is left.*No e-mail address \(1\)"),
            self.env.cr.savepoint(),
        ):
            promo.action_send()
        self.assertFalse(promo.history_ids)

    def test_preparing_is_a_constant_number_of_queries(self):
        counts = []
        for size in (5, 60):
            self.env["res.partner"].create([
                {"name": f"Many {size} {n}", "email": f"many{size}.{n}@example.com",
                 "category_id": [Command.link(self.tag.id)]}
                for n in range(size)
            ])  # fmt: skip
            promo = self._create_promo()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            history = promo._freeze()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertGreaterEqual(history.recipient_count, size)
        self.assertLessEqual(counts[1], counts[0], counts)

    def test_the_list_needs_the_right_to_read_promotions(self):
        promo = self._create_promo()
        candidates = self.env["bizuno.promo.candidate"].with_context(bizuno_promo_id=promo.id)
        with self.assertRaises(AccessError):
            candidates.with_user(self.users["employee"]).search([])
        self.assertFalse(self.env["bizuno.promo.candidate"].with_user(self.users["rep"]).search([]))

    def test_a_branch_writes_to_the_contacts_of_its_company(self):
        root = self.env.company
        branch, stranger = self.env["res.company"].create(
            [{"name": "Branch", "parent_id": root.id}, {"name": "Stranger"}]
        )
        self.sender.company_ids |= branch + stranger
        for name, company in (("Root", root), ("Branch", branch), ("Stranger", stranger)):
            self._create_contact(name, company_id=company.id)
        self._create_contact("Everybody")
        addressed = {
            company.name: set(self._verdicts(self._create_promo(company_id=company.id)))
            for company in (branch, stranger)
        }
        self.assertEqual(addressed["Branch"], {"Root", "Branch", "Everybody"})
        self.assertEqual(addressed["Stranger"], {"Stranger", "Everybody"})
        own = set(self._verdicts(self._create_promo()))
        self.assertEqual(own, {"Root", "Everybody"}, "what is a branch's is not the company's")
