"""Settings, read from the environment once and checked at boot."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Mode = Literal["production", "demo", "test"]
Held = Literal["demo", "real", "none", "unknown"]
KEY_BYTES = 32
SECRET_MINIMUM = 32
DEMO_SECRET = "foundations-demo-secret-not-for-real-use"  # noqa: S105 - refused in production mode

DEMO_IN_PRODUCTION = (
    "This database holds the demo practice, whose passwords everybody knows: it does not start in production mode. "
    "Name another database in DATABASE_URL, or set PRACTICE_MODE=demo."
)


class SettingsError(RuntimeError):
    """A setting is missing or too weak to start with; the message says which and how to mend it."""


@dataclass(frozen=True)
class Settings:
    """What the application needs to know of its surroundings.

    ``encryption_keys`` are (key id, 32 bytes), newest first: new data is sealed with the first, old data opened
    with any.
    """

    mode: Mode
    database_url: str
    secret_key: str
    encryption_keys: tuple[tuple[str, bytes], ...]
    base_url: str
    instance: Path
    mail_url: str | None = None
    redis_url: str | None = None
    metrics_token: str | None = None
    trusted_proxies: int = 0
    staff_idle_minutes: int = 15

    @property
    def is_demo(self) -> bool:
        """Whether this runs the demo practice: insecure cookies, ``.test`` addresses, the mail page."""
        return self.mode == "demo"

    @property
    def is_https(self) -> bool:
        """Whether people reach the practice over TLS."""
        return self.base_url.startswith("https://")

    @classmethod
    def from_env(
        cls, environ: Mapping[str, str], practice_in: Callable[[str], Held] = lambda _url: "unknown"
    ) -> "Settings":
        """Read settings from ``environ``. ``practice_in`` tells whose practice a database holds.

        Without PRACTICE_MODE it is production, but for a database with the demo practice, and for one with none as
        long as no secret is set either: there is nothing to protect yet.

        Raises SettingsError when production mode lacks a secret, has a weak one, or finds the demo practice.
        """
        instance = Path(environ.get("PRACTICE_INSTANCE", "instance")).resolve()
        database_url = _database_url(environ.get("DATABASE_URL"), instance)
        held = practice_in(database_url)
        is_untouched = held == "none" and "PRACTICE_SECRET_KEY" not in environ
        mode = environ.get("PRACTICE_MODE") or ("demo" if held == "demo" or is_untouched else "production")
        if mode not in ("production", "demo", "test"):
            msg = f"PRACTICE_MODE is {mode!r}; it can be production or demo."
            raise SettingsError(msg)
        if mode == "production" and held == "demo":
            raise SettingsError(DEMO_IN_PRODUCTION)
        return cls(
            mode=mode,  # type: ignore[arg-type]
            database_url=database_url,
            secret_key=_secret_key(environ.get("PRACTICE_SECRET_KEY"), mode),
            encryption_keys=_encryption_keys(environ.get("PRACTICE_ENCRYPTION_KEYS"), mode),
            base_url=_base_url(environ.get("PRACTICE_BASE_URL"), mode, environ.get("PORT", "8000")),
            instance=instance,
            mail_url=environ.get("MAIL_URL") or None,
            redis_url=environ.get("REDIS_URL") or None,
            metrics_token=environ.get("PRACTICE_METRICS_TOKEN") or None,
            trusted_proxies=_whole_number(environ.get("PRACTICE_TRUSTED_PROXIES", "0"), "PRACTICE_TRUSTED_PROXIES"),
            staff_idle_minutes=_idle_minutes(environ.get("PRACTICE_STAFF_IDLE_MINUTES", "15")),
        )


def _database_url(value: str | None, instance: Path) -> str:
    if not value:
        return f"sqlite:///{instance / 'practice.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if value.startswith(prefix):
            return "postgresql+psycopg://" + value.removeprefix(prefix)
    return value


def _secret_key(value: str | None, mode: str) -> str:
    if value is None and mode != "production":
        return DEMO_SECRET
    if value is None:
        msg = "PRACTICE_SECRET_KEY is missing. Set it to at least 32 random characters: `openssl rand -base64 48`."
        raise SettingsError(msg)
    if mode == "production" and (len(value) < SECRET_MINIMUM or value == DEMO_SECRET or len(set(value)) < 10):
        msg = "PRACTICE_SECRET_KEY is too weak. Set it to at least 32 random characters: `openssl rand -base64 48`."
        raise SettingsError(msg)
    return value


def _encryption_keys(value: str | None, mode: str) -> tuple[tuple[str, bytes], ...]:
    if not value:
        if mode == "production":
            msg = "PRACTICE_ENCRYPTION_KEYS is missing. Set it to 32 random bytes in base64: `openssl rand -base64 32`."
            raise SettingsError(msg)
        value = base64.b64encode(DEMO_SECRET.encode()[:KEY_BYTES]).decode()
    return tuple(_encryption_key(part.strip()) for part in value.split(","))


def _encryption_key(text: str) -> tuple[str, bytes]:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) < 8:
        msg = "PRACTICE_ENCRYPTION_KEYS holds a key that is not 32 random bytes in base64: `openssl rand -base64 32`."
        raise SettingsError(msg)
    return blake2b(key, digest_size=4, person=b"key-id").hexdigest(), key


def _base_url(value: str | None, mode: str, port: str) -> str:
    if value is None:
        if mode == "production":
            msg = "PRACTICE_BASE_URL is missing. Set it to the address people open, such as https://book.example.org."
            raise SettingsError(msg)
        return f"http://127.0.0.1:{port}"
    if mode == "production" and not value.startswith("https://"):
        msg = "PRACTICE_BASE_URL must start with https:// in production mode: health data does not travel in the clear."
        raise SettingsError(msg)
    if not urlsplit(value).hostname or urlsplit(value).query:
        msg = f"PRACTICE_BASE_URL is {value!r}; it must be an address such as https://book.example.org."
        raise SettingsError(msg)
    return value.rstrip("/")


def _whole_number(value: str, name: str) -> int:
    if not value.isdecimal():
        msg = f"{name} is {value!r}; it must be a whole number."
        raise SettingsError(msg)
    return int(value)


def _idle_minutes(value: str) -> int:
    minutes = _whole_number(value, "PRACTICE_STAFF_IDLE_MINUTES")
    if not 2 <= minutes <= 120:
        msg = "PRACTICE_STAFF_IDLE_MINUTES must be from 2 to 120: how long a staff session may stand unused."
        raise SettingsError(msg)
    return minutes
