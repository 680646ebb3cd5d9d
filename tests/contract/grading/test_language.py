"""Languages by the library: short replies of chatbots, held to what the guide says of them."""

import pytest
from tests.contract.grading.contract import DetectorContract

from vivavoce.domain.assertions.language import LANGUAGES
from vivavoce.engine.ports.graders import LanguageDetector
from vivavoce.grading.language import LibraryDetector, _model

REPLIES = """
en Which card is it?|I'm sorry, I didn't understand that.|YOUR CARD HAS BEEN BLOCKED.|Please enter your PIN.
de Wie kann ich Ihnen helfen?|Das habe ich leider nicht verstanden.|Bitte geben Sie Ihre PIN ein.
fr Comment puis-je vous aider ?|Votre carte a été bloquée.|Veuillez saisir votre code.
es Su tarjeta ha sido bloqueada.|¿En qué puedo ayudarle?
it La sua carta è stata bloccata.|Come posso aiutarla?
pt O seu cartão foi bloqueado.|Como posso ajudar?
nl Uw kaart is geblokkeerd.|Hoe kan ik u helpen?
pl Twoja karta została zablokowana.|Jak mogę pomóc?
sv Ditt kort har spärrats.|Hur kan jag hjälpa dig?
da Hvordan kan jeg hjælpe dig?
no Hvordan kan jeg hjelpe deg?
fi Korttisi on suljettu.
cs Vaše karta byla zablokována.
hu A kártyáját letiltottuk.
tr Kartınız bloke edildi.
uk Чим я можу допомогти?
el Η κάρτα σας μπλοκαρίστηκε.
ar تم حظر بطاقتك.
he הכרטיס שלך נחסם.
hi आपका कार्ड ब्लॉक कर दिया गया है।
zh 您的卡已被冻结。
ja カードを停止しました。
ko 카드가 정지되었습니다.
th บัตรของคุณถูกระงับแล้ว
vi Thẻ của bạn đã bị khóa.
id Kartu Anda telah diblokir.
"""
CASES = [(line[:2], text) for line in REPLIES.strip().splitlines() for text in line[3:].split("|")]


class TestLibraryDetector(DetectorContract):
    @pytest.fixture
    def detector(self) -> LanguageDetector:
        return LibraryDetector()

    @pytest.mark.parametrize(("code", "text"), CASES)
    def test_short_replies(self, detector: LanguageDetector, code: str, text: str) -> None:
        assert detector.detect(text).code == code

    @pytest.mark.parametrize("text", ["OK", "Yes", "Done.", "Gerne!", "Ja", "Sure!", "Quelle carte ?"])
    def test_what_is_too_short_is_undecided_rather_than_wrong(
        self, detector: LanguageDetector, text: str
    ) -> None:
        assert detector.detect(text).code == ""

    def test_markup_and_addresses_do_not_count(self, detector: LanguageDetector) -> None:
        text = '<a href="https://example.org/hilfe">https://example.org/hilfe</a> ihre Karte wurde gesperrt'
        assert detector.detect(text) == detector.detect("ihre Karte wurde gesperrt")

    def test_a_long_text_and_one_of_strange_characters(self, detector: LanguageDetector) -> None:
        assert detector.detect("Your card has been blocked. " * 10_000).code == "en"
        assert detector.detect("\ud800\x00\ufffe").code == ""

    def test_every_language_that_an_author_may_name_can_be_told(self) -> None:
        assert set(_model().labels) >= LANGUAGES
