"""The Celery application: `celery -A worker worker`, `celery -A worker beat`."""

from clinic.app import create_celery

app = create_celery()
