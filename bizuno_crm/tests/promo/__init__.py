from . import test_promo_contacts
from . import test_promo_newsletter
from . import test_promo_process
from . import test_promo_recipients
from . import test_promo_send
from . import test_promo_smtp
from . import test_promo_tours
