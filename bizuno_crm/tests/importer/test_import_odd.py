"""What is odd in a file, who brings it over, and when: nothing is lost without a word, nothing is
booked that nobody can read, and one row stops no company."""

import gzip
import random
import re

from odoo.exceptions import UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .test_import import DATA, ImportCommon
from .test_import_orders import INVOICE, BooksCommon

TODAY = "2026-11-26"
PAYMENT = "(457,139,105,'pmt',0,'0',1,NULL,1,'Inv # INV00075, PO # None',0,20,"
DATED = "392.47,NULL,'INV00075','0','0','2026-10-17'"
QUOTED_LINE = r"(157,46,0,'itm',0,'0',2,'HUB \"A\"',4"
# What may stand in a column, and is no value that one expects there.
NASTY = (rb"'a\0b'", b"'0026-11-25 00:00:00'", b"'9999-12-31'", b"'2026-02-31'", b"1e400", b"-1",
         b"99999999999999999999", b"'1.234,50'", b"NULL", b"''", rb"'{\"a\":\"\\ud83d\\u0000\"}'",
         b"'[[[[]]]]'", b"0", b"'null'", b"0xFF", b"'=1+1'", b"1e-9", b"'x'")  # fmt: skip


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestOpeningAccount(ImportCommon):
    _proposes_account = True

    def _unaffected(self):
        return self.env.company.get_unaffected_earnings_account()

    def test_odoos_own_account_is_proposed_and_then_what_was_chosen(self):
        own = self._unaffected()
        wizard = self._wizard("company_c_pre7")
        self.assertEqual(wizard.opening_account_id, own)
        mine = self.env["account.account"].create(
            {"code": "BIZ998", "name": "Mine", "account_type": "equity"}
        )
        wizard.opening_account_id = mine
        wizard.action_try()
        self.assertEqual(self._wizard("company_c_pre7").opening_account_id, mine)
        self.env["bizuno.import.run"].sudo().search([]).opening_account_id = False
        mine.unlink()
        self.assertEqual(self._wizard("company_c_pre7").opening_account_id, own)

    def test_without_it_each_open_document_is_told_and_counted(self):
        wizard = self._wizard("company_a")
        wizard.opening_account_id = False
        run = self.env["bizuno.import.run"].browse(wizard.action_run()["res_id"])
        count = run.counts["documents"]
        self.assertGreater(count["read"], 30)
        self.assertEqual(count["skipped"], count["read"])
        self.assertEqual(count["read"], wizard.expected["documents"])
        told = [row for row in self._problems(run) if "No opening account" in row[4]]
        self.assertEqual(len(told), count["read"])
        self.assertGreaterEqual(run.left_out_count, count["read"])
        # And the report says what is missing.
        owed = sum(row[2] - row[3] for row in run.proof if row[1] == "receivable")
        self.assertAlmostEqual(owed, 19688.57, 2)
        self.assertNotIn("is the same in both", run.report)
        wizard = self._wizard("company_a")
        wizard.opening_account_id = self._unaffected()
        wizard.action_run()
        aged = self.env["bizuno.aged.receivable"].with_context(aged_at=TODAY)
        [(total,)] = aged._read_group([], [], ["amount_total:sum"])
        self.assertAlmostEqual(total, 19688.57, 2)

    def test_documents_that_are_here_stay_when_the_account_is_emptied(self):
        self._import("company_c_pre7")
        moves = self.env["account.move"].search([("journal_id.code", "in", ("BZS", "BZP"))])
        self.assertGreater(len(moves), 30)
        run = self._import("company_c_pre7", opening_account_id=False)
        self.assertUnchanged(run)
        self.assertNotIn("skipped", run.counts["documents"])
        self.assertEqual({*moves.mapped("state")}, {"posted"})


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestSecondRunByAnother(ImportCommon):
    #: A promotion without any date, and the reminders of projects of nobody known.
    UNDATED = (r"(3,'Never sent',NULL,NULL,", r"(3,'Never sent','0000-00-00',NULL,")

    def _another(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        return new_test_user(
            self.env, "import_admin_2", "base.group_system",
            company_id=self.env.company.id, company_ids=self.env.company.ids, lang="fr_FR",
        )  # fmt: skip

    def _run_as(self, user, day, name, data=None):
        with freeze_time(day):
            wizard = self._wizard(name, data, user)
            return self.env["bizuno.import.run"].browse(wizard.action_run()["res_id"])

    def _facts(self):
        log = self.env["bizuno.contact.log"].search([])
        reminders = self.env["bizuno.reminder"].search([("project_id", "!=", False)])
        promos = self.env["bizuno.promo"].with_context(active_test=False).search([])
        self.env.invalidate_all()
        return (
            {one.id: one.user_id for one in [*log, *reminders, *promos.history_ids]},
            {one.id: (one.date_start, one.date_end) for one in promos},
        )

    def _run_twice(self, name, data=None):
        """:return: who has done what, and the dates of promotions, after two runs by two people"""
        another = self._another()
        self._run_as(self.admin, TODAY, name, data)
        before = self._facts()
        with self._written_tables() as tables:
            run = self._run_as(another, "2026-11-30", name, data)
        self.assertLessEqual(
            tables, {"bizuno_import", "bizuno_import_choice", "bizuno_import_run", "ir_attachment"}
        )
        self.assertUnchanged(run)
        self.assertEqual(self._facts(), before)
        self.assertIn(self.admin, before[0].values())
        return before

    def test_nothing_is_written_by_another_administrator_on_another_day(self):
        self._run_twice("company_a")

    def test_nothing_is_written_of_a_promotion_without_dates(self):
        data = self._changed("company_c_pre7", self.UNDATED)
        _users, dates = self._run_twice("company_c_pre7", data)
        self.assertIn(TODAY, {str(day) for day, _end in dates.values()})

    def test_who_is_known_later_gets_his_calls(self):
        wizard = self._wizard("company_c_pre7")
        wizard.user_choice_ids.user_id = False
        wizard.action_run()
        mine = self.env["bizuno.contact.log"].search([("user_id", "=", self.admin.id)])
        self.assertEqual(len(mine), 14)
        wizard = self._wizard("company_c_pre7", user=self._another())
        choice = wizard.user_choice_ids.filtered(lambda one: one.code == "user:1")
        choice.user_id = self.mabel
        wizard.action_run()
        self.assertEqual(mine.user_id, self.mabel)

    def test_a_promotion_of_which_only_the_end_is_known_begins_then(self):
        data = self._changed(
            "company_c_pre7", (self.UNDATED[0], r"(3,'Never sent',NULL,'2026-05-31',")
        )
        self._import("company_c_pre7", data)
        promo = self.env["bizuno.promo"].search([("name", "=", "Never sent")])
        self.assertEqual([str(promo.date_start), str(promo.date_end)], 2 * ["2026-05-31"])


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestUnreadAmounts(BooksCommon):
    def _left(self, run):
        """:return: what is told of a document that was left out"""
        return self._told(run, "or of one of its payments, cannot be read")

    def _proof(self, run):
        return [(round(row[2], 2), round(row[3], 2)) for row in run.proof
                if row[0] == "Terms house T0x"]  # fmt: skip

    def test_nothing_is_booked_that_nobody_can_read(self):
        whole = self._import()
        whole.action_undo()
        for old, new, row in (
            (INVOICE, INVOICE.replace("392.47", "'392,47'"), ("journal_main", "105", "392,47")),
            (PAYMENT, PAYMENT.replace(",20,", ",'20 EUR',"), ("journal_item", "457", "20 EUR")),
        ):
            with self.subTest(row):
                run = self._import(data=self._changed("company_a", (old, new)))
                self.assertFalse(self.env["account.move"].search([("name", "=", "INV00075")]))
                self.assertFalse(
                    self.env["account.move"].search(
                        [("journal_id.code", "=", "BZS"), ("amount_total", "=", 20.0)]
                    )
                )
                self.assertEqual(self._left(run),
                                 [("journal_main", "105", "invoice_num", "INV00075")])  # fmt: skip
                numbers = self._told(run, "not a number in a database format")
                self.assertEqual([(one[0], one[1], one[3]) for one in numbers], [row])
                self.assertEqual(run.left_out_count, whole.left_out_count + 1)
                self.assertNotIn("is the same in both", run.report)
                self.assertIn("journal could not be read, so its amounts may differ", run.report)
                self.assertEqual(len(self._proof(run)), 1)
                # All that can be read is the same.
                different = [one[0] for one in run.proof if round(one[2] - one[3], 2)]
                self.assertEqual(different, ["Terms house T0x"])
                run.action_undo()

    def test_an_order_with_a_quantity_that_nobody_can_read_is_left_out(self):
        line, filling = "'GEAR-20',5,'Gear, 20 teeth',0,120,", "'GEAR-20',4,'Gear, 20 teeth',0,96,0"
        run = self._import(
            data=self._changed(
                "company_a",
                (line, line.replace(",5,", ",'5,0',")),
                (filling, filling.replace(",4,", ",'four',")),
            )
        )
        self.assertFalse(self._order("SO00003") or self._order("SO00001"))
        self.assertEqual({row[3] for row in self._left(run)}, {"SO00001", "SO00003"})

    def test_what_was_booked_before_stays_when_the_file_cannot_be_read_any_more(self):
        first = self._import()
        invoice = self.env["account.move"].search([("name", "=", "INV00075")])
        order = self._order("SO00003")
        line = "'GEAR-20',5,'Gear, 20 teeth',0,120,"
        for changes in (
            [(INVOICE, INVOICE.replace("392.47", "'392,47'")), (line, line.replace("5", "'5,0'"))],
            [(DATED, DATED.replace("2026-10-17", "0000-00-00"))],
            # A value too few: nobody knows which documents these rows are about.
            [
                ("(105,10,12,0,'Sales: Terms", "(105,10,0,'Sales: Terms"),
                ("(149,11,10,0,", "(149,11,0,"),
            ],
        ):
            with self.subTest(changes):
                run = self._import(data=self._changed("company_a", *changes))
                self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 372.47))
                self.assertEqual(order.state, "sale")
                self.assertNotIn("updated", run.counts["documents"])
                self.assertTrue(run.left_out_count > first.left_out_count)

    def test_a_document_without_a_date_is_missing_in_the_proof(self):
        run = self._import(
            data=self._changed("company_a", (DATED, DATED.replace("2026-10-17", "0000-00-00")))
        )
        self.assertIn(("journal_main", "105", "post_date", "0000-00-00"),
                      self._told(run, "has no date"))  # fmt: skip
        self.assertEqual(self._proof(run), [(932.67, 560.2)])
        self.assertIn("The open amount of one contact differs", run.report)

    def test_a_rate_that_nobody_can_read_makes_no_amount_in_that_currency(self):
        self.env.ref("base.EUR").active = True
        rate = "'EUR',0.95,"
        run = self._import(data=self._changed("company_a", (rate, rate.replace("0.95", "'0,95'"))))
        move = self.env["account.move"].search([("name", "=", "INV00092")])
        self.assertEqual((move.currency_id.name, move.amount_total), ("USD", 81.86))
        self.assertEqual([row[3] for row in self._told(run, "exchange rate")], ["EUR"])
        other = self.env["account.move"].search([("name", "=", "INV00051")])
        self.assertEqual(other.currency_id.name, "EUR")


