from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..common import BizunoLightCommon

MODELS = ("bizuno.market", "bizuno.project.stage", "bizuno.action.code")


@tagged("post_install", "-at_install")
class TestCodes(BizunoLightCommon):
    """Blanks around a code are none of it: of markets, stages and action codes alike."""

    def test_blanks_are_taken_off(self):
        for name in MODELS:
            with self.subTest(model=name):
                record = self.env[name].create({"code": "  blank \t", "name": "New"})
                self.assertEqual(record.code, "blank")
                record.code = " newer\u00a0"
                self.assertEqual(record.code, "newer")
                with_default = self.env[name].with_context(default_code=" ctx ")
                self.assertEqual(with_default.create({"name": "Context"}).code, "ctx")

    def test_a_code_that_differs_by_blanks_or_case_is_taken(self):
        for name in MODELS:
            self.env[name].create({"code": "first", "name": "First"})
            other = self.env[name].create({"code": "second", "name": "Second"})
            for code in (" first", "First  ", "FIRST"):
                with self.subTest(model=name, code=code), mute_logger("odoo.sql_db"):
                    with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                        self.env[name].create({"code": code, "name": "Again"})
                    with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                        other.code = code
                        other.flush_recordset()

    def test_blanks_alone_are_no_code(self):
        for name in MODELS:
            with self.subTest(model=name), mute_logger("odoo.sql_db"):
                with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                    self.env[name].create({"code": "   ", "name": "Blank"})

    def test_copies_have_codes_of_their_own(self):
        for name in MODELS:
            record = self.env[name].create({"code": "orig", "name": "Original"})
            self.assertEqual(record.copy().code, "orig (copy)")
