# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whom admission tells what: requests, reviews, questions, decisions, certificates, measures, appeals, and their days.

What somebody does is told in the same transaction, to everybody but whoever did it; days that come near are looked at
a few times a day, and each speaks once at each stage.
"""

from mutirao.admission.notifying import requests, standing
from mutirao.admission.notifying.days import remind_of_days

__all__ = ["remind_of_days", "requests", "standing"]
