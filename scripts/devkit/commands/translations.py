"""`dev.py translations`: bring the addon's terms into its .pot file and its languages.

What is translated stays; a new term is empty in each language until somebody translates it, and
the tests say so.
"""

import polib

from devkit import console, databases, paths
from devkit.odoo_cli import Odoo

I18N = paths.ROOT / paths.ADDON / "i18n"


def main(arguments):
    odoo = Odoo()
    name = paths.database_name("i18n")
    databases.with_addon(odoo, name)
    exported = paths.LOCAL / "terms.pot"
    odoo.call(
        name, "-d", name, "-o", exported, paths.ADDON, subcommand=("i18n", "export"), log="i18n"
    )
    odoo.server.drop(name)
    terms = polib.pofile(str(exported))
    # Without the hour of the export the file changes only when a term does.
    terms.metadata = {
        key: value for key, value in terms.metadata.items() if not key.endswith("-Date")
    }
    terms.metadata["Content-Transfer-Encoding"] = "8bit"
    I18N.mkdir(exist_ok=True)
    terms.save(str(I18N / f"{paths.ADDON}.pot"))
    for path in sorted(I18N.glob("*.po")):
        language = polib.pofile(str(path))
        language.merge(terms)
        for entry in language.obsolete_entries():
            language.remove(entry)
        language.save()
        missing = len(language.untranslated_entries())
        console.say(f"{path.stem}: {missing} of {len(terms)} terms without a translation")
    return 0
