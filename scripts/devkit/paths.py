"""Where everything lives: the user's cache directory, and one git-ignored folder here."""

import hashlib
import os
from pathlib import Path

ADDON = "bizuno_crm"
ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / f"{ADDON}_dev"
DATA_DIR = CACHE / "odoo-data"  # Odoo's filestores, a folder per database
CHECKOUT_ID = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]


def digest(*parts):
    """A short name for what depends on these texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def database_name(purpose):
    """A database of this checkout: other checkouts on the same server have their own."""
    return f"{ADDON}_{purpose}_{CHECKOUT_ID}"
