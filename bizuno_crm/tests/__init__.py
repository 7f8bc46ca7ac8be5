from . import test_contact_roles
