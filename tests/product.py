"""The apps of the product."""

from django.conf import settings

APPS = [app for app in settings.INSTALLED_APPS if (settings.BASE_DIR / app).is_dir()]
