from . import account_portal
from . import aging
from . import profit
from . import promo_portal
