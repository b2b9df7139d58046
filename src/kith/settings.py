"""Settings. Everything that differs between machines is an environment variable; docs/settings.md lists them."""

import os
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

HERE = Path(__file__).resolve().parent


def env(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    return env(name, "yes" if default else "no").lower() in {"1", "yes", "true", "on"}


# How Kith runs: "server" (the default: nothing is assumed), "demo" or "test".
KITH_MODE = env("KITH_MODE", "server")
DEMO, TESTING = KITH_MODE == "demo", KITH_MODE == "test"
KITH_VAR = Path(env("KITH_VAR") or Path.cwd() / "var").resolve()
DEBUG = False
# Commands that only look at the code (checks, types, building) need no secrets.
LOOKING_ONLY = flag("KITH_LOOKING_ONLY")


def required(name: str, why: str) -> str:
    value = env(name)
    if value:
        return value
    if DEMO or TESTING or LOOKING_ONLY:
        return f"not-secret-{name}-" + "x" * 40
    raise ImproperlyConfigured(f"Set {name}: {why}. See docs/how-to/run-in-production.md.")


SECRET_KEY = required("KITH_SECRET_KEY", "a long random text that signs sessions and links")
ALLOWED_HOSTS = [host for host in env("KITH_HOSTS").split(",") if host] or (
    ["127.0.0.1", "localhost", "[::1]", "testserver"] if DEMO or TESTING else []
)
# The address people use, for links in e-mail.
KITH_ADDRESS = env("KITH_ADDRESS", "http://127.0.0.1:8000").rstrip("/")
# How the county is named and coloured until an administrator says otherwise.
KITH_COUNTY = env("KITH_COUNTY", "Oxfordshire")
# The county's districts, "E07000177=Cherwell,E07000178=Oxford"; none: those of Oxfordshire.
KITH_DISTRICTS = env("KITH_DISTRICTS")
# The number by which the Department for Education knows the county.
KITH_LA_CODE = env("KITH_LA_CODE", "931")
# How the county's own front door is reached, until an administrator says otherwise. The numbers of
# the demonstration are of those that Ofcom keeps for drama.
_invented = DEMO or TESTING
KITH_FRONT_DOOR_PHONE = env("KITH_FRONT_DOOR_PHONE", "01632 960 150" if _invented else "")
KITH_FRONT_DOOR_EMAIL = env("KITH_FRONT_DOOR_EMAIL", "front-door@kith.example" if _invented else "")
KITH_FRONT_DOOR_HOURS = env(
    "KITH_FRONT_DOOR_HOURS", "Monday to Friday, 8:30am to 5pm" if _invented else ""
)
KITH_OUT_OF_HOURS_PHONE = env("KITH_OUT_OF_HOURS_PHONE", "01632 960 199" if _invented else "")

# Database


def database(url: str) -> dict[str, object]:
    """Return Django's settings for a database address (`postgresql://user:secret@host:port/name`)."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 3} | options,
        "TEST": {"NAME": unquote(parts.path.lstrip("/"))},
    }


# Which of the three roles this process connects as: app, worker or owner.
DATABASE_ROLE = env("KITH_DATABASE_ROLE", "app")
_url_name = {
    "app": "DATABASE_URL",
    "worker": "KITH_WORKER_DATABASE_URL",
    "owner": "KITH_OWNER_DATABASE_URL",
}[DATABASE_ROLE]
DATABASES = {
    "default": database(
        env(_url_name)
        or (
            "postgresql:///kith"
            if DEMO or TESTING or LOOKING_ONLY
            else required(_url_name, "the address of the PostgreSQL database")
        )
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rooms, from the top of the house down.
INSTALLED_APPS = [
    "kith.web",
    "kith.demo",
    "kith.scrutiny",
    "kith.figures",
    "kith.returns",
    "kith.field",
    "kith.supports",
    "kith.casestudies",
    "kith.casework",
    "kith.referrals",
    "kith.directory",
    "kith.families",
    "kith.partners",
    "kith.hubs",
    "kith.places",
    "kith.notices",
    "kith.jobs",
    "kith.ui",
    "kith.accounts",
    "kith.audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "pgtrigger",
    "pghistory",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "kith.web.proxy.TrustedProxies",
    "django.middleware.security.SecurityMiddleware",
    "kith.directory.middleware.FeedAsAnswered",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "kith.web.health.Health",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kith.referrals.middleware.ApiLimitMiddleware",
    "kith.accounts.middleware.ViewerMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "kith.accounts.middleware.SecondFactorMiddleware",
    "kith.field.middleware.WipeOnSignOut",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "kith.urls"
WSGI_APPLICATION = "kith.wsgi.application"
FORM_RENDERER = "kith.ui.forms.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "kith.ui.context.county",
                "kith.families.context.open_emergencies",
                "kith.web.navigation.navigation",
            ],
        },
    }
]

# Requests: each is one transaction, opened by ViewerMiddleware, which also says who is looking.
ATOMIC_REQUESTS = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# Signing in
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["kith.accounts.sign_in.People"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "kith.accounts.sign_in.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "kith.accounts.sign_in.CouncilSignOnAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator makes the accounts
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {
    "login": "kith.accounts.forms.SignIn",
    "change_password": "kith.accounts.forms.ChangePassword",
    "set_password": "kith.accounts.forms.SetPassword",
    "reset_password": "kith.accounts.forms.ForgottenPassword",
    "reset_password_from_key": "kith.accounts.forms.NewPassword",
    "reauthenticate": "kith.accounts.forms.Confirm",
}
MFA_FORMS = {
    "authenticate": "kith.accounts.forms.Code",
    "reauthenticate": "kith.accounts.forms.ConfirmByCode",
    "activate_totp": "kith.accounts.forms.FirstCode",
    "add_webauthn": "kith.accounts.forms.AddPasskey",
    "login_webauthn": "kith.accounts.forms.PasskeySignIn",
    "authenticate_webauthn": "kith.accounts.forms.PasskeyStep",
    "reauthenticate_webauthn": "kith.accounts.forms.ConfirmByPasskey",
}
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
# Five wrong passwords for an account, or fifty from one address (a school), and it waits.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,50/5m/ip",
    "login": "60/m/ip",
    # What the log is told of: a lock-out once while it lasts, addresses that nobody has once a visitor.
    "lock_out_told": "1/5m/key",
    "nobody_told": "1/5m/ip",
}
# What strangers may do so often: from one address, about one thing (0: no limit), and in what time.
KITH_LIMITS = {
    # Private links of people without an account: following one that is none, and asking for a new one.
    "open_link": (60, 0, timedelta(minutes=1)),
    "new_link": (20, 3, timedelta(hours=1)),
    # Feedback on an entry of the directory, from one address and from everybody.
    "say_something": (10, 300, timedelta(hours=1)),
    # Leaflets that nobody has asked for yet today, for one address (a school), and for everybody.
    "make_leaflet": (60, 600, timedelta(hours=1)),
    # Letters about what committees publish, from one address and from everybody.
    "ask_for_alert": (10, 300, timedelta(hours=1)),
    # What a group sends from its private link, from one address and of one group.
    "propose_by_link": (20, 20, timedelta(hours=1)),
}
# An invitation is a link to choose a password; it is good for three days.
PASSWORD_RESET_TIMEOUT = 60 * 60 * 24 * 3
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "council",
                "name": env("KITH_OIDC_NAME", "the council's own sign-on"),
                "client_id": env("KITH_OIDC_CLIENT"),
                "secret": env("KITH_OIDC_SECRET"),
                "settings": {"server_url": env("KITH_OIDC_SERVER")},
            }
        ]
        if env("KITH_OIDC_SERVER")
        else [],
    }
}
MFA_ADAPTER = "kith.accounts.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are an administrator's business
MFA_TOTP_ISSUER = "Kith"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO or TESTING
# Staff must have a second factor. The demonstration county lets its invented staff in without.
KITH_SECOND_FACTOR = flag("KITH_SECOND_FACTOR", default=not (DEMO or TESTING))
# Whether partners who only send requests must have one too.
KITH_SECOND_FACTOR_PARTNERS = flag("KITH_SECOND_FACTOR_PARTNERS")
USERSESSIONS_TRACK_ACTIVITY = False
SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "kith_session"
CSRF_COOKIE_NAME = "kith_csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# Shared by all workers, so that a lock-out counts everywhere.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kith_cache",
        # Far more than there are counters: a full cache forgets, and a lock-out must not be forgotten.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Figures, counted again every few minutes by each web process.
    "figures": {
        "BACKEND": "django.core.cache.backends.dummy.DummyCache"
        if TESTING
        else "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "figures",
    },
}

# Transport: production stands behind a proxy that ends TLS.
_tls = flag("KITH_TLS", default=not (DEMO or TESTING or LOOKING_ONLY))
# A lock-out is for the visitor's own address, which the proxy passes on.
ALLAUTH_TRUSTED_PROXY_COUNT = int(env("KITH_PROXIES") or ("1" if _tls else "0"))
# What others than these say in X-Forwarded-... is forgotten (web/proxy.py).
KITH_PROXY_ADDRESSES = env("KITH_PROXY_ADDRESSES", "127.0.0.1,::1").split(",")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _tls
SECURE_SSL_REDIRECT = _tls
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if _tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _tls
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _tls else None
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "kith.web.problems.stale_form"
CSRF_TRUSTED_ORIGINS = [KITH_ADDRESS]
X_FRAME_OPTIONS = "DENY"


def _origin(address: str) -> list[str]:
    """Return the part of an address that a content security policy compares, if there is one."""
    parts = urlsplit(address)
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []


CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'", *_origin(env("KITH_OIDC_SERVER"))],
    }
}

# Language and time
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [HERE / "locale"]
# In which languages besides English the pages for finding help are offered: "pl,ur".
KITH_LANGUAGES = [
    code for code in env("KITH_LANGUAGES", "pl,ur" if _invented else "").split(",") if code
]

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = KITH_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or LOOKING_ONLY
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TESTING

# E-mail: SMTP where a server is named, else a folder that the demonstration can show.
EMAIL_HOST = env("KITH_SMTP_HOST")
EMAIL_PORT = int(env("KITH_SMTP_PORT", "25"))
EMAIL_HOST_USER = env("KITH_SMTP_USER")
EMAIL_HOST_PASSWORD = env("KITH_SMTP_PASSWORD")
EMAIL_USE_TLS = flag("KITH_SMTP_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("KITH_MAIL_FROM", "Kith <no-reply@kith.example>")
KITH_MAIL_FOLDER = KITH_VAR / "mail"
# What libraries send, such as links to choose a password, goes through the outbox too.
EMAIL_BACKEND = "kith.notices.outbox.Backend"
KITH_NOTIFY_KEY = env("KITH_NOTIFY_KEY")  # GOV.UK Notify, for texts and letters
KITH_NOTIFY_ADDRESS = env("KITH_NOTIFY_ADDRESS", "https://api.notifications.service.gov.uk")
# Templates at Notify that hold nothing but ((body)), a letter's also ((subject)).
KITH_NOTIFY_TEXT_TEMPLATE = env("KITH_NOTIFY_TEXT_TEMPLATE")
KITH_NOTIFY_LETTER_TEMPLATE = env("KITH_NOTIFY_LETTER_TEMPLATE")

# How often one partner system may ask in a minute.
KITH_API_PER_MINUTE = int(env("KITH_API_PER_MINUTE", "120"))
# How many requests for help may be begun in an hour: from one address without an account, or by one
# person with; and from all addresses together. A school or a library stands behind one address.
KITH_BEGUN_PER_SENDER = int(env("KITH_BEGUN_PER_SENDER", "200"))
KITH_BEGUN_PER_COUNTY = int(env("KITH_BEGUN_PER_COUNTY", "2000"))
# How many megabytes of files, likewise.
KITH_FILES_PER_SENDER = int(env("KITH_FILES_PER_SENDER", "400"))
KITH_FILES_PER_COUNTY = int(env("KITH_FILES_PER_COUNTY", "4000"))
# Where clamd listens, which scans files for viruses: host:port, or the path of a socket.
KITH_CLAMD = env("KITH_CLAMD")

# Feeds of other directories are never read from within our own network. Tests read theirs there.
KITH_FEEDS_ON_LOOPBACK = False

# Jobs
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = None

PGHISTORY_APPEND_ONLY = True
PGHISTORY_MIDDLEWARE_METHODS = ()

# Nothing personal in a log: paths and reasons only, never what was typed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"brief": {"()": "kith.machine.logs.DatabaseAway"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "line",
            "filters": ["brief"],
        },
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    # Whoever asks for a name that is not ours gets 400: searching machines do so all day.
    "loggers": {
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
        # It warns four times a second while the database is away; the worker says it once.
        "psycopg.pool": {"level": "ERROR"},
    },
}
# W004: e-mail addresses are unique whatever their capitals, by a constraint Django does not see.
# W002: the feed's addresses are good with a final slash and without, its root too.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "urls.W002"]
KITH_YARDSTICK = flag("KITH_YARDSTICK")  # a bare view beside which bench/ measures
if KITH_YARDSTICK:
    MIDDLEWARE.insert(0, "kith.web.yardstick.BareYardstick")
