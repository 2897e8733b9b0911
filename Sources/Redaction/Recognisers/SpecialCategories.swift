internal import Cryptography

/// Words of the special categories of personal data, Art. 9(1) GDPR, as a detector of its own: a
/// policy says whether they are counted, replaced or not looked for.
///
/// The lists are our own and short: they flag records for a person to look at, in English, German,
/// French, Spanish, Italian and Dutch; they do not decide what the law calls such data. Genetic and
/// biometric data have words among those of health.
public struct SpecialCategories: Detector {
    /// One category.
    struct Category: Sendable {
        let type: EntityType
        let words: WordList
    }

    /// The name that stands in findings.
    public static let name = "special-categories"
    /// All categories, in the order of the article.
    static let categories: [Category] = lists.map { type, text in
        let words = text.split(separator: ",").map {
            String($0.drop { $0 == " " || $0 == "\n" })
        }
        return Category(type: type, words: WordList(words, ignoreCase: true))
    }

    /// Makes the detector.
    public init() {}

    /// The name that stands in findings.
    public var name: String { Self.name }

    /// Changes with the lists.
    public var digest: [UInt8] {
        SHA256.hash(Array(Self.lists.map { "\($0.0):\($0.1)\n" }.joined().utf8))
    }

    /// Every listed word, whole words in any case.
    public func findings(in document: DocumentView) -> [Finding] {
        Self.categories.flatMap { category in
            category.words.ranges(in: document.bytes).map {
                Finding(
                    type: category.type, range: $0, score: 0.6, detector: Self.name,
                    validation: .none)
            }
        }
    }

    private static let lists: [(EntityType, String)] = [
        (
            .ethnicOrigin,
            """
            ethnic origin, ethnicity, racial origin, skin colour, skin color, mother tongue, \
            african american, hispanic, latino, latina, latinx, roma, sinti, romani, indigenous, \
            first nations, aboriginal, biracial, mixed race, asylum seeker, refugee, \
            ethnische herkunft, hautfarbe, muttersprache, geflüchtete, geflüchteter, asylbewerber, \
            origine ethnique, couleur de peau, demandeur d'asile, origen étnico, color de piel, \
            refugiado, origine etnica, colore della pelle, rifugiato, etnische afkomst, huidskleur, \
            asielzoeker
            """
        ),
        (
            .politicalOpinion,
            """
            political opinion, political views, party member, party membership, voted for, \
            campaigned for, socialist, communist, conservative party, labour party, republican party, \
            democratic party, green party, liberal democrat, activist, politische meinung, \
            parteimitglied, parteibuch, opinion politique, membre du parti, opinión política, \
            afiliado al partido, opinione politica, iscritto al partito, politieke overtuiging, \
            partijlid
            """
        ),
        (
            .religiousBelief,
            """
            christian, catholic, protestant, evangelical, orthodox, mormon, jehovah's witness, \
            muslim, islamic, jewish, hindu, buddhist, sikh, bahai, atheist, agnostic, baptised, \
            baptized, church member, church tax, mosque, synagogue, ramadan, bar mitzvah, katholisch, \
            evangelisch, muslimisch, jüdisch, kirchensteuer, konfession, moschee, catholique, \
            musulman, musulmane, juif, juive, católico, católica, musulmán, musulmana, judío, judía, \
            cattolico, cattolica, musulmano, ebreo, ebrea, katholiek, moslim, joods, kerklid
            """
        ),
        (
            .unionMembership,
            """
            trade union, labor union, labour union, union member, union membership, union dues, \
            shop steward, works council, gewerkschaft, gewerkschaftsmitglied, betriebsrat, syndicat, \
            syndiqué, délégué syndical, sindicato, afiliado sindical, sindicato dei lavoratori, \
            iscritto al sindacato, vakbond, vakbondslid
            """
        ),
        (
            .healthData,
            """
            diagnosis, diagnosed with, diabetes, diabetic, cancer, chemotherapy, radiotherapy, hiv, \
            aids, hepatitis, depression, antidepressant, bipolar, schizophrenia, anxiety disorder, \
            ptsd, autism, autistic, adhd, epilepsy, asthma, hypertension, pregnancy, pregnant, \
            miscarriage, abortion, disability, disabled, wheelchair, sick leave, sick note, surgery, \
            prescription, medication, insulin, allergy, allergic to, dementia, alzheimer's, \
            multiple sclerosis, stroke, heart attack, addiction, rehab, alcoholic, psychotherapy, \
            therapist, blood type, dna test, genetic test, fingerprint, diagnose, krebs, \
            chemotherapie, schwanger, schwangerschaft, behinderung, krankschreibung, arbeitsunfähig, \
            depressionen, allergie, grossesse, enceinte, handicap, arrêt maladie, cancer du sein, \
            diabète, ordonnance, diagnóstico, embarazo, embarazada, discapacidad, baja médica, \
            cáncer, receta médica, diagnosi, gravidanza, incinta, disabilità, malattia, tumore, \
            kanker, zwanger, zwangerschap, handicap, ziekmelding, voorgeschreven
            """
        ),
        (
            .sexLife,
            """
            sexual orientation, sex life, gay, lesbian, bisexual, homosexual, heterosexual, queer, \
            transgender, trans woman, trans man, non-binary, nonbinary, same-sex, came out as, \
            sexuelle orientierung, schwul, lesbisch, orientation sexuelle, homosexuel, lesbienne, \
            orientación sexual, lesbiana, orientamento sessuale, omosessuale, lesbica, \
            seksuele geaardheid, homoseksueel
            """
        ),
    ]
}

extension EntityType {
    /// Racial or ethnic origin, Art. 9(1) GDPR.
    public static let ethnicOrigin: EntityType = "SPECIAL_ETHNIC_ORIGIN"
    /// Political opinions, Art. 9(1) GDPR.
    public static let politicalOpinion: EntityType = "SPECIAL_POLITICS"
    /// Religious or philosophical beliefs, Art. 9(1) GDPR.
    public static let religiousBelief: EntityType = "SPECIAL_RELIGION"
    /// Trade union membership, Art. 9(1) GDPR.
    public static let unionMembership: EntityType = "SPECIAL_UNION"
    /// Health, genetic and biometric data, Art. 9(1) GDPR.
    public static let healthData: EntityType = "SPECIAL_HEALTH"
    /// Sex life and sexual orientation, Art. 9(1) GDPR.
    public static let sexLife: EntityType = "SPECIAL_SEX_LIFE"

    /// Whether it is a special category of Art. 9(1) GDPR.
    public var isSpecialCategory: Bool { rawValue.hasPrefix("SPECIAL_") }
}
