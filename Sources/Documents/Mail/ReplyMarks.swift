/// The words by which mail programs mark quotes and by which people close, in many languages.
enum ReplyMarks {
    /// Whether a block that is all quoted begins here.
    static func isSeparator(_ lines: [Substring], at index: Int) -> Bool {
        guard mayBeSeparator(lines[index]) else { return false }
        let line = bare(lines[index])
        if line.utf8.count > 120 || line.isEmpty { return false }
        if isDashedTitle(line) { return true }
        if isHeadLine(line, senders) { return isHead(lines, from: index) }
        // A rule of underscores before such a block.
        let isRule = line.utf8.count >= 10 && line.utf8.allSatisfy { $0 == 0x5F }
        guard isRule, let next = next(lines, after: index) else { return false }
        return isHeadLine(bare(lines[next]), senders) && isHead(lines, from: next)
    }

    /// What can be told from a few bytes: most lines are none of it, and this is asked of each.
    private static func mayBeSeparator(_ line: Substring) -> Bool {
        let bytes = line.utf8.drop { $0 <= 0x20 }
        guard let first = bytes.first else { return false }
        if first == 0x2D || first == 0x5F { return true }
        return bytes.prefix(48).contains { $0 == 0x3A || $0 == 0x9A }
    }

    /// `-----Original Message-----` and its like: dashes, a known title, dashes.
    private static func isDashedTitle(_ line: String) -> Bool {
        guard line.hasPrefix("--") || line.lowercased() == "begin forwarded message:" else {
            return false
        }
        let words = line.lowercased().drop { $0 == "-" || $0 == " " }
        guard line.hasPrefix("--") else { return true }
        guard line.hasSuffix("-") else { return false }
        return titles.contains { words.hasPrefix($0) }
    }

    private static let titles = [
        "original message", "forwarded message", "original appointment", "reply message",
        "ursprüngliche nachricht", "originalnachricht", "original-nachricht",
        "weitergeleitete nachricht", "message d'origine", "message d’origine",
        "message original", "message transféré", "mensaje original", "mensaje reenviado",
        "messaggio originale", "messaggio inoltrato", "mensagem original",
        "mensagem encaminhada", "oorspronkelijk bericht", "doorgestuurd bericht",
        "oprindelig meddelelse", "ursprungligt meddelande", "opprinnelig melding",
        "alkuperäinen viesti", "oryginalna wiadomość", "wiadomość oryginalna",
        "původní zpráva", "eredeti üzenet", "исходное сообщение", "пересылаемое сообщение",
        "orijinal mesaj", "原始邮件", "原邮件", "转发邮件", "元のメッセージ", "原始郵件",
    ]

    /// A line `From: …`, then within five lines at least two of date, recipients and subject.
    private static func isHead(_ lines: [Substring], from index: Int) -> Bool {
        var found = 0
        for line in lines[(index + 1)...].prefix(6) where isHeadLine(bare(line), others) {
            found += 1
        }
        return found >= 2
    }

    private static func isHeadLine(_ line: String, _ names: Set<String>) -> Bool {
        let bytes = line.utf8
        // `:` or the wide `：` (EF BC 9A).
        guard let colon = bytes.prefix(48).firstIndex(where: { $0 == 0x3A || $0 == 0x9A }) else {
            return false
        }
        var name = Array(bytes[..<colon])
        if bytes[colon] == 0x9A {
            guard name.suffix(2).elementsEqual([0xEF, 0xBC]) else { return false }
            name.removeLast(2)
        }
        name.removeAll { $0 == 0x2A }
        guard name.count <= 32 else { return false }
        let text = String(decoding: name, as: UTF8.self).split { $0.isWhitespace }
        return names.contains(text.joined(separator: " ").lowercased())
    }

    private static let senders: Set<String> = [
        "from", "von", "de", "da", "van", "fra", "från", "lähettäjä", "od", "от", "от кого",
        "feladó", "kimden", "gönderen", "发件人", "寄件者", "差出人", "보낸 사람", "מאת",
    ]

    private static let others: Set<String> = [
        "sent", "date", "to", "cc", "subject", "gesendet", "datum", "an", "betreff", "kopie",
        "envoyé", "à", "objet", "enviado", "enviado el", "fecha", "para", "asunto", "assunto",
        "data", "inviato", "a", "oggetto", "verzonden", "aan", "onderwerp", "sendt", "til",
        "emne", "dato", "skickat", "till", "ämne", "lähetetty", "vastaanottaja", "aihe", "wysłano",
        "do", "temat", "odesláno", "komu", "předmět", "отправлено", "дата", "кому", "тема",
        "küldve", "címzett", "tárgy", "tarih", "kime", "konu", "发送时间", "日期", "收件人", "主题",
        "主旨", "收件者", "送信日時", "宛先", "件名", "보낸 날짜", "받는 사람", "제목", "date d'envoi",
    ]

