/// What the fields of HL7 v2 segments are called, and of which data type they are.
///
/// Titles: HL7 v2.x chapters 2 (MSH, NTE), 3 (EVN, PID, PD1, NK1, PV1, PV2, AL1, MRG), 4 (ORC, OBR,
/// RXA, RXE, RXR, TQ1), 6 (DG1, PR1, GT1, IN1, IN2), 7 (OBX, SPM), 9 (TXA), 10 (SCH), 15 (ROL), in
/// snake case. A type with `?` is written as plain text where only its first component is there.
enum HL7Titles {
    /// A field's name and type.
    struct Field {
        var title: String
        var type: String
        var isPlainAlone: Bool
    }

    /// What segments are for, in the words of a heading.
    static let segments: [String: String] = [
        "PID": "Patient", "PD1": "Patient, additional", "NK1": "Next of kin", "PV1": "Visit",
        "PV2": "Visit, additional", "OBR": "Order", "OBX": "Observation", "ORC": "Order control",
        "NTE": "Note", "AL1": "Allergy", "DG1": "Diagnosis", "IN1": "Insurance",
        "IN2": "Insurance, additional", "GT1": "Guarantor", "PR1": "Procedure",
        "RXA": "Administration", "RXE": "Encoded order", "RXR": "Route", "SCH": "Appointment",
        "TXA": "Document", "MRG": "Merge", "ROL": "Role", "SPM": "Specimen", "TQ1": "Timing",
        "EVN": "Event",
    ]

    /// The field number `number` (from 1) of `segment`; by its position where there is no title.
    static func field(_ segment: String, _ number: Int) -> Field {
        if let fields = table[segment], number <= fields.count { return fields[number - 1] }
        return Field(title: "field_\(number)", type: "", isPlainAlone: true)
    }

    private static let table: [String: [Field]] = source.mapValues { text in
        text.split(whereSeparator: \.isWhitespace).map { word in
            let parts = word.split(separator: ":")
            let type = parts.count > 1 ? String(parts[1]) : ""
            return Field(
                title: String(parts[0]), type: type.hasSuffix("?") ? String(type.dropLast()) : type,
                isPlainAlone: type.hasSuffix("?") || type.isEmpty)
        }
    }

    private static let source: [String: String] = patient.merging(orders) { first, _ in first }
        .merging(billing) { first, _ in first }

