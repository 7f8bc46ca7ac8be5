import sys
from pathlib import Path

from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))

# How quickly inputs are made says something about the machine, not about the rule under test: on a
# cold or busy one the first draw alone takes a second.
settings.register_profile("bizuno_crm", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("bizuno_crm")
