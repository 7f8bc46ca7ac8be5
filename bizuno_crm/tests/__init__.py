from . import test_contact_delete
from . import test_contact_id
from . import test_contact_id_concurrency
from . import test_contact_install
from . import test_contact_merge
from . import test_contact_roles
from . import test_contact_status
from . import test_contact_tours
