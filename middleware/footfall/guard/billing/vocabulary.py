"""The names that fields of billing data go by, in the languages of many shops.

An *ending* counts wherever a key ends with it (``checkoutCardNumber``, ``usercvv``); a *word* is short or ambiguous
and must be a word of its own (``cc``, ``user_pan``, not ``japan``). Case, accents and punctuation do not matter.
"""

from __future__ import annotations

from itertools import product


def _terms(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Names of the card itself; "number" before or after is added below.
_CARD = _terms("""
    card creditcard debitcard bankcard paymentcard
    karte kreditkarte kreditkarten debitkarte bankkarte karten
    carte cartebancaire cartedecredit cartecredit cartebleue
    tarjeta tarjetadecredito tarjetacredito tarjetadebito tarjetadedebito
    cartao cartaodecredito cartaocredito cartadicredito cartacredito carta
    kaart creditkaart kredietkaart betaalkaart
    kort kreditkort kredittkort betalkort betalingskort bankkort kontokort
    kortti kortin luottokortti luottokortin maksukortin karta karty kartykredytowej kartyplatniczej
    kartya bankkartya hitelkartya kartu kredikarti kart
""")
_NUMBER = _terms("number num nbr no nr numero nummer numer pan digits numara numarasi")
_NUMBER_OF = _terms("number num no nr numero nummer numer cislo nomor broj")
_OF = ("", "of", "de", "dela", "del", "della", "di", "da", "do", "du", "van")

CARD_NUMBER_ENDINGS = (
    {card + number for card, number in product(_CARD, _NUMBER)}
    | {number + of + card for number, of, card in product(_NUMBER_OF, _OF, _CARD)}
    | _terms("""
    primaryaccountnumber cardpan ccnumber ccnum korttinumero luottokortinnumero kartyaszam kartyaszama
    номеркарты номеркредитнойкарты номеркартки αριθμοσκαρτασ מספרכרטיס رقمالبطاقة
    卡号 卡號 信用卡号 信用卡號 カード番号 クレジットカード番号 카드번호 sothe
    """)
)
CARD_NUMBER_WORDS = _terms("cc ccn ccno ccnr pan xcardnum fpan")

# These say that a field has to do with a card; whether it is the number, its digits tell.
CARD_WORDS = (_CARD | _terms("карта карты 信用卡 银行卡 カード クレジットカード 카드 신용카드")) - {
    "kart",
    "kartu",
} | _terms("""
    cards visa mastercard maestro amex americanexpress discover diners dinersclub jcb unionpay rupay troy elo mir
    dankort hipercard verve vpay girocard
""")

SECURITY_CODE_ENDINGS = _terms("""
    cvv cvv2 cvc cvc2 cvvcode cvccode cvvnumber cvcnumber cvvnum cvcnum cvvcvc cvccvv securitycode securitynumber
    cardcode cardcid ccid2 cardcsc cccsc cardsecuritycode cardverificationvalue cardverificationcode
    cardverificationnumber cardverification verificationvalue cardvalidationcode cardpin cardseccode
    kartenprufnummer kartenpruefnummer kartenprufziffer kartenpruefziffer prufnummer pruefnummer prufziffer
    pruefziffer sicherheitscode sicherheitsnummer kartensicherheitscode
    cryptogramme cryptogrammevisuel codedesecurite codesecurite
    codigodeseguridad codigoseguridad codigodeseguranca codigoseguranca codigodeverificacion clavedeseguridad
    codicedisicurezza codicesicurezza veiligheidscode beveiligingscode
    sakerhetskod sikkerhedskode sikkerhetskode kontrolcifre kontrollsiffror turvakoodi turvaluku tarkistenumero
    kodbezpieczenstwa bezpecnostnikod biztonsagikod codsecuritate coddesecuritate guvenlikkodu κωδικοσασφαλειασ
    кодбезопасности кодcvv 安全码 安全碼 セキュリティコード 보안코드 masbaomat
""")
SECURITY_CODE_WORDS = _terms("csc cvn cvn2 cvd cav2 cid2 cvs icvv dcvv")

EXPIRY_ENDINGS = _terms("""
    expiry expiration expdate expirydate expirationdate expmonth expyear expirymonth expiryyear expirationmonth
    expirationyear expmm expyy expmmyy validthru validthrough validuntil validto goodthru
    ablaufdatum ablauf gultigbis gueltigbis dateexpiration datedexpiration expiracion fechadeexpiracion caducidad
    vencimiento validade datadevalidade vencimento scadenza datadiscadenza vervaldatum utgangsdatum udlobsdato
    utlopsdato voimassa datawaznosci sonkullanmatarihi срокдействия 有效期 有効期限 유효기간
""")
EXPIRY_WORDS = _terms("exp expires expire expy expm expd")

BANK_ACCOUNT_ENDINGS = _terms("""
    accountnumber accountnum accountnbr accountno accountnr acctnumber acctnum acctno acctnr acctnbr accnumber accnum
    bankaccount bankacct achaccount checkingaccount savingsaccount depositaccount debitaccount
    kontonummer kontonr bankkonto girokonto bankverbindung numerodecuenta numerocuenta cuentabancaria cuentacorriente
    numerodecompte numerocompte comptebancaire numerodeconto numerodiconto numeroconto contocorrente contobancario
    rekeningnummer bankrekening bankrekeningnummer numerodaconta numerodeconta contabancaria contacorrente clabe
    numerkonta numerrachunku rachunekbankowy tilinumero pankkitili bankszamlaszam szamlaszam cislouctu hesapnumarasi
    hesapno номерсчета расчетныйсчет банковскийсчет 银行账号 銀行帳號 银行账户 口座番号 銀行口座 계좌번호
""")
BANK_ACCOUNT_WORDS = _terms("accno rib bban nrb")
# A bank account only where a routing number stands beside, or where a parent speaks of a bank.
ACCOUNT_WORDS = _terms("account acct acc konto cuenta compte conto rekening conta tili rachunek hesap счет 账号 口座")
BANK_WORDS = _terms("bank ach sepa directdebit lastschrift banco banque banca bankverbindung eft")

ROUTING_NUMBER_ENDINGS = _terms("""
    routingnumber routingnum routingnbr routingno routingnr routingcode routingtransit routingtransitnumber
    abarouting abanumber abacode sortcode banktransit transitnumber bankleitzahl bsbnumber bsbcode ifsccode
    clearingnummer clearingnr codebanque codeguichet 银行代码 銀行コード
""")
ROUTING_NUMBER_WORDS = _terms("rtn blz bsb ifsc abartn aba")
# Routing only where an account stands beside, or the check digit of the ABA holds.
ROUTING_WORDS = _terms("routing transit clearing branch branchcode bankcode bic swift swiftcode biccode")

# Parts of names, found anywhere: German and its neighbours compound.
BILLING_PARTS = _terms("""
    billing billto billaddr billcity billzip billstreet billedto rechnung invoice facturacion facturation factura
    faktura fakturering fattura fatturazione factuur factureren faturamento fatura cobranca rozliczeniow laskutus
    szamlazasi fakturacn platca facturare χρεωσησ платежныйадрес платежногоадреса плательщика 账单 帳單 請求先 請求書
    청구 thanhtoan penagihan
""")
ADDRESS_PARTS = _terms("""
    address addr street postcode postalcode zipcode adresse adress anschrift strasse
    hausnummer postleitzahl codepostal direccion domicilio calle ciudad codigopostal indirizzo endereco osoite
    postnummer postort poststed straat woonplaats cidade adres adresas ulica miasto kodpocztowy gatuadress vejnavn
    localita localidad poblacion lakcim adresa adresi διευθυνση адрес улица город индекс 地址 住所 住址 郵便番号 邮编
    주소 우편번호 diachi alamat
""")
ADDRESS_WORDS = _terms("""
    line addrline zip postal city town locality plz ort stadt wohnort rue ville via citta cap cep rua bairro gata stad
    plaats utca housenumber houseno house
""")

# A number under such a name is an identifier, whatever else the key says.
IDENTIFIER_WORDS = _terms("""
    id ids uuid guid token tokens tok ref reference hash sha fingerprint type brand count ts time timestamp at last
    first bin order index idx position url nonce status version flag enabled name holder session masked mask country
    created updated seen shown view views click clicks scheme network funding same
    verified valid complete completed required saved result check length provider issuer bank
""")
# Words at the end of a key that do not change what it means.
FILLERS = _terms("value val field input text raw data plain str string full entry main v z")
