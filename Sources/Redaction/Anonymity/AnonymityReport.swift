public import Records

/// How easily the people of a dataset can be singled out by fields that others may know, for an
/// expert determination (45 CFR 164.514(b)(1)).
///
/// Records with equal quasi-identifiers form a class. *k* is the size of the smallest one (Sweeney,
/// "k-anonymity: a model for protecting privacy", 2002); *l* the fewest different sensitive values in
/// one (Machanavajjhala et al., "l-diversity", 2007), counted plainly and as exp(entropy). A record
/// alone in its class is unique.
public struct AnonymityReport: Sendable, Hashable {
    /// One of the riskiest records: by id, never by value.
    public struct RiskyRecord: Sendable, Hashable {
        /// The record.
        public var rid: RecordID
        /// How many records share its quasi-identifiers, itself included.
        public var classSize: Int
    }

    /// The fields that the classes were made of.
    public var quasiIdentifiers: [String]
    /// The sensitive field, if one was named.
    public var sensitive: String?
    /// How many records.
    public var recordCount: Int
    /// How many classes.
    public var classCount: Int
    /// The smallest class; 0 without records.
    public var k: Int
    /// Records that are alone in their class.
    public var uniqueCount: Int
    /// Records in classes of fewer than each size: 2, 3, 5, 11, 20.
    public var below: [Int: Int]
    /// The fewest different sensitive values in a class; nil without a sensitive field.
    public var distinctDiversity: Int?
    /// The lowest exp(entropy) of sensitive values in a class; nil without a sensitive field.
    public var entropyDiversity: Double?
    /// How much each field tells: the share of records that would be unique by it alone.
    public var uniqueByField: [String: Double]
    /// The records in the smallest classes, by class size and rid.
    public var riskiest: [RiskyRecord]

    /// The highest chance of the prosecutor model, 1/k: that a record is its person's, for somebody
    /// who knows that the person is in the data.
    public var highestRisk: Double { k == 0 ? 0 : 1 / Double(k) }

    /// The mean of that chance over records: classes / records.
    public var meanRisk: Double {
        recordCount == 0 ? 0 : Double(classCount) / Double(recordCount)
    }

    /// The report as JSON, without values of records.
    public var json: JSONValue {
        [
            "quasiIdentifiers": .array(quasiIdentifiers.map { .string($0) }),
            "sensitive": sensitive.map { .string($0) } ?? .null,
            "records": .integer(recordCount), "classes": .integer(classCount),
            "k": .integer(k), "unique": .integer(uniqueCount),
            "highestRisk": .double(highestRisk), "meanRisk": .double(meanRisk),
            "below": .object(
                Dictionary(uniqueKeysWithValues: below.map { (String($0), .integer($1)) })),
            "distinctDiversity": distinctDiversity.map { .integer($0) } ?? .null,
            "entropyDiversity": entropyDiversity.map { .double($0) } ?? .null,
            "uniqueByField": .object(uniqueByField.mapValues { .double($0) }),
            "riskiest": .array(
                riskiest.map {
                    ["rid": .string($0.rid.hex), "classSize": .integer($0.classSize)]
                }),
        ]
    }
}
