/// Whether a word is one that English has, of a list of those with which people ask most. It is far from complete: a word that
/// is not on it may be right all the same.
package enum EnglishWords {
    /// Whether this word, in lower case, is right as it is written: a word that texts do not have is then absent, not misspelt.
    /// Given names are left out, since people misspell them most.
    package static func isKnown(_ word: String) -> Bool {
        has(word)
            || endings.contains { ending, replacements in
                guard word.hasSuffix(ending), word.utf8.count >= ending.utf8.count + 3 else { return false }
                let stem = String(word.dropLast(ending.count))
                return replacements.contains { has(stem + $0) } || doubling.contains(ending) && hasUndoubled(stem)
            }
    }

    /// Regular endings, with what a word has in place of them: "makes", "hoped", "hoping", "cities", "easily".
    private static let endings: [(String, [String])] = [
        ("s", [""]), ("es", [""]), ("ies", ["y"]), ("ed", ["", "e"]), ("ied", ["y"]), ("ing", ["", "e"]), ("er", ["", "e"]),
        ("est", ["", "e"]), ("ly", [""]), ("ily", ["y"]),
    ]
    /// Those before which a last consonant is doubled: "stopped".
    private static let doubling: Set<String> = ["ed", "ing", "er", "est"]

    private static func hasUndoubled(_ stem: String) -> Bool {
        guard let last = stem.last, stem.dropLast().last == last, !"aeiou".contains(last) else { return false }
        return has(String(stem.dropLast()))
    }

    private static func has(_ word: String) -> Bool {
        everyday.contains(word)
            || !WordTable.english.classes(of: WordHash.of(word)).subtracting([.givenName, .particle, .roman]).isEmpty
    }

    /// Words of four letters and more that are in no other list of the rules.
    private static let everyday = Set(
        """
        able absence abuse accept access accident account achieve across action active activity actual address adjust admin
        admit adult advance advantage advice advise affect afford afraid aged agency agenda agent agree alarm album alert
        allergy allow alone alter amend amount angry animal annual answer anxious apart appeal appear apple apply approach
        approve argue arise armed arrange arrest arrive article aside asset assign assist assume assure attach attack attempt
        attend attract audit author auto autumn average award aware awful baby badge badly balance ball banana band banner
        base basic basis basket batch bath battery beach bean bear beat beauty become beer begin behave belief belong belt
        bench bend benefit best better bicycle bike bill bind bird birth bite bitter black blame blank block blood blow blue
        board boat body boil bold bone bonus boot border borrow boss bother bottle bowl brain brake branch brand brave bread
        break breakfast breath breed brick bridge brief bright bring broad broken brother brown browser brush bucket budget
        buffer build bulk burn burst butter button buyer cabin cable cache cake call calm camera camp cancel cancer candle
        capital card care career careful carpet carry cash casual catch category cause ceiling cell chain chair challenge
        chance change channel charge chart cheap check cheese chemical chest chicken child choice choose circle citizen
        claim clean clear clever client climate climb clock close cloth cloud coach coast coat code coffee coin cold
        collect color colour column combine come comfort command comment commit compare complain complete complex concern
        condition confirm confuse connect consent consist constant consume contain content contest continue contract control
        convert cook cool copper copy core corner correct cost cotton count couple courage course cousin cover crash cream
        credit crime crop cross crowd cruel crush culture cure current curtain curve custom customer cycle daily damage dance
        danger dark database daughter dead deadline deaf deal dear debate debit debt decide deck declare decline decrease
        deep defeat defend define degree delay delete deliver demand deny depend deposit depth derive describe desert design
        desire desk destroy detail detect device diet differ digital dinner direct dirt dirty disable discount discover
        discuss disease dish disk dismiss display dispute distance divide doctor document dollar domain domestic door dose
        double doubt download draft drain draw drawer dream dress drink drive driver drop drug duty each earn earth ease
        easy edge edit editor effect effort elect elbow electric element email embed emergency employ employee empty enable
        encourage encrypt endure enemy engage engine enjoy enough enroll entire entry environment equal equip error escape
        essay estate estimate euro event evidence exact exam exceed excel except exchange exclude excuse execute exempt
        exercise exist exit expand expect expense expert expire explain export expose express extend extent extra eyes face
        fact factor factory fail failure fair faith fall false fare farm fast father fault favor favorite favour fear
        feature feed feel fellow female fence fetch fever fiber field fight file fill filter final find fine finger finish
        fire firm fish fishing fits flag flat flavor flight float floor flow flower fluid focus fold folder follow font food
        fool foot football forbid foreign forest forget forgive fork form formal format forward frame fraud free freedom
        freeze frequent fresh friend frighten front frozen fruit fuel full function fund funny fuse future gain gallery game
        garage garden gather gear gender general gentle gift girl glad glass global glove goal gold golden goods grade grain
        grand grant graph grass grateful gray great green grey grip gross ground grow growth guarantee guard guess guest
        guide guilty habit hair half hall hammer hand handbook handle hang happen happy harbour hard hardware harm hate head
        heading health hear heart heat heavy height hello helmet help hidden hide high highlight hire hold hole holiday
        hollow honest hook hope horse hospital host hotel hour household huge human humour hungry hunt hurry hurt husband
        icon idea ideal ignore illegal image imagine immediate impact import improve inch include income increase index
        indicate individual inform initial injury inner input inquiry insect insert inspect install instant instruct
        insurance insure intend interest internet interval interview invest invite invoice iron island issue item jacket
        join joint joke journey judge juice jump junior jury just keen keep keyboard kick kidney kill kind kiss kitchen knee
        knife knock knot know label labor labour lack ladder lady lake lamp land language laptop large last laugh launch
        laundry lawyer layer lazy lead leader leaf leak lean learn lease least leather leave lecture left legal lend length
        lens less lesson letter level library license licence lift light like limit line link lion liquid list listen liter
        little live liver load loan local lock logic login lone long look loose lose loss lost loud love lower loyal luck
        lucky lunch lung machine mail main maintain male manage manager manner manual mark market married mass master match
        mate material math matter maximum meal mean meaning measure meat medical medicine medium meet meeting melt member
        memory mental mention menu merge message metal meter metre method middle might mild mile military milk mind mine
        minimum minor minute mirror miss missing mistake mixed mobile mode model modern modify moment monitor monkey mood
        moral mortgage mother motion motor mount mouse mouth move movement movie muscle music myth nail narrow nation nature
        near neat neck need needle negative neighbor neighbour nerve nest network never nice night node noise none normal
        nose note notice notify novel null nurse object oblige observe obtain occur ocean offer office officer often only
        onion online open operate opinion oppose option orange order ordinary organ origin outlet output oven overtime owner
        pack package paid pain paint pair panel paper parcel parent parental park partner pass passage passenger passport
        password past paste patch path patient pattern pause payee payer payment payroll peace pencil penalty people pepper
        percent perfect perform period permanent permission permit person personal phase phone photo phrase physical piano
        pick picture piece pilot pink pipe pitch place plain plan plane plant plastic plate platform please pleasure plot
        plug plural pocket poem point poison policy polite poll pool poor popular port portal portion position positive
        possess possible post postpone potato pound powder power practice praise prefer pregnant prepare press pressure
        pretty prevent price pride print printer priority prison private prize problem process produce product profession
        profile profit program programme progress project promise promote proof proper property propose protect protein
        proud prove provide provider proxy pull pulse pump punish pupil purchase pure purple purpose push quality quantity
        quarter query question queue quick quiet quit quota quote race radio rain raise range rank rapid rare rate rather
        ratio react ready real reason receipt receive recent recipe recover recruit recycle reduce refer refill reflect
        refund refuse regard region register regret regular reject relate relative relax release reliable relief religion
        remain remark remote rent repair repeat replace reply request rescue reserve reset resign resist resolve resource
        respect respond rest restart restaurant restore result resume retail retire retry return reveal reverse review
        revoke reward rice rich ride right ring rise risk river road roast robot rock role roll roof room root rope rough
        round route router royal rubber rude ruin rule rush safe safety salary sale salt same sample sand sauce save scale
        scan scene schedule schema scope score scratch screen screw script seal search season seat second secret section
        secure security seed seek select sell send senior sense sentence separate serial series serious serve server service
        session setting settle setup severance severe sewing sex shade shadow shake shallow shame shape share sharp shed
        sheet shelf shell shelter shift shine ship shirt shock shoe shoot shop shore short shoulder shout shower shut sick
        side sight sign signal silence silent silk silver similar simple since sing single sink sister site size skill skin
        skip skirt sleep slide slip slope slot slow smart smell smile smoke smooth snake snow soap social sock soft software
        soil solid solution solve sore sort soul sound soup source space spare speak special speech speed spell spend spice
        spoon sport spot spread spring square stable staff stage stain stair stamp stand standard star stare start state
        station status steady steal steam steel stem step stick stiff still stock stomach stone storage store storm straight
        strange stream street strength stress stretch strike string strip strong student stuff style subject submit subset
        subsidy success such sudden suffer sugar suggest suit summer supper supplier supply support suppose sure surface
        surgery surname surprise survey suspect suspend swear sweat sweep sweet swim swing switch symbol symptom sync
        syntax system tail take talk tall tank tape target task taste team tear tech technical teach teacher telephone
        tell temper temperature template tenant tend tennis tense tent term terminal terms test text thank theater theatre
        theme theory thick thief thin thing think thirst thread threat throat throw thumb thunder ticket tidy tight time
        tired tissue title toast today toe together toilet token tomato tone tongue tool tooth topic total touch tough tour
        tourist towel tower track trade traffic train training transfer transport trap travel tray treat treatment tree
        trial triangle trick trigger trip trouble truck true trust truth tube tuition tune tunnel turn tutor twice type
        typical tyre ugly umbrella uncle undo unit update upgrade upload upper upset urgent usage useful user usual vacation
        valid valley value valve vary vector vehicle vendor verify verse vessel victim video view violent virus visa visible
        voice void vote voucher wage wait wake walk wall wander want warm warn warning warranty wash waste watch wave weak
        wealth weapon wear weather wedding weekend weekly weigh weight welcome well wheel while whistle white whole wide
        width wife wild will wind window wine wing winner winter wipe wire wise wish witness woman wonder wood wooden wool
        word world worry worse worst worth wound wrap wrist wrong yard year yearly yellow young youth zero zone
        arose became began bent bitten blew born bought bound broke brought built burnt came caught chose chosen crept dealt
        drank drawn drew driven drove drunk dug eaten fallen fed fell felt fled flew flown forgot forgotten fought found froze
        gave given gone gotten grew grown heard held hidden kept knew known laid learnt lent lied lying made meant met ridden
        risen rode rose rung said sang sank seen sent sewn shaken shone shook shown shrank slept slid sold sought spent spoke
        spoken spun stole stolen stood stuck sung sunk swam swept swore sworn swum taken taught thought threw thrown told took
        tore torn tried understood went wept woke woken wore worn wrote written
        children feet geese knives leaves lives mice shelves teeth wives women
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
