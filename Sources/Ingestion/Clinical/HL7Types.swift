/// The components of HL7 v2 data types (chapter 2A), in snake case.
enum HL7Types {
    /// The names of a type's components; empty for a type without any, or an unknown one.
    static func components(_ type: String) -> [String] { table[type] ?? [] }

    /// The names of the subcomponents of a component, from the second on.
    static func subcomponents(_ component: String) -> [String] {
        switch component {
        case "family_name":
            ["own_surname_prefix", "own_surname", "partner_surname_prefix", "partner_surname"]
        case "street_address": ["street_name", "dwelling_number"]
        case "assigning_authority", "assigning_facility", "facility",
            "assigning_authority_for_location":
            ["universal_id", "universal_id_type"]
        case "units": ["text", "name_of_coding_system"]
        default: []
        }
    }

    private static let table: [String: [String]] = source.mapValues {
        $0.split(separator: " ").map(String.init)
    }

    private static let source: [String: String] = [
        "HD": "namespace_id universal_id universal_id_type",
        "EI": "entity_identifier namespace_id universal_id universal_id_type",
        "MSG": "message_code trigger_event message_structure",
        "PT": "processing_id processing_mode",
        "VID": "version_id internationalization_code international_version_id",
        "TS": "time degree_of_precision",
        "DR": "range_start range_end",
        "NR": "low high",
        "CQ": "quantity units",
        "SN": "comparator num1 separator_suffix num2",
        "MO": "quantity denomination",
        "FC": "financial_class_code effective_date",
        "DLD": "discharge_to_location effective_date",
        "DLN": "license_number issuing_state expiration_date",
        "JCC": "job_code job_class job_description",
        "ED": "source_application type_of_data data_subtype encoding data",
        "RP": "pointer application_id type_of_data subtype",
        "CWE": "identifier text name_of_coding_system alternate_identifier alternate_text "
            + "name_of_alternate_coding_system coding_system_version_id "
            + "alternate_coding_system_version_id original_text second_alternate_identifier "
            + "second_alternate_text name_of_second_alternate_coding_system",
        "CX": "id_number identifier_check_digit check_digit_scheme assigning_authority "
            + "identifier_type_code assigning_facility effective_date expiration_date "
            + "assigning_jurisdiction assigning_agency security_check security_check_scheme",
        "XPN": "family_name given_name second_and_further_given_names suffix prefix degree "
            + "name_type_code name_representation_code name_context name_validity_range "
            + "name_assembly_order effective_date expiration_date professional_suffix called_by",
        "XCN": "person_identifier family_name given_name second_and_further_given_names suffix "
            + "prefix degree source_table assigning_authority name_type_code "
            + "identifier_check_digit check_digit_scheme identifier_type_code "
            + "assigning_facility name_representation_code name_context name_validity_range "
            + "name_assembly_order effective_date expiration_date professional_suffix "
            + "assigning_jurisdiction assigning_agency security_check security_check_scheme",
        "XAD": "street_address other_designation city state_or_province zip_or_postal_code "
            + "country address_type other_geographic_designation county_parish_code "
            + "census_tract address_representation_code address_validity_range effective_date "
            + "expiration_date expiration_reason temporary_indicator bad_address_indicator "
            + "address_usage addressee comment preference_order protection_code "
            + "address_identifier",
        "XTN": "telephone_number telecommunication_use_code telecommunication_equipment_type "
            + "communication_address country_code area_city_code local_number extension any_text "
            + "extension_prefix speed_dial_code unformatted_telephone_number "
            + "effective_start_date expiration_date expiration_reason protection_code "
            + "shared_telecommunication_identifier preference_order",
        "XON": "organization_name organization_name_type_code id_number identifier_check_digit "
            + "check_digit_scheme assigning_authority identifier_type_code assigning_facility "
            + "name_representation_code organization_identifier",
        "PL": "point_of_care room bed facility location_status person_location_type building "
            + "floor location_description comprehensive_location_identifier "
            + "assigning_authority_for_location",
    ]

    /// The type of a value of OBX-5 by the name in OBX-2 (table 0125).
    static func type(ofValue name: String) -> String {
        switch name {
        case "TX", "FT", "ST", "": "T"
        case "CE", "CNE", "CF", "CWE": "CWE"
        case "XPN", "PN": "XPN"
        case "CN", "XCN": "XCN"
        case "AD", "XAD": "XAD"
        case "TN", "XTN": "XTN"
        case "CK", "CX": "CX"
        default: table[name] == nil ? "" : name
        }
    }

    /// The types that are plain text where only their first component is there.
    static let plainAlone: Set<String> = ["TS", "CQ", "MO", "DR", "NR", ""]
}
