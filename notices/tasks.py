"""What Celery workers do: send the daily e-mails."""

from celery import shared_task

from notices import digests


@shared_task(ignore_result=True)
def sweep_digests() -> None:
    """Send every digest that is due; harmless when delivered twice."""
    digests.send_due()
