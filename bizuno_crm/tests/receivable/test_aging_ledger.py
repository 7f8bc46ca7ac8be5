from odoo.tests import freeze_time, tagged

from ..common_aging import AgingCommon


@tagged("post_install", "-at_install")
@freeze_time(AgingCommon.TODAY)
class TestAgingLedger(AgingCommon):
    """The report against the ledger; test_aging_oracle.py has ledgers of any kind."""

    def test_a_difference_to_the_ledger_names_its_entries(self):
        invoice = self._invoice(100, self._days_ago(10))
        self._invoice(50, self._days_ago(10))
        [control] = self.Aged._get_ledger_reconciliations()
        self.assertEqual((control["ledger"], control["difference"]), (150, 0))
        self.assertFalse(control["entries"])
        line = self._receivable_lines(invoice)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual = 60 WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()
        [control] = self.Aged._get_ledger_reconciliations()
        self.assertEqual((control["items"], control["difference"]), (110, 40))
        self.assertEqual(control["entries"], [(line, 40)])
