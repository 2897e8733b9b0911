/// One HTML page that needs nothing from anywhere: style inside, no script, plots as SVG.
enum HTMLPage {
    /// Text for an element or an attribute in quotes; controls become U+FFFD.
    static func escape(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{0}"..<"\u{20}", "\u{7F}"..<"\u{A0}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}":
                result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// `12,345`
    static func number(_ value: UInt64) -> String {
        let digits = Array(String(value))
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// `12.3 %`
    static func percent(_ part: UInt64, of whole: UInt64) -> String {
        let tenths = whole == 0 ? 0 : (part * 1000 + whole / 2) / whole
        if tenths == 0 && part > 0 { return "< 0.1 %" }
        return "\(tenths / 10).\(tenths % 10) %"
    }

    /// The page. `body` is HTML; the title is escaped here.
    static func page(title: String, body: String) -> String {
        """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="referrer" content="no-referrer">
        <title>\(escape(title))</title>
        <style>\(style)</style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    private static let style = """

        :root { color-scheme: light dark; --ground: #f5f6f8; --card: #ffffff; --ink: #1a1d23;
          --soft: #5b6270; --line: #e2e5ea; --track: #edeff3; --train: #2d6cdf; --validation: #d97f06;
          --test: #12946f; --none: #8d94a1; --bar: #2d6cdf; --warn: #c4452d; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14161a; --card: #1d2026; --ink: #e8eaee;
          --soft: #a0a7b4; --line: #31363f; --track: #2a2e36; --train: #6ea0ff; --validation: #f2a93b;
          --test: #41c99d; --none: #7d8593; --bar: #6ea0ff; --warn: #ff8066; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
        main, header, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
        header { padding-top: 40px; padding-bottom: 8px; }
        h1 { font-size: 28px; line-height: 1.2; margin: 0; letter-spacing: -.01em; overflow-wrap: anywhere; }
        h2 { font-size: 16px; margin: 0 0 2px; }
        p { margin: 0; color: var(--soft); }
        section p { font-size: 13px; margin-bottom: 12px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 14px;
          margin: 20px 0 14px; padding: 0; }
        .tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px; }
        .tile dt { color: var(--soft); font-size: 13px; }
        .tile dd { margin: 2px 0 0; font-size: 24px; font-weight: 650; letter-spacing: -.02em;
          font-variant-numeric: tabular-nums; }
        .tile dd small { display: block; font-size: 12.5px; font-weight: 400; letter-spacing: 0; color: var(--soft); }
        .cards { columns: 2; column-gap: 14px; }
        section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 18px 20px;
          break-inside: avoid; margin: 0 0 14px; }
        section.wide { overflow-x: auto; margin-top: 14px; }
        table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
        caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        th { text-align: left; font-weight: 500; }
        thead th { color: var(--soft); font-size: 12.5px; border-bottom: 1px solid var(--line); padding: 4px 8px 6px 0; }
        tbody th, td { padding: 4px 8px 4px 0; vertical-align: middle; }
        .grid tbody tr + tr > * { border-top: 1px solid var(--line); }
        .num { text-align: right; white-space: nowrap; }
        .bars tbody th { max-width: 15em; padding-right: 12px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        .bars td.bar { width: 99%; min-width: 90px; }
        .bars svg { display: block; width: 100%; height: 12px; border-radius: 3px; background: var(--track); }
        .bars .num { padding-right: 0; padding-left: 8px; }
        .bars .share { color: var(--soft); }
        .plot { display: block; width: 100%; height: auto; }
        .plot text { fill: var(--soft); font: 11.5px system-ui, sans-serif; }
        .plot .mark { fill: var(--ink); }
        .legend { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 10px; padding: 0; list-style: none;
          font-size: 12.5px; color: var(--soft); }
        .legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
        .split { display: block; width: 100%; height: 22px; border-radius: 5px; margin: 2px 0 12px; }
        .train { fill: var(--train); background: var(--train); }
        .validation { fill: var(--validation); background: var(--validation); }
        .test { fill: var(--test); background: var(--test); }
        .none { fill: var(--none); background: var(--none); }
        .fill { fill: var(--bar); } .warn { fill: var(--warn); }
        footer { color: var(--soft); font-size: 12.5px; padding-top: 18px; padding-bottom: 40px; }
        @media screen and (max-width: 760px) { .cards { columns: 1; }
          main, header, footer { padding-left: 14px; padding-right: 14px; } }
        @media print { @page { margin: 14mm; } .tiles { grid-template-columns: repeat(5, 1fr); gap: 8px; }
          .tile dd { font-size: 17px; } section.wide { margin-top: 8px; } .bars td.bar { min-width: 36px; } table { font-size: 9.5px; }
          :root { --ground: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --track: #eee;
            --train: #2d6cdf; --validation: #d97f06; --test: #12946f; --none: #8d94a1; --bar: #2d6cdf; --warn: #c4452d; }
          body { font-size: 11px; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
          main, header, footer { max-width: none; padding-left: 0; padding-right: 0; } header { padding-top: 0; }
          section, .tile { break-inside: avoid; } section.wide { break-inside: auto; } tr { break-inside: avoid; } }

        """
}
