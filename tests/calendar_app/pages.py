"""The pages of deadlines (`tests.pages` for the others)."""

from django.urls import reverse

from tests.pages import markup, page, text

__all__ = ["markup", "page", "reading", "text", "url"]


def reading(client, address):
    """What the form at this address says that it was filled in from."""
    return {"read": client.get(address).context["form"].initial["read"]}


def url(name, deadline):
    return reverse(f"deadlines:{name}", args=[deadline.pk])


def held_in(form, name):
    """Names of the files that the field holds for the next sending."""
    return [upload.name for upload in form.fields[name].widget.held]


def held_again(forms):
    """What a browser sends for the files that these forms hold."""
    return {
        f"{form.add_prefix(name)}_held": [held.token for held in field.widget.held]
        for form in forms
        for name, field in form.fields.items()
        if getattr(field.widget, "held", ())
    }
