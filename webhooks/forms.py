"""A new webhook."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from segur.fields import IdentifierFormField
from webhooks.enums import BodyFormat, EventKind
from webhooks.services.posting import NO_HTTPS, RefusedError, resolve


class EndpointForm(forms.Form):
    name = IdentifierFormField(
        label="Nom",
        max_length=100,
        help_text="Ce qui le reçoit. Exemple : canal Teams Conformité.",
        error_messages={"required": "Donnez un nom au webhook."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    url = forms.CharField(
        label="Adresse",
        max_length=500,
        help_text="En https, sur Internet. Une adresse d'un réseau privé est refusée.",
        error_messages={"required": "Donnez l'adresse du service."},
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    format = forms.ChoiceField(
        label="Forme des envois",
        choices=BodyFormat.choices,
        error_messages={"required": "Choisissez la forme des envois."},
        help_text="Pour Teams, l'adresse d'un flux de travail « Webhook » ; pour Slack et "
        "Mattermost, celle d'un webhook entrant.",
    )
    kinds = forms.MultipleChoiceField(
        label="Événements",
        choices=EventKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choisissez au moins une sorte d'événements."},
    )

    def clean_url(self) -> str:
        """Looked up now, so that a private address is refused at once; it is again at each send."""
        url: str = self.cleaned_data["url"].strip()
        schemes = ["https", "http"] if settings.WEBHOOKS_ON_LOOPBACK else ["https"]
        URLValidator(schemes=schemes, message=f"Cette adresse est mal écrite. {NO_HTTPS}")(url)
        parts = urlsplit(url)
        if not url.isascii() or parts.username is not None:
            raise ValidationError(
                "Écrivez l'adresse sans accent, et sans nom ni mot de passe avant @."
            )
        try:
            resolve(parts)
        except RefusedError as error:
            raise ValidationError(str(error)) from error
        return url
