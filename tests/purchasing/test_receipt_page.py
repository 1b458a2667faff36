# SPDX-License-Identifier: AGPL-3.0-or-later
"""The receipt as it is written at the door."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.purchasing import factories as make
from tests.purchasing.test_second_half import Story

from mutirao.kernel import clock
from mutirao.kernel.actors import Actor
from mutirao.purchasing.models import Receipt


def test_a_photo_that_cannot_be_read_leaves_no_receipt_and_the_form_can_be_sent_again(
    network: Any, coordinator: Actor, client: Client
) -> None:
    story = Story(network, coordinator)
    order = story.order()
    make.signed_in(client, "purchasing")
    line = order.lines.get()
    address = make.url(story.round, f"encomendas/{order.number}/chegou/")
    sent = {f"l{line.pk}-received": "14", "received_on": clock.today().isoformat(), "version": "0"}
    broken = SimpleUploadedFile("saco.jpg", b"nada", "image/jpeg")
    answer = client.post(address, {**sent, "idempotency_key": "first", "photos": broken})
    assert answer.status_code == 422
    assert "diz uma coisa e o conteúdo é outra" in answer.content.decode()
    assert not Receipt.objects.exists()
    answer = client.post(address, {**sent, "idempotency_key": "second"})
    assert answer.status_code == 302
    assert Receipt.objects.get().lines.get().received == 14


def test_wrong_values_of_a_receipt_are_listed_with_links_to_their_fields(
    network: Any, coordinator: Actor, client: Client
) -> None:
    story = Story(network, coordinator)
    order = story.order()
    make.signed_in(client, "purchasing")
    line = order.lines.select_related("good__product").get()
    sent = {f"l{line.pk}-received": "quinze", "received_on": "", "version": "0"}
    answer = client.post(make.url(story.round, f"encomendas/{order.number}/chegou/"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Falta acertar 2 coisas" in page
    assert f'<a href="#id_l{line.pk}-received">{line.good.product}, Chegou</a>' in page
    assert 'href="#id_received_on"' in page
    assert f'id="id_l{line.pk}-received"' in page
    assert not Receipt.objects.exists()


def test_split_by_hand_says_which_number_is_wrong(network: Any, coordinator: Actor, client: Client) -> None:
    story = Story(network, coordinator)
    make.signed_in(client, "purchasing")
    line = story.quote.lines.select_related("good__product").get()
    answer = client.post(make.url(story.round, "comparar/divisao/"), {f"p{line.pk}": "2,5"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'<a href="#p{line.pk}">{line.good.product} ({story.quote.supplier})</a>: use um número inteiro' in page
    assert f'value="2,5" aria-invalid="true" aria-describedby="h{line.pk}"' in page
