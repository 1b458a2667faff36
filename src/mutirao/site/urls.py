# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address. What belongs to a network lies below /rede/<slug>/."""

from __future__ import annotations

from django.urls import include, path

from mutirao.site import health, jobs, preferences, search, styleguide, views
from mutirao.site.keeping import views as keeping_views
from mutirao.site.offline import views as offline
from mutirao.site.offline.worker import worker

urlpatterns = [
    path("", views.home, name="home"),
    path("conta/meus-dados/", preferences.preferences, name="preferences"),
    path("conta/", include("mutirao.network.account_urls")),
    path("conta/privacidade/", keeping_views.privacy, name="privacy"),
    path("conta/privacidade/arquivo/", keeping_views.file, name="privacy_file"),
    path("conta/privacidade/apagar/", keeping_views.erase, name="privacy_erase"),
    path("conta/privacidade/guardar/", keeping_views.keep, name="privacy_keep"),
    path("idioma/", preferences.set_language, name="set_language"),
    path("aparencia/", styleguide.set_theme, name="theme"),
    path("sw.js", worker, name="worker"),
    path("aparelho/", offline.device, name="device"),
    path("aparelho/quem/", offline.who, name="device_who"),
    path("aparelho/paginas/", offline.ahead, name="device_pages"),
    path("sem-rede/", offline.no_network, name="no_network"),
    path("estilo/", styleguide.style_guide, name="style_guide"),
    path("", include("mutirao.network.public_urls")),
    path("", include("mutirao.purchasing.public_urls")),
    path("", include("mutirao.admission.public_urls")),
    path("", include("mutirao.notices.public_urls")),
    path("saude/", health.alive, name="health"),
    path("saude/pronto/", health.ready, name="health_ready"),
    path("saude/copia/", health.backup, name="health_backup"),
    path("metricas", health.metrics, name="metrics"),
    path("instalacao/tarefas/", jobs.failed_jobs, name="jobs"),
    path("instalacao/tarefas/<int:pk>/repetir/", jobs.retry_job, name="job_retry"),
    path("rede/<slug:slug>/", views.network_home, name="network_home"),
    path("rede/<slug:slug>/configuracoes/levar-tudo/", keeping_views.leave, name="network_leave"),
    path("rede/<slug:slug>/configuracoes/levar-tudo/arquivo/", keeping_views.leave_file, name="network_leave_file"),
    path("rede/<slug:slug>/buscar/", search.search_page, name="search"),
    path("rede/<slug:slug>/", include("mutirao.network.urls")),
    path("rede/<slug:slug>/", include("mutirao.catalogue.urls")),
    path("rede/<slug:slug>/", include("mutirao.purchasing.urls")),
    path("rede/<slug:slug>/", include("mutirao.payments.urls")),
    path("rede/<slug:slug>/", include("mutirao.governance.urls")),
    path("rede/<slug:slug>/", include("mutirao.ledger.urls")),
    path("rede/<slug:slug>/", include("mutirao.admission.urls")),
    path("rede/<slug:slug>/", include("mutirao.territory.urls")),
    path("rede/<slug:slug>/", include("mutirao.memory.urls")),
    path("rede/<slug:slug>/", include("mutirao.notices.urls")),
]

handler400 = "mutirao.site.failures.bad_request"
handler500 = "mutirao.site.failures.server_error"
