# SPDX-License-Identifier: AGPL-3.0-or-later
"""The `django.tasks` API over the job table: `my_task.enqueue(…)` writes a row in the current transaction."""

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string
from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.utils import normalize_json

from mutirao.kernel import jobs, tenancy
from mutirao.kernel.models import Job

_STATUS = {
    Job.State.READY: TaskResultStatus.READY,
    Job.State.RUNNING: TaskResultStatus.RUNNING,
    Job.State.DONE: TaskResultStatus.SUCCESSFUL,
    Job.State.FAILED: TaskResultStatus.FAILED,
}


class JobTableBackend(BaseTaskBackend):
    """Tasks as rows of `kernel.Job`. Arguments are given by keyword and must be plain JSON: ids, not objects."""

    supports_defer = True
    supports_get_result = True

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        self.validate_task(task)
        if args:
            raise ValueError("background work takes its arguments by keyword")
        job = jobs.enqueue(
            task.module_path,
            normalize_json(kwargs),
            network_id=tenancy.active_network_id(),
            run_after=task.run_after,
            queue=task.queue_name,
        )
        return self._result(task, job)

    def get_result(self, result_id: str) -> TaskResult[Any]:
        job = Job.objects.filter(pk=result_id).first() if result_id.isdigit() else None
        if job is None:
            raise TaskResultDoesNotExist(result_id)
        return self._result(import_string(job.task), job)

    def _result(self, task: Task[Any, Any], job: Job) -> TaskResult[Any]:
        result: TaskResult[Any] = TaskResult(
            task=task,
            id=str(job.pk),
            status=_STATUS[Job.State(job.state)],
            enqueued_at=job.created_at,
            started_at=None,
            last_attempted_at=None,
            finished_at=job.finished_at,
            args=[],
            kwargs=job.arguments,
            backend=self.alias,
            errors=[],
            worker_ids=[],
        )
        object.__setattr__(result, "_return_value", job.result)
        return result
