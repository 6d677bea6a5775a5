from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class FeedAddress(models.Model):
    """The private iCalendar address of a person. The address is derived from `nonce` and the
    site's key, so that the database alone does not open a feed; revoking it is deleting the row.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_address"
    )
    nonce = models.CharField(max_length=43, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "flux personnel"

    def __str__(self) -> str:
        return f"flux de {self.user}"
