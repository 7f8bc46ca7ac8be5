from . import test_till_credit
