"""Sets up Odoo, Python, PostgreSQL and the databases of this project on a fresh machine."""
