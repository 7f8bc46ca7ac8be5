"""A newer dump of a company that people have worked on here since, and one with rows of contacts
that are gone."""

from odoo.tests import freeze_time, tagged

from .test_import_orders import BooksCommon

TODAY = "2026-11-26"
# In company A: what stands in the row of a contact.
SHORT_TERMS = "'3:2:10'"
# And in that of an order.
ORDER_OF_REP = b"'2026-09-07','2026-09-07',2,'3:2:10:30:20000'"


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestNewerDump(BooksCommon):
    def _edited(self, **of_contacts):
        """Company A, with other values in the rows of some contacts.

        :param of_contacts: {"c" and its ID in Bizuno: {text of its row: other text}, or None for
            one that was deleted}
        """
        lines = self._changed("company_a").decode().split("\n")
        begin = lines.index("INSERT INTO `contacts` VALUES")
        for contact, texts in of_contacts.items():
            start = f"({contact[1:]},"
            at = next(n for n in range(begin, len(lines)) if lines[n].startswith(start))
            for old, new in (texts or {}).items():
                self.assertEqual(lines[at].count(old), 1, (contact, old, lines[at]))
                lines[at] = lines[at].replace(old, new)
            if texts is None:
                self.assertTrue(lines[at].endswith(","))
                del lines[at]
        return "\n".join(lines).encode()

    def _touched(self, run):
        return {one.key for one in run.sudo().record_ids if one._is_touched()}

    def test_nobody_has_changed_what_just_came_and_undo_leaves_nothing(self):
        run = self._import()
        self.assertFalse(self._touched(run))
        run.action_undo()
        self.assertFalse(run.made_ids)

    def test_terms_that_bizuno_writes_in_short_are_brought_up_to_date(self):
        self._import()
        house = self._partner("TERM-T3s")
        self.assertEqual(house.bizuno_terms, "3:2:10:30:1000")
        run = self._import(data=self._edited(c21={SHORT_TERMS: "'3:1:5'"}))
        self.assertFalse(self._told(run, "both in Bizuno and in Odoo"))
        self.assertEqual(house.bizuno_terms, "3:1:5:30:1000")
        self.assertEqual(run.counts["contacts"]["updated"], 1)

    def test_a_person_never_says_where_its_account_is(self):
        run = self._import()
        account = self._partner("FL-ALL")
        city = account.city
        person = account.child_ids.filtered(lambda one: one.type == "contact")[0]
        account.write({"city": "Elsewhere", "vat": "US-99"})
        self.assertEqual(person.city, "Elsewhere")
        # Only the account was changed.
        self.assertEqual(len(self._touched(run)), 1)
        again = self._import(overwrite=True)
        self.assertEqual([account.city, person.city], 2 * [city])
        self.assertTrue(city)
        self.assertEqual(again.counts["contacts"]["updated"], 1)
        self.assertFalse(again.counts["addresses"].get("updated"))
        self.assertUnchanged(self._import(overwrite=True))

    def test_who_is_gone_there_keeps_his_projects_here(self):
        self._import()
        contact = self._partner("FL-ALL")
        projects = contact.project_ids
        self.assertGreater(len(projects), 2)
        run = self._import(data=self._edited(c54=None))
        self.assertEqual(contact.project_ids, projects)
        self.assertFalse(run.counts["projects"].get("updated"))

    def test_a_document_of_who_is_gone_is_told_once(self):
        run = self._import(data=self._edited(c74=None))
        count = run.counts["documents"]["skipped"]
        self.assertEqual(count, 20)
        told = self._told(run, "names a contact that no longer exists in Bizuno")
        self.assertEqual(len([row for row in told if row[3] == "74"]), count)
        self.assertFalse(self._told(run, "was moved without that contact"))
        self.assertFalse(self._told(run, "contact of the document was not moved"))
        self.assertGreaterEqual(run.left_out_count, count)
        # They are missing in the proof, and come with the next dump.
        self.assertIn(("74", "receivable", 1800.21, 0.0), [tuple(row) for row in run.proof])
        self.assertEqual(self._import().counts["documents"]["created"], count)

    def test_a_sales_rep_who_is_no_user_is_told(self):
        data = self._edited(c12={"'0','0',0,'0',NULL": "'0','11',0,'0',NULL"})
        self.assertEqual(data.count(ORDER_OF_REP), 1)
        run = self._import(data=data.replace(ORDER_OF_REP, ORDER_OF_REP.replace(b",2,", b",5,")))
        told = self._told(run, "not a user in Bizuno")
        self.assertEqual(
            told,
            [
                ("contacts", "12", "rep_id", "11"),
                ("contacts", "57", "rep_id", "5"),
                ("journal_main", "", "rep_id", "Ottoline Brack"),
                ("contacts_log", "", "entered_by", "Ottoline Brack"),
                ("contacts_log", "", "entered_by", "7777"),
            ],
        )
        self.assertFalse(self._partner("TERM-T0").user_id)

    def test_a_line_of_a_payment_that_is_gone_is_told_and_counts_as_in_bizuno(self):
        lines = self._edited().decode().split("\n")
        [receipt] = [line for line in lines if line.startswith("(139,") and ",18," in line]
        lines.remove(receipt)
        run = self._import(data="\n".join(lines).encode())
        told = self._told(run, "payment that this line belongs to")
        self.assertEqual(told, [("journal_item", "457", "ref_id", "139")])
        invoice = self.env["account.move"].search([("name", "=", "INV00075")])
        self.assertEqual(invoice.amount_residual, 372.47)

    def test_who_is_only_a_login_is_told_and_so_is_what_belongs_to_him(self):
        call = "(1,54,"
        lines = self._edited().decode().split("\n")
        begin = lines.index("INSERT INTO `contacts_log` VALUES")
        self.assertTrue(lines[begin + 1].startswith(call))
        lines[begin + 1] = lines[begin + 1].replace(call, "(1,2,", 1)
        run = self._import(data="\n".join(lines).encode())
        logins = self._told(run, "only a login")
        self.assertEqual([row[1] for row in logins], ["1", "2", "3", "4"])
        self.assertEqual(run.counts["contacts"]["skipped"], len(logins))
        self.assertEqual(self._told(run, "belongs to a contact that was not moved"),
                         [("contacts_log", "1", "contact_id", "2")])  # fmt: skip
