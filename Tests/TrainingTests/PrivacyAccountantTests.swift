import Testing

@testable import Training

/// The accountant beside Opacus 1.6.0; `scripts/interop/privacy.py` computes the table again.
struct PrivacyAccountantTests {
    /// q, σ, steps, δ, ε
    typealias Row = (Double, Double, Int, Double, Double)

    // opacus: begin
    static let rows: [Row] = [
        (0.01, 1.1, 1000, 1e-05, 1.7117700912203435),
        (0.01, 0.6, 1000, 1e-05, 8.665908110192095),
        (0.05, 1.0, 300, 1e-05, 6.459696760236281),
        (0.001, 0.8, 20000, 1e-06, 1.8971958763977028),
        (0.1, 2.0, 500, 1e-05, 6.034322441891099),
        (1.0, 5.0, 10, 1e-05, 2.8136532471298397),
        (0.5, 3.0, 60, 0.0001, 5.985459574348826),
        (0.0134, 0.9, 225, 4.2e-05, 1.9137513107536979),
        (0.02, 0.45, 50, 1e-05, 12.79632599784879),
        (0.004266666666666667, 1.3, 14062, 1e-05, 1.9889929398707737),
        (0.25, 8.0, 200, 1e-07, 2.3690620268256297),
        (0.01, 10.0, 100, 1e-05, 0.10605248685579358),
        (0.004, 1.1, 1, 1e-05, 0.6182653199937114),
    ]
    // opacus: end

    @Test(arguments: rows)
    func spendsWhatOpacusSays(_ row: Row) {
        let accountant = PrivacyAccountant(samplingRate: row.0, steps: row.2)
        let epsilon = accountant.epsilon(noiseMultiplier: row.1, delta: row.3)
        #expect(abs(epsilon - row.4) < 1e-6 * row.4, "\(epsilon), not \(row.4)")
    }

    /// One step's divergence: q, σ, order, value
    static let divergences: [(Double, Double, Double, Double)] = [
        (0.01, 1.1, 1.5, 9.554528557684942e-05), (0.01, 1.1, 8, 0.0005840703355202467),
        (0.2, 0.7, 3.3, 1.141655375087293), (0.5, 2, 32, 3.2849386205373294),
        (0.001, 0.5, 10.9, 14.194491662534823), (0.9, 1.5, 2, 0.37383341494752065),
        (1, 4, 7.5, 0.234375), (0.3, 20, 63, 0.007332135752423014),
    ]

    @Test(arguments: divergences)
    func divergesAsOpacusSays(_ row: (Double, Double, Double, Double)) {
        let found = PrivacyAccountant.renyiDivergence(row.0, row.1, row.2)
        #expect(abs(found - row.3) < 1e-6 * row.3, "\(found), not \(row.3)")
    }

    /// ε, δ, q, steps, and the σ that Opacus' search ends at (to 1e-4 of ε)
    static let searches: [(Double, Double, Double, Int, Double)] = [
        (3, 1e-05, 0.01, 1000, 0.8646106719970703), (8, 1e-05, 0.05, 300, 0.9019851684570312),
        (1, 1e-06, 0.001, 20000, 1.049346923828125), (0.5, 1e-05, 0.1, 100, 7.87353515625),
    ]

    @Test(arguments: searches)
    func findsTheNoise(_ row: (Double, Double, Double, Int, Double)) throws {
        let accountant = PrivacyAccountant(samplingRate: row.2, steps: row.3)
        let sigma = try #require(accountant.noiseMultiplier(epsilon: row.0, delta: row.1))
        #expect(abs(sigma - row.4) < 2e-3 * row.4)
        #expect(accountant.epsilon(noiseMultiplier: sigma, delta: row.1) <= row.0)
        #expect(accountant.epsilon(noiseMultiplier: 0.99 * sigma, delta: row.1) > row.0)
    }

    /// α / 2σ² of the Gaussian mechanism, where every example is in every step.
    @Test func withoutSamplingItIsTheGaussianMechanism() {
        for sigma in [0.5, 1, 7] {
            for order in [1.1, 2, 33.0] {
                #expect(
                    PrivacyAccountant.renyiDivergence(1, sigma, order) == order
                        / (2 * sigma * sigma))
            }
        }
    }

    @Test func moreStepsLessNoiseAndSmallerDeltaSpendMore() {
        func epsilon(
            _ q: Double = 0.02, _ steps: Int = 200, _ sigma: Double = 1, _ delta: Double = 1e-5
        ) -> Double {
            PrivacyAccountant(samplingRate: q, steps: steps)
                .epsilon(noiseMultiplier: sigma, delta: delta)
        }
        #expect(epsilon() < epsilon(0.03) && epsilon() < epsilon(0.02, 300))
        #expect(epsilon() < epsilon(0.02, 200, 0.9) && epsilon() < epsilon(0.02, 200, 1, 1e-6))
        #expect(epsilon(0) == 0 && epsilon(0.02, 0) == 0)
        #expect(epsilon(0.02, 200, 0) == .infinity)
        #expect(
            PrivacyAccountant(samplingRate: 1, steps: 1_000_000)
                .noiseMultiplier(epsilon: 1e-6, delta: 1e-9) == nil)
    }
}