    private static let patient: [String: String] = [
        "MSH": """
        field_separator encoding_characters sending_application:HD sending_facility:HD \
        receiving_application:HD receiving_facility:HD date_time_of_message:TS? security \
        message_type:MSG message_control_id processing_id:PT? version_id:VID? sequence_number \
        continuation_pointer accept_acknowledgment_type application_acknowledgment_type \
        country_code character_set principal_language_of_message:CWE? \
        alternate_character_set_handling_scheme message_profile_identifier:EI \
        sending_responsible_organization:XON receiving_responsible_organization:XON \
        sending_network_address:HD receiving_network_address:HD
        """,
        "EVN": """
        event_type_code recorded_date_time:TS? date_time_planned_event:TS? \
        event_reason_code:CWE? operator_id:XCN event_occurred:TS? event_facility:HD
        """,
        "PID": """
        set_id patient_id:CX patient_identifier_list:CX alternate_patient_id:CX \
        patient_name:XPN mothers_maiden_name:XPN date_of_birth:TS? administrative_sex:CWE? \
        patient_alias:XPN race:CWE patient_address:XAD county_code phone_number_home:XTN \
        phone_number_business:XTN primary_language:CWE marital_status:CWE religion:CWE \
        patient_account_number:CX ssn_number drivers_license_number:DLN mothers_identifier:CX \
        ethnic_group:CWE birth_place multiple_birth_indicator birth_order citizenship:CWE \
        veterans_military_status:CWE nationality:CWE patient_death_date_and_time:TS? \
        patient_death_indicator identity_unknown_indicator identity_reliability_code:CWE? \
        last_update_date_time:TS? last_update_facility:HD species_code:CWE breed_code:CWE \
        strain production_class_code:CWE tribal_citizenship:CWE \
        patient_telecommunication_information:XTN
        """,
        "PD1": """
        living_dependency:CWE? living_arrangement:CWE? patient_primary_facility:XON \
        patient_primary_care_provider:XCN student_indicator:CWE? handicap:CWE? \
        living_will_code:CWE? organ_donor_code:CWE? separate_bill duplicate_patient:CX \
        publicity_code:CWE? protection_indicator protection_indicator_effective_date \
        place_of_worship:XON advance_directive_code:CWE? immunization_registry_status:CWE? \
        immunization_registry_status_effective_date publicity_code_effective_date \
        military_branch:CWE? military_rank_grade:CWE? military_status:CWE? \
        advance_directive_last_verified_date
        """,
        "NK1": """
        set_id name:XPN relationship:CWE address:XAD phone_number:XTN \
        business_phone_number:XTN contact_role:CWE start_date end_date next_of_kin_job_title \
        next_of_kin_job_code:JCC next_of_kin_employee_number:CX organization_name:XON \
        marital_status:CWE? administrative_sex:CWE? date_of_birth:TS? living_dependency:CWE? \
        ambulatory_status:CWE? citizenship:CWE? primary_language:CWE? \
        living_arrangement:CWE? publicity_code:CWE? protection_indicator \
        student_indicator:CWE? religion:CWE? mothers_maiden_name:XPN nationality:CWE? \
        ethnic_group:CWE? contact_reason:CWE? contact_persons_name:XPN \
        contact_persons_telephone_number:XTN contact_persons_address:XAD \
        next_of_kin_identifiers:CX job_status:CWE? race:CWE? handicap:CWE? \
        contact_person_social_security_number next_of_kin_birth_place vip_indicator:CWE?
        """,
        "PV1": """
        set_id patient_class:CWE? assigned_patient_location:PL admission_type:CWE? \
        preadmit_number:CX prior_patient_location:PL attending_doctor:XCN \
        referring_doctor:XCN consulting_doctor:XCN hospital_service:CWE? \
        temporary_location:PL preadmit_test_indicator:CWE? readmission_indicator:CWE? \
        admit_source:CWE? ambulatory_status:CWE? vip_indicator:CWE? admitting_doctor:XCN \
        patient_type:CWE? visit_number:CX financial_class:FC? charge_price_indicator:CWE? \
        courtesy_code:CWE? credit_rating:CWE? contract_code:CWE? contract_effective_date \
        contract_amount contract_period interest_code:CWE? transfer_to_bad_debt_code:CWE? \
        transfer_to_bad_debt_date bad_debt_agency_code:CWE? bad_debt_transfer_amount \
        bad_debt_recovery_amount delete_account_indicator:CWE? delete_account_date \
        discharge_disposition:CWE? discharged_to_location:DLD? diet_type:CWE? \
        servicing_facility:CWE? bed_status:CWE? account_status:CWE? pending_location:PL \
        prior_temporary_location:PL admit_date_time:TS? discharge_date_time:TS? \
        current_patient_balance total_charges total_adjustments total_payments \
        alternate_visit_id:CX visit_indicator:CWE? other_healthcare_provider:XCN
        """,
        "PV2": """
        prior_pending_location:PL accommodation_code:CWE? admit_reason:CWE \
        transfer_reason:CWE patient_valuables patient_valuables_location \
        visit_user_code:CWE? expected_admit_date_time:TS? expected_discharge_date_time:TS? \
        estimated_length_of_inpatient_stay actual_length_of_inpatient_stay \
        visit_description:T referral_source_code:XCN previous_service_date \
        employment_illness_related_indicator purge_status_code:CWE? purge_status_date \
        special_program_code:CWE? retention_indicator expected_number_of_insurance_plans \
        visit_publicity_code:CWE? visit_protection_indicator clinic_organization_name:XON \
        patient_status_code:CWE? visit_priority_code:CWE? previous_treatment_date \
        expected_discharge_disposition:CWE? signature_on_file_date \
        first_similar_illness_date patient_charge_adjustment_code:CWE? \
        recurring_service_code:CWE? billing_media_code \
        expected_surgery_date_and_time:TS? military_partnership_code \
        military_non_availability_code newborn_baby_indicator baby_detained_indicator \
        mode_of_arrival_code:CWE? recreational_drug_use_code:CWE? \
        admission_level_of_care_code:CWE? precaution_code:CWE? patient_condition_code:CWE? \
        living_will_code:CWE? organ_donor_code:CWE? advance_directive_code:CWE? \
        patient_status_effective_date expected_loa_return_date_time:TS?
        """,
        "MRG": """
        prior_patient_identifier_list:CX prior_alternate_patient_id:CX \
        prior_patient_account_number:CX prior_patient_id:CX prior_visit_number:CX \
        prior_alternate_visit_id:CX prior_patient_name:XPN
        """,
        "AL1": """
        set_id allergen_type_code:CWE? allergen_code:CWE allergy_severity_code:CWE? \
        allergy_reaction_code identification_date
        """,
        "ROL": """
        role_instance_id:EI action_code role:CWE role_person:XCN role_begin_date_time:TS? \
        role_end_date_time:TS? role_duration:CWE? role_action_reason:CWE? \
        provider_type:CWE organization_unit_type:CWE office_home_address:XAD phone:XTN \
        persons_location:PL organization:XON
        """,
    ]

