/// Words that say what stands near them, as a set of bits.
///
/// A cue never makes a finding alone: it raises the score of a shape, or names a code that has no
/// shape of its own ("order no. 4411-2").
struct Cue: OptionSet, Sendable {
    let rawValue: UInt64

    static let phone = Cue(rawValue: 1 << 0)
    static let card = Cue(rawValue: 1 << 1)
    static let bank = Cue(rawValue: 1 << 2)
    static let routing = Cue(rawValue: 1 << 3)
    static let bic = Cue(rawValue: 1 << 4)
    static let ssn = Cue(rawValue: 1 << 5)
    static let tax = Cue(rawValue: 1 << 6)
    static let npi = Cue(rawValue: 1 << 7)
    static let dea = Cue(rawValue: 1 << 8)
    static let medicare = Cue(rawValue: 1 << 9)
    static let record = Cue(rawValue: 1 << 10)
    static let plan = Cue(rawValue: 1 << 11)
    static let nhs = Cue(rawValue: 1 << 12)
    static let nino = Cue(rawValue: 1 << 13)
    static let nationalID = Cue(rawValue: 1 << 14)
    static let passport = Cue(rawValue: 1 << 15)
    static let licence = Cue(rawValue: 1 << 16)
    static let driver = Cue(rawValue: 1 << 17)
    static let plate = Cue(rawValue: 1 << 18)
    static let vehicle = Cue(rawValue: 1 << 19)
    static let device = Cue(rawValue: 1 << 20)
    static let crypto = Cue(rawValue: 1 << 21)
    static let secret = Cue(rawValue: 1 << 22)
    static let user = Cue(rawValue: 1 << 23)
    static let reference = Cue(rawValue: 1 << 24)
    static let account = Cue(rawValue: 1 << 25)
    static let birth = Cue(rawValue: 1 << 26)
    static let age = Cue(rawValue: 1 << 27)
    static let zip = Cue(rawValue: 1 << 28)
    static let address = Cue(rawValue: 1 << 29)
    static let coordinate = Cue(rawValue: 1 << 30)
    static let month = Cue(rawValue: 1 << 31)
    static let weekday = Cue(rawValue: 1 << 32)
    /// A word that ends a street's name: "Street", "Ave".
    static let streetSuffix = Cue(rawValue: 1 << 33)
    /// A word that begins a street's name: "rue", "Calle", "Via".
    static let streetPrefix = Cue(rawValue: 1 << 34)
    static let unit = Cue(rawValue: 1 << 35)
    /// Words between a cue and its code: "number", "no", "is".
    static let filler = Cue(rawValue: 1 << 36)
    static let yearsOld = Cue(rawValue: 1 << 37)
    static let date = Cue(rawValue: 1 << 38)
    static let box = Cue(rawValue: 1 << 39)
    static let state = Cue(rawValue: 1 << 40)
    static let identity = Cue(rawValue: 1 << 41)
    static let personal = Cue(rawValue: 1 << 42)
    static let key = Cue(rawValue: 1 << 43)
    /// A digit in words: "five", "fünf".
    static let digitWord = Cue(rawValue: 1 << 44)
    /// A sign in words: "dot".
    static let spokenMark = Cue(rawValue: 1 << 45)

    /// Cues that name a code standing right after them.
    static let codes: Cue = [
        .phone, .card, .bank, .routing, .ssn, .tax, .npi, .dea, .medicare, .record, .plan, .nhs,
        .nino, .nationalID, .passport, .licence, .driver, .plate, .vehicle, .device, .reference,
        .account, .identity,
    ]
}