@freeze_time(TODAY)
@tagged("post_install", "-at_install")
class TestOddRows(BooksCommon):
    def test_one_odd_row_stops_no_company(self):
        gold = r"\"qty\":10,\"source\":3,\"adjType\":2,\"adjValue\":10"
        dock = r"\"_refID\":54,\"aType\":\"s\",\"primary_name\":\"Main dock\""
        desk = "'All Flags & Co','Accounts desk',NULL,NULL,'Port Ellery','ME','04101','USA','sal"
        run = self._import(
            data=self._changed(
                "company_a",
                ("'Asked about gears'),\n(2,", "'Asked\\0 about gears'),\n(2,"),
                ("(3,54,'2026-11-03 00:00:00'", "(3,54,'0026-11-03 00:00:00'"),
                ("(6,29,'2026-10-01 00:00:00'", "(5,29,'2026-10-01 00:00:00'"),
                (dock, dock.replace("Main dock", r"Quay \\ud83d")),
                (desk, desk.replace("Accounts desk", r"Accounts\0 desk")),
                ("(446,135,18,'pmt'", "(457,135,18,'pmt'"),
                (gold, gold.replace("10", r"\"ten\"", 1)),
            )
        )  # fmt: skip
        self.assertEqual(run.state, "done")
        told = {row[:4] for row in self._problems(run)}
        self.assertLessEqual(
            {
                ("contacts_log", "3", "log_date", "0026-11-03 00:00:00"),
                ("contacts_log", "5", "id", "5"),
                ("journal_item", "457", "id", "457"),
            },
            told,
        )
        self.assertEqual(
            {row[1] for row in self._told(run, "A number of this level cannot be read")}, {"159"}
        )
        partner = self._partner("FL-ALL")
        self.assertIn("Quay", partner.child_ids.mapped("name"))
        self.assertIn("Accounts desk", partner.child_ids.mapped("name"))
        notes = partner.contact_log_ids.mapped("notes")
        self.assertTrue(any(note.startswith("Asked about gears") for note in notes), notes)
        log = self.env["bizuno.contact.log"].search([("company_id", "=", self.env.company.id)])
        self.assertEqual(len(log), 25)
        # The first payment of the two has this id, so that the second one is nobody's.
        invoice = self.env["account.move"].search([("name", "=", "INV00075")])
        self.assertEqual(invoice.amount_residual, 392.47)

    def test_what_the_database_refuses_is_told_with_its_row(self):
        importer = (
            self._import()
            .sudo()
            ._importer(
                self.env["bizuno.import.run"]._read_company(
                    lambda: (DATA / "company_c_pre7.sql.gz").open("rb")
                )
            )
        )
        partners = self.env["res.partner"]
        rows = [
            ("contacts.501", {"name": "Good"}),
            ("contacts.502", {"name": "N\0UL"}),
            ("contacts.503", {"name": "half \ud83d"}),
            ("contacts.504", {"name": "Long", "color": 10**12}),
            ("contacts.505", {"name": "No kind", "type": "nothing"}),
            ("contacts.506", {"name": "Better"}),
        ]
        saved = importer.save("contacts", partners, rows)
        self.assertEqual({*saved}, {"contacts.501", "contacts.506"})
        self.assertEqual({*partners.browse(saved.values()).mapped("name")}, {"Good", "Better"})
        self.assertEqual([(one.row, one.code) for one in importer.problems],
                         [(str(row), "refused") for row in (502, 503, 504, 505)])  # fmt: skip
        self.assertEqual(importer.counts["contacts"], {"read": 6, "created": 2, "skipped": 4})

    def test_items_with_like_numbers_have_each_an_external_id(self):
        run = self._import(
            data=self._changed("company_a", (QUOTED_LINE, QUOTED_LINE.replace(r"\"A\"", r"\'A\'")))
        )
        self.assertEqual(run.state, "done")
        products = self.env["product.product"].search(
            [("default_code", "in", ('HUB "A"', "HUB 'A'"))]
        )
        self.assertEqual(len(products), 2)
        ids = self.env["ir.model.data"].search(
            [("module", "=", "__bizuno__"), ("model", "=", "product.product"),
             ("res_id", "in", products.ids)]
        )  # fmt: skip
        self.assertEqual({*ids.mapped("res_id")}, {*products.ids})
        self.assertIn(f"c{self.env.company.id}_product_HUB_20__22_A_22_", ids.mapped("name"))

    def test_a_dump_without_a_table_that_is_needed_is_refused(self):
        data = gzip.decompress((DATA / "company_a.sql.gz").read_bytes())
        for table in (b"journal_item", b"contacts_meta", b"common_meta", b"configuration"):
            with self.assertRaisesRegex(UserError, f"no table {table.decode()},"):
                self._wizard(data=data.replace(b"`" + table + b"`", b"`other`"))
        self.assertFalse(self.env["res.partner"].search([("ref", "=", "FL-ALL")]))

    def test_whatever_stands_in_its_columns_the_company_comes_over_or_is_refused(self):
        """With other values drawn each day; the seed is told where it fails."""
        data = gzip.decompress((DATA / "company_c_pre7.sql.gz").read_bytes())
        value = re.compile(rb"'[^'\\\n]*+'(?=[,)])|(?<=,)[0-9.]++(?=[,)])")
        places = [
            found.span() for row in re.finditer(rb"^\(.*\)[,;]$", data, re.MULTILINE)
            for found in value.finditer(data, *row.span())
        ]  # fmt: skip
        self.assertGreater(len(places), 5_000)
        before, done = self.env["res.partner"].search_count([]), 0
        for _example in range(3):
            seed = random.randrange(10**6)
            with self.subTest(seed=seed):
                drawn, changed = random.Random(seed), bytearray(data)
                for begin, end in sorted(drawn.sample(places, 150), reverse=True):
                    changed[begin:end] = drawn.choice(NASTY)
                try:
                    wizard = self._wizard("company_c_pre7", bytes(changed))
                except UserError:
                    continue
                run = self.env["bizuno.import.run"].browse(wizard.action_try()["res_id"])
                self.assertEqual(run.state, "trial")
                for step, count in run.counts.items():
                    self.assertEqual(2 * count.get("read", 0), sum(count.values()), step)
                self.assertTrue(self._problems(run) and run.report)
                done += 1
        self.assertTrue(done)
        self.assertEqual(self.env["res.partner"].search_count([]), before)