    /// How many lines from here announce a quote (`On … wrote:`), wrapped on up to four; nil: none.
    static func announcementLength(_ lines: [Substring], at index: Int) -> Int? {
        // It ends in a colon, on this line or on one of the next three.
        let mayEnd = lines[index...].prefix(4).contains { line in
            let last = line.utf8.last { $0 > 0x20 }
            return last == 0x3A || last == 0x9A
        }
        guard mayEnd else { return nil }
        let first = bare(lines[index])
        guard !first.isEmpty, first.utf8.count <= 400 else { return nil }
        var text = ""
        for count in 1...4 where index + count <= lines.count {
            let line = bare(lines[index + count - 1])
            if line.isEmpty || line.hasPrefix(">") { return nil }
            text += text.isEmpty ? line : " " + line
            if text.utf8.count > 600 { return nil }
            if isAnnouncement(text) { return count }
            // Only the first words tell whether more lines may belong to it.
            if count == 1, !announcements.contains(where: { text.lowercased().hasPrefix($0.0) }) {
                return nil
            }
        }
        return nil
    }

    private static func isAnnouncement(_ text: String) -> Bool {
        guard text.hasSuffix(":") || text.hasSuffix("：") else { return false }
        let lowered = text.lowercased()
        let stem = lowered.dropLast()
        if writers.contains(where: { stem.hasSuffix($0) }) {
            // A name, an address or a date stands before the verb.
            return lowered.utf8.contains(where: { $0 == 0x40 || ($0 >= 0x30 && $0 <= 0x39) })
                || announcements.contains { lowered.hasPrefix($0.0) }
        }
        return announcements.contains { pair in
            guard lowered.hasPrefix(pair.0) else { return false }
            return pair.1.isEmpty || stem.contains(pair.1)
        } && lowered.utf8.contains { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x40 }
    }

    /// How announcements begin, and the verb in them.
    private static let announcements: [(String, String)] = [
        ("on ", " wrote"), ("am ", " schrieb"), ("le ", " a écrit"), ("el ", " escribi"),
        ("il ", " ha scritto"), ("op ", " schreef"), ("em ", " escreveu"), ("den ", " skrev"),
        ("w dniu ", " pisze"), ("w dniu ", " napisa"), ("dne ", " napsal"), ("в ", " написал"),
        ("il giorno ", " ha scritto"), ("at ", " wrote"),
    ]

    /// Verbs at the end of announcements that begin with a name or a date.
    private static let writers = [
        " wrote", " writes", " schrieb", " a écrit", " a écrit ", " escribió", " ha scritto",
        " schreef", " escreveu", " skrev", " pisze", " napisał", " napisał(a)", " napsal",
        " napsal(a)", " kirjoitti", " написал", " написал(а)", " написала", " пишет", " yazdı",
        "写道", "寫道", "さんは書きました", "님이 작성", " said",
    ]

    /// A line by which people take leave: `Best regards,`.
    static func isClosing(_ line: Substring) -> Bool {
        guard line.utf8.count <= 64 else { return false }
        let text = bare(line).lowercased()
        let words = text.drop { $0 == "*" || $0 == "_" }
        guard let closing = closings.first(where: { words.hasPrefix($0) }) else { return false }
        let rest = words.dropFirst(closing.count).filter { !",.!*_- ;".contains($0) }
        return rest.isEmpty
    }

    private static let closings = [
        "best regards", "kind regards", "warm regards", "with kind regards", "with best regards",
        "many thanks and best regards", "regards", "best wishes", "all the best", "best", "cheers",
        "yours sincerely", "yours faithfully", "yours truly", "sincerely yours", "sincerely",
        "respectfully", "cordially", "many thanks", "thanks and regards", "thanks & regards",
        "thanks in advance", "thank you in advance", "thanks again", "thank you", "thanks", "thx",
        "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
        "freundliche grüße", "viele grüße", "beste grüße", "liebe grüße", "schöne grüße",
        "herzliche grüße", "mfg", "cordialement", "bien cordialement", "bien à vous",
        "meilleures salutations", "sincères salutations", "un cordial saludo", "saludos cordiales",
        "saludos", "atentamente", "cordiali saluti", "distinti saluti", "saluti",
        "com os melhores cumprimentos", "cumprimentos", "atenciosamente", "abraços",
        "met vriendelijke groet", "met vriendelijke groeten", "groeten", "med venlig hilsen",
        "venlig hilsen", "med vänlig hälsning", "vänliga hälsningar", "med vennlig hilsen", "mvh",
        "ystävällisin terveisin", "terveisin", "z poważaniem", "pozdrawiam", "s pozdravem",
        "с уважением", "此致敬礼", "祝好",
    ].sorted { $0.utf8.count > $1.utf8.count }

    /// What telephones put under a message.
    static func isDeviceLine(_ line: Substring) -> Bool {
        guard line.utf8.count <= 90 else { return false }
        let text = bare(line).lowercased()
        return [
            "sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo",
            "get outlook for ", "von meinem ", "gesendet von ", "envoyé de mon ",
            "envoyé depuis ", "enviado desde mi ", "enviado do meu ", "inviato da ",
            "verzonden vanaf ", "skickat från min ", "sendt fra min ", "отправлено с ",
        ].contains { text.hasPrefix($0) }
    }

    private static func bare(_ line: Substring) -> String { MailText.trimmed(String(line)) }

    private static func next(_ lines: [Substring], after index: Int) -> Int? {
        lines[(index + 1)...].prefix(3).firstIndex { !QuotedReply.isBlank($0) }
    }
}
