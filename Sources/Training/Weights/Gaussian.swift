import Glibc
import Records

/// A number from the standard normal distribution (Box and Muller 1958).
func gaussian(using random: inout SeededRandom) -> Double {
    let radius = Double.random(in: 0..<1, using: &random)
    let angle = Double.random(in: 0..<1, using: &random)
    return (-2 * log(1 - radius)).squareRoot() * cos(2 * .pi * angle)
}
