/// US Social Security, individual taxpayer and employer numbers.
extension Scan {
    mutating func usTaxOrSecurity(_ p: Int, _ context: Cue) -> Bool {
        let plain: (UInt8) -> Bool = { $0 == 0x2D || $0 == 0x20 || $0 == 0x2E }
        if run.hasShape([3, 2, 4], separators: plain),
            run.groups.count == 3 || run.separators[2] == 0x20,
            run.separators[0] == run.separators[1] || run.separators[0] == 0x2D
        {
            return securityNumber(
                p, run.groups[2].end, isDashed: run.separators[0] == 0x2D, context)
        }
        if run.hasShape([2, 7], separators: { $0 == 0x2D }) {
            let end = run.groups[1].end
            guard closes(end) else { return false }
            let named = near(.tax, p, end)
            if context.isDisjoint(with: .codes) || named {
                claim(.taxReference, p, end, named ? 0.9 : 0.45, named ? .context : .none)
                return true
            }
            return false
        }
        if run.groups[0].count == 9, !context.isDisjoint(with: [.ssn, .tax]) {
            return securityNumber(p, run.groups[0].end, isDashed: false, context)
        }
        return false
    }

    /// Area not 000, 666 or 9xx, group not 00, serial not 0000 (SSA POMS RM 10201.035); 9xx with
    /// the group ranges of IRS publication 1915 is an ITIN.
    private mutating func securityNumber(
        _ p: Int, _ end: Int, isDashed: Bool, _ context: Cue
    ) -> Bool {
        guard closes(end) else { return false }
        let d = run.digits
        let area = Int(d[0]) * 100 + Int(d[1]) * 10 + Int(d[2])
        let group = Int(d[3]) * 10 + Int(d[4])
        let serial = d[5...8].reduce(0) { $0 * 10 + Int($1) }
        let named = !context.isDisjoint(with: [.ssn, .tax]) || near([.ssn], p, end)
        let other = !named && !context.isDisjoint(with: Cue.codes)
        if area >= 900,
            (50...65).contains(group) || (70...88).contains(group)
                || (90...92).contains(group) || (94...99).contains(group)
        {
            claim(.itin, p, end, named ? 0.95 : isDashed ? 0.75 : 0.45, named ? .context : .none)
            return true
        }
        let valid = area != 0 && area != 666 && area < 900 && group != 0 && serial != 0
        if other { return false }
        if named {
            claim(.ssn, p, end, valid ? 0.95 : 0.65, valid ? .context : .checksumInvalid)
        } else {
            claim(.ssn, p, end, valid ? (isDashed ? 0.85 : 0.6) : 0.4)
        }
        return true
    }
}
