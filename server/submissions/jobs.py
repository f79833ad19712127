"""The storage's own job: what no row speaks of goes."""

import logging

from celery import shared_task

from server.submissions.orphans import orphans_count, orphans_delete
from server.submissions.uploads import uploads_sweep

logger = logging.getLogger(__name__)


@shared_task(name="submissions.storage_sweep")
def storage_sweep() -> None:
    """Removes uploads and results that are in no row for a day; not when that seems wrong.

    Where web processes receive their uploads on this machine, what was cut off goes, too.
    """
    try:
        uploads_sweep()
        count = orphans_count()
        if count.is_odd:
            logger.error(
                "%d of %d files in the storage are in no row of this database: nothing is removed. "
                "If both belong together, `manage.py storage orphans --delete` removes them.",
                count.orphans,
                count.files,
            )
        elif removed := orphans_delete():
            logger.warning("%d files without a row were removed", removed)
    except OSError as error:
        logger.error("The storage can't be looked through: %s", error)