    private static let orders: [String: String] = [
        "ORC": """
        order_control placer_order_number:EI filler_order_number:EI placer_group_number:EI \
        order_status response_flag quantity_timing parent date_time_of_transaction:TS? \
        entered_by:XCN verified_by:XCN ordering_provider:XCN enterers_location:PL \
        call_back_phone_number:XTN order_effective_date_time:TS? \
        order_control_code_reason:CWE entering_organization:CWE entering_device:CWE \
        action_by:XCN advanced_beneficiary_notice_code:CWE ordering_facility_name:XON \
        ordering_facility_address:XAD ordering_facility_phone_number:XTN \
        ordering_provider_address:XAD order_status_modifier:CWE \
        advanced_beneficiary_notice_override_reason:CWE \
        fillers_expected_availability_date_time:TS? confidentiality_code:CWE? \
        order_type:CWE? enterer_authorization_mode:CWE?
        """,
        "OBR": """
        set_id placer_order_number:EI filler_order_number:EI universal_service_identifier:CWE \
        priority requested_date_time:TS? observation_date_time:TS? \
        observation_end_date_time:TS? collection_volume:CQ? collector_identifier:XCN \
        specimen_action_code danger_code:CWE? relevant_clinical_information:T \
        specimen_received_date_time:TS? specimen_source ordering_provider:XCN \
        order_callback_phone_number:XTN placer_field_1 placer_field_2 filler_field_1 \
        filler_field_2 results_report_status_change_date_time:TS? charge_to_practice \
        diagnostic_service_section_id result_status parent_result quantity_timing \
        result_copies_to:XCN parent transportation_mode reason_for_study:CWE \
        principal_result_interpreter assistant_result_interpreter technician \
        transcriptionist scheduled_date_time:TS? number_of_sample_containers \
        transport_logistics_of_collected_sample:CWE? collectors_comment:CWE? \
        transport_arrangement_responsibility:CWE? transport_arranged escort_required \
        planned_patient_transport_comment:CWE? procedure_code:CWE \
        procedure_code_modifier:CWE placer_supplemental_service_information:CWE \
        filler_supplemental_service_information:CWE \
        medically_necessary_duplicate_procedure_reason:CWE result_handling:CWE? \
        parent_universal_service_identifier:CWE
        """,
        "OBX": """
        set_id value_type observation_identifier:CWE observation_sub_id observation_value:OBX \
        units:CWE? reference_range interpretation_codes:CWE? probability \
        nature_of_abnormal_test observation_result_status \
        effective_date_of_reference_range:TS? user_defined_access_checks \
        date_time_of_the_observation:TS? producers_id:CWE? responsible_observer:XCN \
        observation_method:CWE equipment_instance_identifier:EI \
        date_time_of_the_analysis:TS? observation_site:CWE \
        observation_instance_identifier:EI mood_code:CWE? performing_organization_name:XON \
        performing_organization_address:XAD performing_organization_medical_director:XCN
        """,
        "NTE": """
        set_id source_of_comment comment:T comment_type:CWE? entered_by:XCN \
        entered_date_time:TS?
        """,
        "RXA": """
        give_sub_id_counter administration_sub_id_counter \
        date_time_start_of_administration:TS? date_time_end_of_administration:TS? \
        administered_code:CWE administered_amount administered_units:CWE? \
        administered_dosage_form:CWE? administration_notes:CWE administering_provider:XCN \
        administered_at_location administered_per_time_unit administered_strength \
        administered_strength_units:CWE? substance_lot_number substance_expiration_date \
        substance_manufacturer_name:CWE substance_treatment_refusal_reason:CWE \
        indication:CWE completion_status action_code system_entry_date_time:TS? \
        administered_drug_strength_volume administered_drug_strength_volume_units:CWE? \
        administered_barcode_identifier:CWE? pharmacy_order_type
        """,
        "RXE": """
        quantity_timing give_code:CWE give_amount_minimum give_amount_maximum \
        give_units:CWE? give_dosage_form:CWE? providers_administration_instructions:CWE \
        deliver_to_location substitution_status dispense_amount dispense_units:CWE? \
        number_of_refills ordering_providers_dea_number:XCN \
        pharmacist_verifier_id:XCN prescription_number number_of_refills_remaining \
        number_of_refills_dispensed date_time_of_most_recent_refill:TS? \
        total_daily_dose:CQ? needs_human_review special_dispensing_instructions:CWE \
        give_per_time_unit give_rate_amount give_rate_units:CWE? give_strength \
        give_strength_units:CWE? give_indication:CWE dispense_package_size \
        dispense_package_size_unit:CWE? dispense_package_method
        """,
        "RXR": """
        route:CWE administration_site:CWE administration_device:CWE \
        administration_method:CWE routing_instruction:CWE? administration_site_modifier:CWE?
        """,
        "SPM": """
        set_id specimen_id specimen_parent_ids specimen_type:CWE specimen_type_modifier:CWE \
        specimen_additives:CWE specimen_collection_method:CWE specimen_source_site:CWE \
        specimen_source_site_modifier:CWE specimen_collection_site:CWE specimen_role:CWE? \
        specimen_collection_amount:CQ? grouped_specimen_count specimen_description:T \
        specimen_handling_code:CWE? specimen_risk_code:CWE? \
        specimen_collection_date_time:DR? specimen_received_date_time:TS?
        """,
        "TQ1": """
        set_id quantity:CQ? repeat_pattern explicit_time relative_time_and_units:CQ? \
        service_duration:CQ? start_date_time:TS? end_date_time:TS? priority:CWE? \
        condition_text:T text_instruction:T
        """,
        "SCH": """
        placer_appointment_id:EI filler_appointment_id:EI occurrence_number \
        placer_group_number:EI schedule_id:CWE? event_reason:CWE appointment_reason:CWE \
        appointment_type:CWE appointment_duration appointment_duration_units:CWE? \
        appointment_timing_quantity placer_contact_person:XCN \
        placer_contact_phone_number:XTN placer_contact_address:XAD \
        placer_contact_location:PL filler_contact_person:XCN \
        filler_contact_phone_number:XTN filler_contact_address:XAD \
        filler_contact_location:PL entered_by_person:XCN entered_by_phone_number:XTN \
        entered_by_location:PL parent_placer_appointment_id:EI \
        parent_filler_appointment_id:EI filler_status_code:CWE? placer_order_number:EI \
        filler_order_number:EI
        """,
        "TXA": """
        set_id document_type:CWE? document_content_presentation activity_date_time:TS? \
        primary_activity_provider:XCN origination_date_time:TS? \
        transcription_date_time:TS? edit_date_time:TS? originator:XCN \
        assigned_document_authenticator:XCN transcriptionist:XCN \
        unique_document_number:EI parent_document_number:EI placer_order_number:EI \
        filler_order_number:EI unique_document_file_name document_completion_status \
        document_confidentiality_status document_availability_status \
        document_storage_status document_change_reason authentication_person_time_stamp:XCN \
        distributed_copies:XCN
        """,
    ]

