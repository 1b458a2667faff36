# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happened to applications, certificates, measures and appeals."""

from __future__ import annotations

from dataclasses import dataclass

from mutirao.kernel.events import Event


@dataclass(frozen=True, slots=True)
class _AboutApplication(Event):
    application_id: int


@dataclass(frozen=True, slots=True)
class ApplicationStarted(_AboutApplication):
    """A group began a request; it is a draft."""


@dataclass(frozen=True, slots=True)
class ApplicationSubmitted(_AboutApplication):
    """A group sent its request."""


@dataclass(frozen=True, slots=True)
class ReviewersNamed(_AboutApplication):
    """People were named to review."""

    person_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuestionAsked(_AboutApplication):
    """The group was asked something."""

    question_id: int


@dataclass(frozen=True, slots=True)
class QuestionAnswered(_AboutApplication):
    """The group answered."""

    question_id: int


@dataclass(frozen=True, slots=True)
class ApplicationAdmitted(_AboutApplication):
    """The group is a member, or a member's renewal was granted."""

    enterprise_id: int


@dataclass(frozen=True, slots=True)
class ApplicationRefused(_AboutApplication):
    """The request was refused, with reasons and the criteria that are not met."""


@dataclass(frozen=True, slots=True)
class ApplicationWithdrawn(_AboutApplication):
    """The group took its request back."""


@dataclass(frozen=True, slots=True)
class _AboutEnterprise(Event):
    enterprise_id: int


@dataclass(frozen=True, slots=True)
class CertificateIssued(_AboutEnterprise):
    """A certificate was issued; days are ISO dates."""

    certificate_id: int
    expires_on: str
    remind_on: str


@dataclass(frozen=True, slots=True)
class CertificateExpiring(_AboutEnterprise):
    """The renewal is due soon."""

    certificate_id: int
    expires_on: str


@dataclass(frozen=True, slots=True)
class CertificateExpired(_AboutEnterprise):
    """The certificate ran out; the enterprise stays a member and renews."""

    certificate_id: int


@dataclass(frozen=True, slots=True)
class _AboutMeasure(_AboutEnterprise):
    measure_id: int


@dataclass(frozen=True, slots=True)
class HearingOpened(_AboutMeasure):
    """An exclusion was proposed; the enterprise is heard until a day (ISO)."""

    hear_until: str


@dataclass(frozen=True, slots=True)
class MeasureTaken(_AboutMeasure):
    """The enterprise was suspended or excluded; it may appeal until a day (ISO)."""

    appeal_until: str


@dataclass(frozen=True, slots=True)
class MeasureEnded(_AboutMeasure):
    """A measure was dropped, lifted or overturned."""


@dataclass(frozen=True, slots=True)
class AppealFiled(Event):
    """Somebody appealed to the assembly."""

    appeal_id: int
    decide_by: str


@dataclass(frozen=True, slots=True)
class AppealDecided(Event):
    """The assembly decided an appeal."""

    appeal_id: int
    upheld: bool


@dataclass(frozen=True, slots=True)
class EnterpriseLeft(_AboutEnterprise):
    """A member left by its own will."""
