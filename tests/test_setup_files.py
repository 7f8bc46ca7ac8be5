import hashlib
import os
from pathlib import Path

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestFilesSideBySide(TransactionCase):
    """Processes that run tests side by side share the folder of files."""

    def test_no_process_removes_what_its_own_database_does_not_know(self):
        attachments = self.env["ir.attachment"]
        content = b"a file of the test of another process"
        name = attachments._file_write(content, hashlib.sha1(content).hexdigest())
        path = Path(attachments._full_path(name))
        self.addCleanup(path.unlink, missing_ok=True)
        self._gc_filestore()
        is_one_of_several = "PYTEST_XDIST_WORKER" in os.environ
        self.assertEqual(path.exists(), is_one_of_several)
