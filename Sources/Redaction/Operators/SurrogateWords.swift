/// Words that surrogates are made of: our own lists, neutral in gender, joined so that a name is
/// recognisable as a name but belongs to no list of people.
enum SurrogateWords {
    static let given: [String] = words(
        """
        Addison Alex Amari Andie Ari Ash Aspen Aubrey Avery Bailey Blair Blake Briar Brook Cameron \
        Campbell Carey Casey Charlie Corey Dakota Dallas Dana Darcy Devon Drew Eden Elliot Ellis \
        Ellery Emerson Emery Evan Fallon Finley Flynn Frankie Gray Greer Hadley Harley Harper Haven \
        Hayden Hollis Indigo Jackie Jaden Jamie Jesse Jody Jordan Jules Kai Kelly Kelsey Kendall \
        Kerry Kim Kit Lane Lee Lennon Lennox Leslie Linden London Logan Lou Mackenzie Marlow Marley \
        Merle Mickey Milan Morgan Murphy Nico Noel Oakley Ocean Parker Pat Payton Peyton Phoenix \
        Quinn Ray Reagan Reese Remy Riley Rio River Robin Rory Rowan Royal Ryan Sage Sam Sasha \
        Sawyer Shannon Shawn Shay Shiloh Sidney Sky Sloan Spencer Stacy Sterling Stevie Sutton \
        Sydney Tatum Taylor Teagan Terry Toni Tracy Val West Winter Wren Zion
        """)
    static let surnameHeads: [String] = words(
        """
        Alder Ambler Arden Ather Bar Beck Birch Bracken Bram Brook Burn Cald Carl Chad Clay Cole \
        Cran Dal Darn Eld Elm Fair Farn Fen Gar Glen Gran Hal Hart Haw Heath Hol Kel Kin Lang Lark \
        Lin Lock Mar Mel Mor Nether Nor Oak Over Pem Pen Quar Raven Red Rom Ros Sal Sel Shel Stan \
        Stead Sten Thorn Tor Under Wal War Weather Wel Whit Win Wood Wyn Yar
        """)
    static let surnameTails: [String] = words(
        """
        bank beck bourne bridge brook bury by combe cote croft dale den don field ford gate grove ham \
        hurst ing land leigh ley low man mere more ridge rock sett shaw stead stone ton wald ward way \
        well wick wood worth
        """)
    static let townTails: [String] = words(
        "borough bury dale field ford ham haven minster mouth port stead ton ville wick")
    static let companyTails: [String] = words(
        "Works Partners Supply Trading Services Studio Labs Foods Media Systems")
    static let streetTails: [String] = words("Street Road Avenue Lane Drive Way")

    private static func words(_ text: String) -> [String] {
        text.split(whereSeparator: \.isWhitespace).map(String.init)
    }
}
