import Glibc

/// Numbers as people read them beside a plot: `0.4312`, `1e-3`, `12 300`.
enum NumberText {
    /// A number of any size with at most `digits` significant digits; what is very small or very
    /// large in powers of ten.
    static func short(_ value: Double, digits: Int = 4) -> String {
        guard value.isFinite else { return "–" }
        guard value != 0 else { return "0" }
        let exponent = Int(floor(log10(value.magnitude)))
        if (-3..<6).contains(exponent) {
            return trimmed(fixed(value, max(0, digits - 1 - exponent)))
        }
        let mantissa = value / pow(10, Double(exponent))
        // 9.9999 would be shown as 10.
        let rounded = trimmed(fixed(mantissa, digits - 1))
        return rounded.hasSuffix("10")
            ? "\(value < 0 ? "-" : "")1e\(exponent + 1)" : "\(rounded)e\(exponent)"
    }

    /// A label of an axis whose ticks are `step` apart: all of one axis have as many decimals.
    static func tick(_ value: Double, step: Double) -> String {
        guard step > 0, step.isFinite else { return short(value) }
        let exponent = Int(floor(log10(step) + 1e-9))
        guard (-4...6).contains(exponent) else {
            return value.magnitude < step / 2 ? "0" : short(value)
        }
        return fixed(value, max(0, -exponent))
    }

    /// A number with a fixed count of decimals; none: a whole number, without a point.
    private static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard decimals == 0 else { return MetricsTable.fixed(value, decimals) }
        return Int(exactly: value.rounded()).map(String.init) ?? "\(value)"
    }

    /// Without zeros at the end of a fraction.
    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
