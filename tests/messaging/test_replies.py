"""Who confirms a STOP and answers HELP: the provider, or the clinic where it says so (P3.3)."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient

from clinic.messaging.services.sending import send_due
from tests.messaging.conftest import Agreed, Subjects
from tests.messaging.provider import Provider
from tests.messaging.test_webhooks import NUMBER, texted


@pytest.mark.parametrize("words", ["STOP", "HELP"])
def test_provider_answers_by_default(
    agreed: Agreed, client: FlaskClient, provider: Provider, subjects: Subjects, words: str
) -> None:
    agreed()
    texted(client, words)
    send_due(seconds=5)
    assert provider.taken() == []


class TestClinic:
    """`CLINIC_SMS_CONFIRMS_STOP=clinic`."""

    @pytest.fixture
    def env(self, env: Mapping[str, str]) -> Mapping[str, str]:
        """The clinic answers by itself."""
        return {**env, "CLINIC_SMS_CONFIRMS_STOP": "clinic"}

    @pytest.mark.parametrize(
        ("words", "language", "start", "count"),
        [
            ("STOP", "en", "You get no more texts from us.", 1),  # one confirmation is allowed (P3.2)
            ("ALTO", "es", "No recibira mas mensajes", 1),
            ("HELP", "en", "To talk to us call", 2),
            ("ayuda", "es", "Para hablar llame al", 2),
        ],
    )
    def test_neutral_text_in_the_persons_language(
        self,
        agreed: Agreed,
        client: FlaskClient,
        provider: Provider,
        words: str,
        language: str,
        start: str,
        count: int,
    ) -> None:
        agreed(language=language)
        texted(client, words)
        texted(client, words)
        send_due(seconds=5)
        texts = provider.taken()
        assert [text.recipient for text in texts] == [NUMBER] * count
        assert texts[0].body.startswith(start)
        assert "911" in texts[0].body

    def test_who_is_nobody_we_know_is_answered_too(
        self, client: FlaskClient, provider: Provider, site: object
    ) -> None:
        texted(client, "HELP", "+12025550199")
        send_due(seconds=5)
        assert [text.recipient for text in provider.taken()] == ["+12025550199"]
