extension GeneralSet {
    /// Short passages on everyday life, facts, stories, science, simple mathematics and code.
    public static let texts = [
        """
        Water boils at one hundred degrees Celsius at sea level. On a high mountain the air \
        presses less on the surface, so it boils at a lower temperature and food takes longer to \
        cook.
        """,
        """
        The Earth takes a little more than 365 days to travel once around the Sun. Every fourth \
        year a day is added to February so that the calendar and the seasons stay together.
        """,
        """
        Paris is the capital of France and lies on the river Seine. London is the capital of the \
        United Kingdom, and Madrid is the capital of Spain.
        """,
        """
        Whales look like fish, but they are mammals. They breathe air, keep their bodies warm, \
        and feed their young with milk.
        """,
        """
        Iron rusts when it meets water and oxygen. A coat of paint keeps both away, which is why \
        bridges are painted again every few years.
        """,
        """
        The heart pumps blood through the body. Arteries carry it away from the heart, and veins \
        bring it back.
        """,
        """
        Plants use sunlight to turn water and carbon dioxide into sugar and oxygen. This process \
        is called photosynthesis.
        """,
        """
        A compass needle points to the north because the Earth itself acts like a large magnet.
        """,
        """
        The printing press made books cheap. Before it, every copy was written by hand, and a \
        library of a hundred volumes was a treasure.
        """,
        """
        In the nineteenth century railways joined towns that had never shared a clock. Timetables \
        forced them to agree on one time.
        """,
        """
        The first telephones were sold in pairs, one for the house and one for the office. Only \
        later were they joined by an exchange.
        """,
        """
        When the war ended, the soldiers came home and looked for work. Many found that their old \
        jobs had been taken or no longer existed.
        """,
        """
        The desert is hot during the day and cold at night. Without clouds and plants, nothing \
        holds the warmth after the sun has set.
        """,
        """
        Rivers carry sand and mud to the sea. Where the water slows down, they drop their load, \
        and over thousands of years a delta grows.
        """,
        """
        Norway has a long coast with deep, narrow bays. Ships can sail far inland between steep \
        walls of rock.
        """,
        """
        She put the kettle on, took two cups from the shelf, and asked whether he wanted milk in \
        his tea.
        """,
        """
        The bus was late again, so I walked to the station. By the time I arrived, my train had \
        left and the next one was in half an hour.
        """,
        """
        We painted the kitchen last weekend. It took longer than we thought, because the old \
        wallpaper did not want to come off.
        """,
        """
        My grandmother bakes bread every Friday. The whole street can smell it, and the \
        neighbours always find a reason to visit.
        """,
        """
        He forgot his umbrella at home, and of course it started to rain the moment he left the \
        office.
        """,
        """
        The children played in the garden until it was dark. Then their father called them in for \
        dinner, and nobody wanted to go to bed.
        """,
        """
        Could you please close the window? It is getting cold in here, and the noise from the \
        street makes it hard to think.
        """,
        """
        They moved into a small flat near the park. The rent was high, but both of them could \
        walk to work.
        """,
        """
        I bought a second-hand bicycle for fifty euros. The brakes needed new cables, but \
        otherwise it was in good order.
        """,
        """
        The old lighthouse keeper climbed the stairs every evening, counted the steps as he had \
        always done, and lit the lamp although no ship had passed for years.
        """,
        """
        Once there was a fox who wanted to learn how to swim. The otter laughed at first, but \
        then she showed him how to float.
        """,
        """
        When the letter finally came, Anna did not open it. She laid it on the table, made \
        herself a cup of coffee, and looked at it for a long time.
        """,
        """
        The door creaked. Somebody was standing in the hall, holding a candle, and for a moment \
        nobody dared to speak.
        """,
        """
        The captain knew that the storm would reach them before midnight. He ordered the crew to \
        bring in the sails and tie down everything on deck.
        """,
        """
        "Have you seen my keys?" "They are on the kitchen table, next to the newspaper." "Thank \
        you, I would have looked for them all day."
        """,
        """
        "How much is a ticket to the city centre?" asked the woman. "Two fifty," said the driver, \
        "or four if you want to come back today."
        """,
        """
        "I am sorry that I am late," he said. "There was an accident on the motorway." "Never \
        mind," she answered, "we have only just started."
        """,
        """
        Doctor: How long have you had this cough? Patient: For about two weeks. Doctor: Do you \
        have a fever as well? Patient: No, only in the first few days.
        """,
        """
        If a train travels 180 kilometres in two hours, its average speed is 90 kilometres per \
        hour. In three hours it would travel 270 kilometres.
        """,
        """
        The sum of the angles in a triangle is 180 degrees. If two of them are 60 and 70 degrees, \
        the third one must be 50 degrees.
        """,
        """
        Two plus three is five. Five plus four is nine. Nine minus six is three, and three times \
        three is nine again.
        """,
        """
        A prime number can be divided only by one and by itself. The first prime numbers are 2, \
        3, 5, 7, 11 and 13.
        """,
        """
        The area of a rectangle is its length times its width. A room of four by five metres has \
        an area of twenty square metres.
        """,
        """
        Half of the class plays football and a quarter plays tennis. If there are 28 pupils, 14 \
        play football and 7 play tennis.
        """,
        """
        def add(a, b):
            return a + b

        print(add(2, 3))  # prints 5
        """,
        """
        for i in range(10):
            if i % 2 == 0:
                print(i, "is even")
            else:
                print(i, "is odd")
        """,
        "SELECT name, price FROM products WHERE price < 100 ORDER BY price DESC;",
        """
        A function that calls itself is called recursive. It needs a case in which it stops, or \
        it will run until the memory is full.
        """,
        """
        {"name": "Maria", "age": 31, "city": "Lisbon", "languages": ["Portuguese", "English"]}
        """,
        """
        To list the files in a folder, open a terminal and type ls. To change to another folder, \
        type cd and its name.
        """,
        """
        Light travels faster than sound. That is why we see the lightning first and hear the \
        thunder a few seconds later.
        """,
        """
        An experiment should change only one thing at a time. Otherwise nobody can say which of \
        the changes made the difference.
        """,
        """
        Bacteria are so small that a thousand of them could lie side by side on the head of a \
        pin. Some make us ill, but most are harmless.
        """,
        """
        The Moon has no light of its own. It reflects the light of the Sun, and its shape seems \
        to change as it moves around the Earth.
        """,
        """
        When the price of a product rises, people usually buy less of it. When it falls, they buy \
        more, if nothing else changes.
        """,
        """
        A bank lends the money that its customers have saved. The borrowers pay interest, and a \
        part of it goes to the savers.
        """,
        """
        The company reported higher sales in the third quarter, but its profit fell because \
        energy and transport had become more expensive.
        """,
        """
        A contract needs two parties who agree. It does not have to be written down, but in a \
        dispute it is easier to prove what stands on paper.
        """,
        """
        Wash your hands with soap before you eat. Most infections are carried from the hands to \
        the mouth, the nose or the eyes.
        """,
        """
        Adults need seven to nine hours of sleep. Those who sleep too little make more mistakes \
        and fall ill more often.
        """,
        """
        Chop the onions and fry them in a little oil until they are golden. Add the tomatoes, a \
        pinch of salt and some basil, and let the sauce simmer for twenty minutes.
        """,
        """
        For a simple cake you need flour, sugar, eggs, butter and baking powder. Mix everything, \
        pour it into a tin, and bake it for forty minutes.
        """,
        """
        To reset the device, hold the button for ten seconds until the light blinks twice. Then \
        release it and wait for the device to start again.
        """,
        """
        Dear Ms Keller, thank you for your message of 3 May. We have received the parcel and will \
        refund the price within five working days. Kind regards, the customer service team.
        """,
        """
        The home team scored twice in the first half and then defended its lead. In the last \
        minute the visitors hit the post, but the match ended two to nil.
        """,
        """
        The museum shows paintings from the seventeenth century. Most visitors come for a single \
        picture and walk past all the others.
        """,
        """
        A string quartet consists of two violins, a viola and a cello. Each instrument has its \
        own voice, and none of them leads all the time.
        """,
    ]
}