    private static let billing: [String: String] = [
        "DG1": """
        set_id diagnosis_coding_method diagnosis_code:CWE diagnosis_description:T \
        diagnosis_date_time:TS? diagnosis_type:CWE? major_diagnostic_category:CWE? \
        diagnostic_related_group:CWE? drg_approval_indicator drg_grouper_review_code:CWE? \
        outlier_type:CWE? outlier_days outlier_cost grouper_version_and_type \
        diagnosis_priority diagnosing_clinician:XCN diagnosis_classification:CWE? \
        confidential_indicator attestation_date_time:TS? diagnosis_identifier:EI \
        diagnosis_action_code parent_diagnosis:EI
        """,
        "PR1": """
        set_id procedure_coding_method procedure_code:CWE procedure_description:T \
        procedure_date_time:TS? procedure_functional_type:CWE? procedure_minutes \
        anesthesiologist:XCN anesthesia_code:CWE? anesthesia_minutes surgeon:XCN \
        procedure_practitioner:XCN consent_code:CWE? procedure_priority \
        associated_diagnosis_code:CWE procedure_code_modifier:CWE? procedure_drg_type:CWE? \
        tissue_type_code:CWE? procedure_identifier:EI procedure_action_code
        """,
        "GT1": """
        set_id guarantor_number:CX guarantor_name:XPN guarantor_spouse_name:XPN \
        guarantor_address:XAD guarantor_phone_number_home:XTN \
        guarantor_phone_number_business:XTN guarantor_date_of_birth:TS? \
        guarantor_administrative_sex:CWE? guarantor_type:CWE? guarantor_relationship:CWE? \
        guarantor_ssn guarantor_date_begin guarantor_date_end guarantor_priority \
        guarantor_employer_name:XPN guarantor_employer_address:XAD \
        guarantor_employer_phone_number:XTN guarantor_employee_id_number:CX \
        guarantor_employment_status:CWE? guarantor_organization_name:XON \
        guarantor_billing_hold_flag guarantor_credit_rating_code:CWE? \
        guarantor_death_date_and_time:TS? guarantor_death_flag \
        guarantor_charge_adjustment_code:CWE? guarantor_household_annual_income \
        guarantor_household_size guarantor_employer_id_number:CX \
        guarantor_marital_status_code:CWE? guarantor_hire_effective_date \
        employment_stop_date living_dependency:CWE? ambulatory_status:CWE? \
        citizenship:CWE? primary_language:CWE? living_arrangement:CWE? publicity_code:CWE? \
        protection_indicator student_indicator:CWE? religion:CWE? mothers_maiden_name:XPN \
        nationality:CWE? ethnic_group:CWE? contact_persons_name:XPN \
        contact_persons_telephone_number:XTN contact_reason:CWE? \
        contact_relationship:CWE? job_title job_code:JCC guarantor_employers_organization:XON \
        handicap:CWE? job_status:CWE? guarantor_financial_class:FC? guarantor_race:CWE? \
        guarantor_birth_place vip_indicator:CWE?
        """,
        "IN1": """
        set_id insurance_plan_id:CWE insurance_company_id:CX insurance_company_name:XON \
        insurance_company_address:XAD insurance_company_contact_person:XPN \
        insurance_company_phone_number:XTN group_number group_name:XON \
        insureds_group_employer_id:CX insureds_group_employer_name:XON plan_effective_date \
        plan_expiration_date authorization_information plan_type:CWE? name_of_insured:XPN \
        insureds_relationship_to_patient:CWE? insureds_date_of_birth:TS? \
        insureds_address:XAD assignment_of_benefits:CWE? coordination_of_benefits:CWE? \
        coordination_of_benefits_priority notice_of_admission_flag notice_of_admission_date \
        report_of_eligibility_flag report_of_eligibility_date release_information_code:CWE? \
        pre_admit_cert verification_date_time:TS? verification_by:XCN \
        type_of_agreement_code:CWE? billing_status:CWE? lifetime_reserve_days \
        delay_before_lifetime_reserve_day company_plan_code:CWE? policy_number \
        policy_deductible policy_limit_amount policy_limit_days room_rate_semi_private \
        room_rate_private insureds_employment_status:CWE? insureds_administrative_sex:CWE? \
        insureds_employers_address:XAD verification_status prior_insurance_plan_id:CWE? \
        coverage_type:CWE? handicap:CWE? insureds_id_number:CX signature_code:CWE? \
        signature_code_date insureds_birth_place vip_indicator:CWE?
        """,
        "IN2": """
        insureds_employee_id:CX insureds_social_security_number \
        insureds_employers_name_and_id:XCN employer_information_data:CWE? \
        mail_claim_party:CWE? medicare_health_insurance_card_number \
        medicaid_case_name:XPN medicaid_case_number military_sponsor_name:XPN \
        military_id_number dependent_of_military_recipient:CWE? military_organization \
        military_station military_service:CWE? military_rank_grade:CWE? \
        military_status:CWE? military_retire_date military_non_avail_cert_on_file \
        baby_coverage combine_baby_bill blood_deductible special_coverage_approval_name:XPN \
        special_coverage_approval_title non_covered_insurance_code:CWE? payor_id:CX \
        payor_subscriber_id:CX eligibility_source:CWE? room_coverage_type_amount \
        policy_type_amount daily_deductible living_dependency:CWE? ambulatory_status:CWE? \
        citizenship:CWE? primary_language:CWE? living_arrangement:CWE? publicity_code:CWE? \
        protection_indicator student_indicator:CWE? religion:CWE? mothers_maiden_name:XPN \
        nationality:CWE? ethnic_group:CWE? marital_status:CWE? \
        insureds_employment_start_date insureds_employment_stop_date job_title \
        job_code:JCC job_status:CWE? employer_contact_person_name:XPN \
        employer_contact_person_phone_number:XTN employer_contact_reason:CWE? \
        insureds_contact_persons_name:XPN insureds_contact_person_phone_number:XTN \
        insureds_contact_person_reason:CWE? relationship_to_the_patient_start_date \
        relationship_to_the_patient_stop_date insurance_company_contact_reason:CWE? \
        insurance_company_contact_phone_number:XTN policy_scope:CWE? policy_source:CWE? \
        patient_member_number:CX guarantors_relationship_to_insured:CWE? \
        insureds_phone_number_home:XTN insureds_employer_phone_number:XTN \
        military_handicapped_program:CWE? suspend_flag copay_limit_flag stoploss_limit_flag \
        insured_organization_name_and_id:XON insured_employer_organization_name_and_id:XON \
        race:CWE? patients_relationship_to_insured:CWE?
        """,
    ]
}
