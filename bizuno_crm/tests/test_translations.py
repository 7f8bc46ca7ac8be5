import re
from collections import Counter
from pathlib import Path

import polib
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import TranslationModuleReader

I18N = Path(__file__).parents[1] / "i18n"
# What Odoo fills in, and what its pages are made of: a translation has to leave them alone.
FIXED = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}|</?\w+|&\w+;")


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = {entry.msgid for entry in polib.pofile(str(I18N / "bizuno_crm.pot"))}
        cls.languages = {path.stem: polib.pofile(str(path)) for path in sorted(I18N.glob("*.po"))}

    def test_the_template_has_the_terms_of_the_addon(self):
        reader = TranslationModuleReader(self.env.cr, modules=["bizuno_crm"])
        terms = {source for _module, _type, _name, _id, source, _value, _comments in reader}
        self.assertTrue(terms)
        self.assertEqual(self.terms, terms, "Run `python3 scripts/dev.py translations`")

    def test_every_term_is_translated(self):
        self.assertEqual(list(self.languages), ["de", "es", "fr"])
        for code, language in self.languages.items():
            with self.subTest(language=code):
                translated = {entry.msgid for entry in language.translated_entries()}
                self.assertEqual(translated, self.terms)

    def test_a_translation_keeps_what_is_filled_in(self):
        for code, language in self.languages.items():
            changed = [
                (entry.msgid, entry.msgstr)
                for entry in language
                if Counter(FIXED.findall(entry.msgstr)) != Counter(FIXED.findall(entry.msgid))
            ]
            with self.subTest(language=code):
                self.assertFalse(changed)

    def test_they_are_loaded_with_a_language(self):
        """Labels, choices, views and messages, as a French user has them."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["base", "bizuno_crm"], ["fr_FR"])
        french = {entry.msgid: entry.msgstr for entry in self.languages["fr"]}
        aged = self.env["bizuno.aged.receivable"].with_context(lang="fr_FR")
        labels = aged.fields_get(["balance", "bucket"])
        self.assertEqual(labels["balance"]["string"], french["Balance"])
        self.assertEqual(dict(labels["bucket"]["selection"])["current"], french["Current"])
        self.assertNotEqual(french["Past Due"], "Past Due")
        search = self.env.ref("bizuno_crm.bizuno_aged_receivable_view_search")
        self.assertIn(french["Past Due"], search.with_context(lang="fr_FR").arch)
        report = self.env["bizuno.aged.receivable.report"].with_context(lang="fr_FR").new({})
        self.assertEqual(report._get_no_customer_label(), french["No customer"])
