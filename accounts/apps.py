from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Comptes et organisations"

    def ready(self) -> None:
        """The API asks here whose key it is given."""
        from accounts.services.api_tokens import authenticate  # noqa: PLC0415  (models load first)
        from api import keys  # noqa: PLC0415

        keys.use(authenticate)
