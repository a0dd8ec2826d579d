"""The daily e-mail about what a person has not read."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone

from notices import selectors
from notices.models import Digest, Notice

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
LISTED = 50


def send_due() -> int:
    """Send every digest that is due and has something to say; says how many went out."""
    due = Digest.objects.filter(
        Q(sent_at=None) | Q(sent_at__lte=timezone.now() - EVERY), user__is_active=True
    )
    return sum(_send(digest) for digest in list(due))


def _send(digest: Digest) -> bool:
    """Send one digest; what it lists counts as mailed only if it went out.

    Two sweeps at once: the row is held, and the second one finds nothing left to say.
    """
    with transaction.atomic():
        held = Digest.objects.select_for_update().filter(pk=digest.pk, sent_at=digest.sent_at)
        unread = selectors.notices_of(digest.user).filter(read_at=None, mailed_at=None)
        notices = list(unread[:LISTED])
        if not held.exists() or not notices:
            return False
        text = render_to_string(
            "notices/digest.txt",
            {
                "user": digest.user,
                "notices": notices,
                "more": unread.count() - len(notices),
                "origin": settings.ORIGINS[0],
            },
        )
        subject = f"Plenum: {len(notices)} new notice{'' if len(notices) == 1 else 's'}"
        try:
            send_mail(subject, text, None, [digest.address])
        except (OSError, SMTPException) as error:
            # Still unsent: the next sweep tries again.
            logger.error("no digest for %s: %s", digest.user_id, error)
            return False
        now = timezone.now()
        Notice.objects.filter(pk__in=[each.pk for each in notices]).update(mailed_at=now)
        held.update(sent_at=now)
    return True
