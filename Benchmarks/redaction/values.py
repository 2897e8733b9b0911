"""Values that the held-out texts are filled with: written by hand for this set, none of them drawn
from the lists that the tagger is trained on. `fill(slot, lang, rng)` gives (text, label or None)."""

FIRST = {
    "en": """Thandiwe Oluwaseun Bronagh Tamsin Eleri Callum Marguerite Desmond Latoya Jamarcus Keisha Tyrone
    Priyanka Arjun Sunita Harpreet Wei Xiaoming Jun-ho Minh Thuy Nguyet Rashid Fatima Yusuf Aaliyah Guadalupe
    Ximena Lupita Dmitri Oksana Zoltan Ingrid Niamh Siobhan Rhys Angharad Hamish Morag Wendell Dorothea Clyde
    Maxine Percival Beatrix Hollis Odette Cormac Tobias Winifred Chidi Ngozi Kwame Abena Makoto Haruka Leilani
    Kalani Dakota Shoshana Mordechai Anahit Levon Roza Bettina Quentin Marlowe Sanjay Deepika Jorge Ana""".split(),
    "de": """Annegret Burkhard Hannelore Torsten Sieglinde Ruprecht Ottilie Jörg Mechthild Volker Friederike Uwe
    Heike Reinhild Egon Traudel Malte Svenja Bärbel Lutz Dörte Ansgar Ayşe Cem Mehmet""".split(),
    "fr": """Gwenaëlle Thibault Solène Anselme Maëlys Baptiste Ségolène Yannick Clothilde Théophile Noémie Fabrice
    Amandine Ghislain Océane Loïc Mireille Aymeric Capucine Rodrigue Aïssatou Mamadou Karim""".split(),
    "es": """Macarena Íñigo Rocío Leandro Covadonga Jacinto Itziar Gonzalo Milagros Aitor Remedios Evaristo Nuria
    Amparo Fermín Soledad Borja Almudena Cayetano Izaskun Yolanda Ramiro""".split(),
    "it": """Ludovica Gennaro Ornella Tommaso Fiammetta Calogero Mirella Ettore Concetta Ruggero Loredana Agostino
    Ginevra Saverio Domitilla Carmelo Graziella Vito Ilenia""".split(),
    "nl": """Marijke Joost Geertruida Wouter Liesbeth Sjoerd Annemiek Teun Femke Diederik Hanneke Pieter-Jan Roos
    Koen Jantine Bauke Fenna Thijs Aaltje Mohammed""".split(),
    "pt": """Conceição Rui Graça Anacleto Iolanda Tiago Leonor Zulmira Vasco Fernanda Joaquim Ludmila Edson Jandira
    Thiago Raimunda Wellington Beatriz""".split(),
    "pl": """Grzegorz Małgorzata Bożena Zbigniew Katarzyna Radosław Jadwiga Wojciech Halina Przemysław Agnieszka
    Bogumił Kinga Mirosława Tadeusz Łukasz""".split(),
    "sv": """Gunilla Torbjörn Åsa Ragnhild Håkan Pernilla Sixten Birgitta Göran Ulrika Staffan Märta Lennart
    Annika Viggo Tuva""".split(),
}
LAST = {
    "en": """Okonkwo-Hale Adeyemi Mwangi Nakamura Patwardhan Venkataraman Chaudhry Siddiqui Nguyen Tran Kowalczyk
    Petrosyan Abernathy Featherstone Braithwaite Cholmondeley Pritchard Llewellyn MacGillivray Drummond O'Shaughnessy
    McAlister Fitzsimmons Delacroix Boudreaux Thibodeaux Castellanos Villaseñor Echeverria Zamora Washington-Bey
    Hargrove Stubblefield Lovelace Quarles Yazzie Begay Kahananui Ferreira Lindqvist Haugen Szymanski Novakova
    Rosenblatt Feinberg Papadakis Karamanlis Bianchini Esposito Al-Farsi Haddad Khoury Osei Mensah Diallo Traoré
    Hirano Fujimoto Cheong Kwan Lau Bautista Dimaculangan Reyes Smith Johnson Brown Lee Cook Baker Young King""".split(),
    "de": """Achterberg Brinkschulte Dörflinger Eichendorfer Feddersen Grünwedel Hinrichsmeyer Knoblauch Leutheusser
    Mühlenkamp Oberhuber Pfannenstiel Quandt Rademacher Schlüter-Voss Tiedemann Uhlenbrock Wiesengrund Zurmühlen
    Yıldırım Demirtaş Kowalski Neumann Bauer""".split(),
    "fr": """Beaurepaire Castelnau Desrosiers Estienne Fontanel Grandjean Hautecloque Jouvenel Kermadec Lavoisier
    Montferrand Ollivier Peyronnet Quesnel Rochebrune Sauvageot Tournemire Vaillancourt N'Diaye Benhaddou Le Goff
    Delmas Petit""".split(),
    "es": """Arizmendi Bustamante Carrascosa Doménech Etxeberria Fuentealba Goicoechea Hinojosa Iturralde Jaramillo
    Larrañaga Mondragón Olavarría Peñalver Quiñones Rebolledo Santisteban Urquijo Valdivieso Zubizarreta Ruiz Vega""".split(),
    "it": """Acquaviva Bevilacqua Cacciatore D'Ambrosio Fumagalli Giannuzzi Iannaccone Lo Cascio Mastroianni
    Notarbartolo Piccolomini Quattrocchi Rondinelli Scarpellini Tagliaferro Vigevani Zappacosta Russo""".split(),
    "nl": """Achterkamp Brouwershaven Doornbosch Eikelboom Groeneveld Hoogendoorn Kuipers Langeveld Meulenbelt
    Nieuwenhuizen Oosterhuis Prinsen Ruijgrok Schoonhoven Terpstra Verhoeven Westerveld Zijlstra""".split(),
    "pt": """Albuquerque Bragança Cavalheiro Damasceno Espírito-Santo Figueiredo Guimarães Junqueira Lacerda
    Montenegro Nogueira Paixão Quaresma Sampaio Tavares Vasconcelos""".split(),
    "pl": """Brzezińska Chmielewski Dąbrowska Gołębiowski Jabłońska Krzyżanowski Mazurkiewicz Niedźwiecki
    Orzechowska Pawlikowski Szczepańska Wiśniewska Żółkiewski""".split(),
    "sv": """Ahlström Björkegren Cederqvist Dahlgren Ekström Fjällström Gyllenhammar Hallström Lagerbäck
    Nordenskjöld Rosenqvist Sjögren Wallenstam Ängqvist""".split(),
}
PARTICLE = {"nl": ["van den", "de", "van der", "ten"], "de": ["von", "zu"], "fr": ["de", "du"], "pt": ["da", "dos"]}
CITY = {
    "en": """Poughkeepsie Chattanooga Sheboygan Kalispell Yuma Bakersfield Tuscaloosa Schenectady Waukesha Pocatello
    Kettering Wolverhampton Llandudno Aberystwyth Inverurie Lisburn Grimsby Stow-on-the-Wold Basingstoke Moose_Jaw
    Medicine_Hat Wagga_Wagga Toowoomba Dunedin Drogheda Nairobi Ibadan Pune Cebu_City Sacramento Boise Fargo Leeds""".split(),
    "de": "Castrop-Rauxel Bad_Salzuflen Schwäbisch_Hall Wanne-Eickel Oberammergau Stade Eisleben Itzehoe Graz Winterthur Kaufbeuren".split(),
    "fr": "Carcassonne Quimperlé Villeurbanne Saint-Étienne Montluçon Bergerac Alès Vierzon Namur Lausanne Le_Creusot".split(),
    "es": "Ponferrada Alcobendas Torrelavega Zamora Almendralejo Guadalajara Rosario Mérida Barakaldo Calatayud".split(),
    "it": "Gallarate Catanzaro Pordenone Sassuolo Cerignola Civitavecchia Treviglio Ragusa Macerata".split(),
    "nl": "Hoogeveen Zoetermeer 's-Hertogenbosch Apeldoorn Winterswijk Vlissingen Kortrijk Purmerend".split(),
    "pt": "Guimarães Setúbal Vila_Nova_de_Gaia Campinas Niterói Joinville Figueira_da_Foz".split(),
    "pl": "Wałbrzych Bydgoszcz Rzeszów Zielona_Góra Kołobrzeg Częstochowa Świnoujście".split(),
    "sv": "Örnsköldsvik Skellefteå Trollhättan Ängelholm Nyköping Västervik".split(),
}
CODES = {"en": "95814 60637 78205 37402 12601 53081 83201 04401 30307 98122".split()}
STATES = "CA IL TX TN NY WI ID ME GA WA OH PA".split()
STATE_NAMES = "Oregon|Tennessee|New Hampshire|Idaho|Queensland|Manitoba|County Antrim|Gwynedd".split("|")
COUNTRY = {
    "en": "Kenya|Vietnam|New Zealand|Guatemala|Armenia|the Philippines|Ghana|Lebanon".split("|"),
    "de": "Österreich|Schweiz|Türkei|Polen|Kroatien".split("|"), "fr": "Belgique|Maroc|Sénégal|Suisse|Algérie".split("|"),
    "es": "Colombia|Ecuador|Perú|Honduras|Marruecos".split("|"), "it": "Svizzera|Albania|Romania|Argentina".split("|"),
    "nl": "België|Suriname|Turkije|Marokko".split("|"), "pt": "Angola|Cabo Verde|Moçambique|Suíça".split("|"),
    "pl": "Niemcy|Ukraina|Irlandia|Norwegia".split("|"), "sv": "Finland|Norge|Irak|Somalia".split("|"),
}
NRP = {
    "en": "Ghanaian|Guatemalan|Sikh|Methodist|Jehovah's Witness|Armenian|Green Party|Somali|Vietnamese|Quaker|Navajo".split("|"),
    "de": "türkischer|evangelische|muslimische|polnische|kroatischer".split("|"), "fr": "marocaine|sénégalais|musulman|algérienne|portugaise".split("|"),
    "es": "colombiana|ecuatoriano|musulmán|marroquí|judía".split("|"), "it": "albanese|rumena|musulmano|senegalese".split("|"),
    "nl": "Surinaamse|Marokkaanse|Poolse|islamitische".split("|"), "pt": "angolana|brasileiro|católica|muçulmano".split("|"),
    "pl": "ukraińska|niemiecki|katolicka".split("|"), "sv": "finsk|somalisk|muslimsk|norsk".split("|"),
}
ORG = {
    "en": """Brightwater Logistics|Hollis & Crane LLP|St. Columba's Hospital|Ridgeline Credit Union|Tamarack Foods Inc.|
    Penhaligon Primary School|Orchard Vale Surgery|Northgate Housing Association|Kestrel Robotics|Dunmore County Council|
    Vantage Ridge Mutual|Blue Heron Brewing Co.|Halcyon Dental Group|University of Eastmere|Castleford Plumbing Ltd|
    Meridian Freight Services|Sunrise Pediatrics|Okafor Consulting|Larkspur Hotels|First Prairie Bank|Deloitte|Siemens|
    Mercy General|Lockheed Martin|Tesco|Cedar Hills Nursing Home|Quillfeather Press|Zephyr Air Cargo""",
    "de": "Wassermann Dachbau GmbH|Klinikum Sonnenhöhe|Stadtwerke Niederau|Rechtsanwälte Pohl & Partner|Gebrüder Hansen KG|Kreissparkasse Talheim|AOK Nordwest|Bäckerei Lindemann|Elektro Voss e.K.",
    "fr": "Menuiserie Bertholet SARL|Clinique des Tilleuls|Lycée Jean-Moulin|Mutuelle du Littoral|Transports Garrigue|Banque Populaire du Sud|Cabinet Morel et Associés|Boulangerie du Port",
    "es": "Talleres Iriarte S.L.|Hospital Virgen del Pilar|Colegio San Ildefonso|Seguros La Encina|Bodegas Altozano|Caja Rural del Sur|Gestoría Palacios|Transportes Olmedo S.A.",
    "it": "Officine Martelli S.r.l.|Ospedale San Camillo|Liceo Galvani|Assicurazioni Adria|Panificio Rossetti|Banca del Piceno|Studio Legale Conti|Trasporti Vezzani S.p.A.",
    "nl": "Bouwbedrijf De Linde B.V.|Ziekenhuis Rijnzicht|Basisschool De Wegwijzer|Verzekeraar Noordster|Bakkerij Van Vliet|Rabobank Oost|Garage Hendriks",
    "pt": "Construções Figueira Lda.|Hospital de São Bento|Escola Básica do Cerco|Seguros Atlântico|Padaria Estrela|Banco do Tejo",
    "pl": "Budimpol Sp. z o.o.|Szpital Miejski nr 2|Kancelaria Zaremba|Bank Spółdzielczy w Rogowie|Piekarnia Złoty Kłos|Transport Wolski S.A.",
    "sv": "Bergslagens Bygg AB|Vårdcentralen Björken|Sparbanken Ådalen|Norrlands Åkeri AB|Folkskolan i Vik|Försäkringsbolaget Ek",
}
STREET = {
    "en-us": "Sycamore Hollow Rd|Kensington Ave|W. Fremont St|Old Quarry Lane|Martin Luther King Jr Blvd|Sagebrush Court|E 14th St|County Road 12|Harborview Dr|NE Alberta Street|Via del Sol|Paseo Verde Pkwy|State Route 9|Peachtree Walk".split("|"),
    "en-uk": "Plum Tree Lane|Gasworks Road|St Swithin's Terrace|Market Hill|The Shambles|Larkfield Close|Bishop's Walk|Heol Las|Canal Wharf|Northgate|Pudding Lane|Mulberry Mews".split("|"),
    "de": "Ahornallee|Am Mühlbach|Kirchstr.|An der Alten Ziegelei|Königsberger Straße|Lange Gasse|Unter den Eschen|Bgm.-Schmidt-Str.|Rosenweg|Hinterm Deich|Bahnhofstraße".split("|"),
    "fr": "rue des Écoles|avenue du Général Leclerc|impasse des Cerisiers|boulevard Carnot|chemin du Moulin Vert|place de l'Église|allée des Tilleuls|quai de la Fosse|rue Jean-Baptiste Clément|route de Narbonne".split("|"),
    "es": "Calle del Olmo|Avda. de la Constitución|C/ Mayor|Plaza de los Fueros|Paseo Marítimo|Calle Doctor Fleming|Camino Viejo|Travesía del Pinar|Ronda de Toledo|Cra. 7".split("|"),
    "it": "Via dei Mille|Corso Garibaldi|Piazza San Rocco|Viale delle Rose|Vicolo Stretto|Via XX Settembre|Largo Colombo|Strada Provinciale".split("|"),
    "nl": "Molenstraat|Prins Hendrikkade|Laan van Meerdervoort|Burgemeester de Vlugtlaan|Oude Gracht|Het Hof|Zandweg|Koningin Emmaplein|Dorpsstraat".split("|"),
    "pt": "Rua das Amoreiras|Avenida da Boavista|Travessa do Carmo|Praça da Alegria|R. Dr. Sousa Martins|Largo do Rato".split("|"),
    "pl": "ul. Polna|ul. Jana Pawła II|al. Niepodległości|os. Tysiąclecia|pl. Wolności|ul. Krótka".split("|"),
    "sv": "Storgatan|Björkvägen|Kyrkogatan|Norra Esplanaden|Ekbacksvägen|Hamntorget".split("|"),
}
MONTH = {
    "en": "January February March April May June July August September October November December".split(),
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(),
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre".split(),
    "nl": "januari februari maart april mei juni juli augustus september oktober november december".split(),
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split(),
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia".split(),
    "sv": "januari februari mars april maj juni juli augusti september oktober november december".split(),
}
WEEKDAY = {"en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()}
PRODUCT = "air fryer|trail shoes|noise-cancelling headphones|Model X200 vacuum|standing desk|Rapidchef 3000|espresso grinder|winter duvet|USB-C dock|garden hose".split("|")
MEDICINE = "apixaban|sertraline|amlodipine|Synthroid|Ozempic|hydrochlorothiazide|Keppra|tramadol|insulin glargine".split("|")
