from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..common import BizunoLightCommon

MODELS = ("bizuno.market", "bizuno.project.stage", "bizuno.action.code")


@tagged("post_install", "-at_install")
class TestCodes(BizunoLightCommon):
    """Blanks around a code are none of it: of markets, stages and action codes alike, as a Bizuno
    Manager types them."""

    def _records(self, name, user="bizuno_manager"):
        return self.env[name].with_user(self.users[user])

    def _type(self, records, code, name="Typed"):
        """:return: the new record, or this one with another code"""
        with Form(records) as row:
            row.code = code
            row.name = name
        self.env.flush_all()
        return row.record

    def test_blanks_are_taken_off(self):
        for name in MODELS:
            with self.subTest(model=name):
                record = self._type(self._records(name), "  blank \t")
                self.assertEqual(record.code, "blank")
                self.assertEqual(self._type(record, " newer\u00a0").code, "newer")
                with Form(self._records(name).with_context(default_code=" ctx ")) as row:
                    self.assertEqual(row.code, "ctx")
                    row.name = "Context"
                self.assertEqual(row.record.code, "ctx")
                created = self._records(name).with_context(default_code=" rpc ")
                self.assertEqual(created.create({"name": "By a program"}).code, "rpc")

    def test_a_code_that_differs_by_blanks_or_case_is_taken(self):
        for name in MODELS:
            self._type(self._records(name), "first")
            other = self._type(self._records(name), "second")
            for code in (" first", "First  ", "FIRST"):
                for records in (self._records(name), other):
                    with (
                        self.subTest(model=name, code=code, records=records),
                        mute_logger("odoo.sql_db"),
                        self.assertRaises(IntegrityError),
                        self.env.cr.savepoint(),
                    ):
                        self._type(records, code)
                    self.env.invalidate_all()

    def test_blanks_alone_are_no_code(self):
        for name in MODELS:
            with self.subTest(model=name), mute_logger("odoo.sql_db"):
                with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                    self._type(self._records(name), "   ")

    def test_copies_have_codes_of_their_own(self):
        for name in MODELS:
            record = self._type(self._records(name), "orig")
            self.assertEqual(record.copy().code, "orig (copy)")

    def test_a_rep_types_none(self):
        for name in MODELS:
            record = self._type(self._records(name), "mine")
            for records in (self._records(name, "rep"), record.with_user(self.users["rep"])):
                with self.subTest(records=records), self.assertRaises(AccessError):
                    self._type(records, "theirs")
            self.assertEqual(record.code, "mine")