@tagged("post_install", "-at_install")
class TestPeopleAsOdooMakesThem(ImportCommon):
    def test_people_and_addresses_have_what_they_would_have_of_their_account(self):
        self._import("company_a")
        partners, checked = self.env["res.partner"], 0
        accounts = partners.search(
            [("ref", "!=", False), ("parent_id", "=", False), ("child_ids", "!=", False),
             ("id", "in", self._made("res.partner"))], limit=8,
        )  # fmt: skip
        self.assertIn("FL-ALL", accounts.mapped("ref"))
        for account in accounts:
            for child in account.child_ids:
                # As a person makes one, whom Odoo gives what is the account's.
                own = {
                    name: child[name]
                    for name in ("street", "city", "zip")
                    if child.type != "contact"
                }
                other = partners.create(
                    {"name": "Other", "parent_id": account.id, "type": child.type, **own}
                )
                names = partners._commercial_fields()
                if child.type == "contact":
                    names = [*names, *partners._address_fields()]
                for name in names:
                    with self.subTest(account=account.ref, child=child.name, field=name):
                        self.assertEqual(child[name], other[name])
                checked += 1
        self.assertGreater(checked, 10)
        self.assertTrue(self._partner("FL-ALL").child_ids[0].property_payment_term_id)

    def _made(self, model):
        records = self.env["bizuno.import.record"].sudo().search([("res_model", "=", model)])
        return records.mapped("res_id")

    def test_an_account_without_an_address_has_that_of_its_first_person(self):
        # As Odoo has it for every contact that is the first one of a company.
        name = "(9,6,'m','Cadd\\'s \\\"Corner\\\"','Ms. Q',"
        place = name + "'2 Old Street',NULL,'Oldham Cross','VT','05002','DEU',"
        data = self._changed("company_c_pre7", (place, name + "NULL,NULL,NULL,NULL,NULL,'',"))
        self._import("company_c_pre7", data)
        self.assertEqual(self._partner("CUST-02").country_id.code, "US")
        self.assertEqual(self._partner("CUST-01").country_id.code, "US")