extension Cue {
    /// The cue words, lower case, by category. Own lists; English first, then the other languages
    /// whose identifiers are known here.
    static let words: [(Cue, String)] = [
        (
            .phone,
            """
            answering phone telephone tel mobile cell cellphone fax call dial ring reach whatsapp sms \
            text contact hotline pager handy telefon telefono teléfono móvil movil mobiel \
            téléphone portable rufnummer mobil landline voicemail phones ph mob telefone \
            telemóvel celular contacto cellulare zadzwonić dzwonić tel-nr komórka ring ringa \
            anrufen appeler llamar chiamare bellen ligar puhelin telefonní puhelinnumero \
            festnetz durchwahl tfno telf tlf tfn joindre joignable mobilnummer telefonnummer
            """
        ),
        (
            .card,
            """
            card visa mastercard amex discover maestro credit debit kreditkarte carte \
            tarjeta carta creditcard cc pan cardnumber
            """
        ),
        (
            .bank,
            """
            bank iban checking savings konto banking cuenta compte conto rekening sort \
            rachunek rekeningnummer kontonummer conta bankkonto
            """
        ),
        (.routing, "routing aba rtn transit"),
        (.bic, "bic swift"),
        (.ssn, "ssn ssns security social socialsecurity"),
        (
            .tax,
            """
            tax ein fein tin itin steuer steuernummer steueridentifikationsnummer idnr utr \
            taxpayer vat ust
            """
        ),
        (.npi, "npi provider"),
        (.dea, "dea prescriber"),
        (.medicare, "medicare mbi beneficiary hicn"),
        (.record, "mrn medical chart hospital patientid emr ehr patient"),
        (
            .plan,
            """
            plan member insurance subscriber policy enrollee insured payer memberid
            """
        ),
        (.nhs, "nhs"),
        (.nino, "nino ni national"),
        (
            .nationalID,
            """
            pesel bsn burgerservicenummer personnummer dni nie nif nir insee codice fiscale \
            pps ppsn rijksregisternummer registre sécurité sociale ausweis ausweisnummer \
            sofinummer cpr curp personnummer henkilötunnus rodné číslo nif nipc
            """
        ),
        (.passport, "passport passeport pasaporte reisepass passaporto paspoort"),
        (
            .licence,
            """
            license licence lic permit certificate cert registration fahrerlaubnis \
            führerschein führerscheinnummer licencia rijbewijs patente certification
            """
        ),
        (.driver, "driver drivers driving dl dmv dln dvla"),
        (
            .plate,
            """
            plate plates kennzeichen tag matricula matrícula immatriculation kenteken targa \
            rejestracyjny registreringsnummer numberplate reg
            """
        ),
        (
            .vehicle,
            """
            vin vehicle chassis car van lorry truck wagen auto fahrzeug pkw voiture véhicule \
            camion coche vehículo furgoneta macchina veicolo voertuig carro veículo samochód \
            pojazd bil driving drove motorbike
            """
        ),
        (.device, "imei serial device meid udid imsi iccid sn equipment"),
        (.crypto, "wallet bitcoin btc eth ethereum crypto xmr litecoin ltc"),
        (
            .secret,
            """
            password passwd pwd pass passphrase secret passcode pin passwort kennwort \
            contraseña clave motdepasse token pw
            """
        ),
        (.key, "key apikey accesskey secretkey bearer authorization api"),
        (
            .user,
            """
            username user login userid handle nick nickname screenname alias twitter skype \
            instagram telegram discord usuario benutzername
            """
        ),
        (
            .reference,
            """
            order ticket invoice case claim booking reservation confirmation tracking \
            shipment reference ref transaction receipt parcel package purchase bestellnummer \
            bestellung kundennummer rechnung rechnungsnummer auftrag commande facture pedido \
            factura ordine fattura rma return voucher delivery awb consignment waybill \
            incident request quote contract loyalty membership sendungsnummer vorgangsnummer \
            po orders locator pnr bestelling encomenda zamówienie zamówienia beställning \
            ordernummer numéro dossier fall aktenzeichen sygnatura ärende polizza police poliza \
            póliza polis expediente pratica referencia riferimento référence referência kenmerk \
            buchung réservation reserva prenotazione boeking
            """
        ),
        (
            .account,
            """
            account acct customer client kunde kunden cliente accounts a/c klant klantnummer \
            klient kundnummer matricule vertragsnummer
            """
        ),
        (.identity, "id identifier employee student badge uid guid staff payroll"),
        (
            .birth,
            """
            born birth dob birthday birthdate geboren geburtsdatum nacimiento naissance né \
            née nato nata geb ur urodzony urodzona nascido nascida född født fødd syntynyt \
            nacido nacida nacimiento fecha nascita nascimento narození
            """
        ),
        (
            .age,
            """
            age aged turned turning alter edad âge età leeftijd idade wiek ålder lat anni alder \
            fyller ikä
            """
        ),
        (
            .digitWord,
            """
            zero oh one two three four five six seven eight nine null eins zwei zwo drei vier \
            fünf sechs sieben acht neun zéro un deux trois quatre cinq sept huit neuf cero uno \
            dos tres cuatro cinco seis siete ocho nueve due tre quattro cinque sei sette otto \
            nove een twee drie vijf zes zeven negen
            """
        ),
        (.spokenMark, "dot punkt punto ponto"),
        (
            .yearsOld,
            """
            years year yrs yr yo old ans años anni jahre jaar months weeks
            """
        ),
        (.zip, "zip zipcode postcode postal postleitzahl plz cap cp"),
        (
            .address,
            """
            address live lives living resides residing located moved adresse anschrift \
            dirección indirizzo adres street deliver ship shipped mailing home
            """
        ),
        (
            .coordinate,
            """
            lat latitude lon lng long longitude gps coordinates coordinate location
            """
        ),
        (
            .weekday,
            """
            monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu \
            thur thurs fri sat sun montag dienstag mittwoch donnerstag freitag samstag \
            sonntag poniedziałek wtorek środa czwartek piątek sobota niedziela måndag tisdag \
            onsdag torsdag fredag lördag söndag lundi mardi mercredi jeudi vendredi samedi \
            dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì \
            maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
            """
        ),
        (
            .streetSuffix,
            """
            street st avenue ave av road rd boulevard blvd lane ln drive dr court ct place \
            pl square sq terrace ter way parkway pkwy highway hwy circle cir trail trl close \
            crescent cres gardens gdns grove mews row walk alley plaza loop crossing bend \
            creek path pike turnpike run ridge hill heights point quay wharf rise view green \
            park broadway str straße strasse vale gate glen hollow manor meadow meadows \
            springs brook fork forks harbor harbour haven island isle junction knoll lake \
            landing mill mills orchard pass pines plains prairie ranch rapids route shore \
            shores spur station summit track trafficway tunnel valley viaduct village \
            villages vista wells
            """
        ),
        (
            .streetPrefix,
            """
            rue via viale piazza corso calle avenida carrer paseo plaza camino rua avenue \
            boulevard allée chemin place quai impasse vicolo largo straat laan route c/ \
            carretera ronda travesía strada salita cours
            """
        ),
        (
            .unit,
            """
            apt apartment suite ste unit room rm floor fl bldg building flat lot trlr dept \
            etage appartement wohnung piso scala interno puerta esc bât
            """
        ),
        (.box, "box boîte postfach apartado postbus casella bp"),
        (
            .filler,
            """
            number no nr num is was are the my your his her our # of for as to and with \
            ending numbers nummer numéro numero núm it's its following which reads provided \
            be nbr code a an personal new old current in by
            """
        ),
        (
            .date,
            """
            on since until till by before after dated date due expires expiry exp valid from \
            admitted discharged visit scheduled appointment seit vom bis le del until am dal \
            dnia dia depuis jusque desde hasta sinds tot vanaf od sedan den desde até fino
            """
        ),
    ]
}
