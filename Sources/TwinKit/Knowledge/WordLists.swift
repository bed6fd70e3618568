extension WordTable {
    /// The words that the rules know.
    static let english = WordTable([
        (.function, functionWords), (.common, commonWords), (.title, titles), (.calendar, calendarWords),
        (.organization, organizationNouns), (.legalForm, legalForms), (.place, placeNouns), (.placePrefix, placePrefixes),
        (.event, eventNouns), (.demonym, demonyms), (.knownPlace, knownPlaces), (.givenName, givenNames),
        (.particle, "de la le du des del della di da dos das von van der den zu zur af av bin ibn al el ben ter ten y e"),
        (.roman, "ii iii iv v vi vii viii ix xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii"), (.speech, speechVerbs),
        (.ofHead, ofHeads), (.work, workNouns), (.verb, verbs), (.role, roles), (.abbreviation, abbreviations),
        (.suffix, "jr jr. sr sr. esq esq. phd md"), (.noName, noNames), (.modifier, modifiers),
    ])

    private static let functionWords = """
        a an the this that these those he she it we they you i me him her us them my your his its our their mine yours hers
        ours theirs who whom whose which what when where why how and or but nor so yet for if then than because although
        though while whereas unless until since as at by in of on to from with without within into onto upon about above
        below under over between among amongst against along across after before behind beside besides beyond during except
        inside outside near off out through throughout toward towards via up down around despite per not no yes none never
        ever both either neither each every all any some many much more most few fewer less least several such same other
        another others only own too very just also even still again once here there now thus hence therefore however
        moreover furthermore nevertheless nonetheless meanwhile otherwise instead indeed rather quite almost perhaps maybe
        is are was were be been being am has have had do does did done can could will would shall should may might must
        let let's it's that's there's he's she's i'm i've i'd i'll we're we've we'd we'll you're you've they're they've
        don't doesn't didn't isn't aren't wasn't weren't won't wouldn't can't cannot couldn't shouldn't haven't hasn't hadn't
        one two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred thousand million
        billion first second third fourth fifth last next previous today yesterday tomorrow tonight according due like
        unlike following including regarding concerning given whether whatever whoever whichever whenever wherever
        everyone everybody everything someone somebody something anyone anybody anything nobody nothing itself himself
        herself themselves myself ourselves yourself someday sometimes often always usually
        """
    private static let commonWords = """
        officials people police critics experts scientists researchers authorities sources analysts witnesses residents
        students women men children families members workers leaders reporters investigators prosecutors lawyers doctors
        soldiers troops rebels protesters demonstrators voters farmers employees companies prices shares sales stocks
        although later early earlier soon recently currently originally initially eventually finally previously formerly
        subsequently afterwards additionally similarly likewise consequently specifically generally typically especially
        particularly apparently reportedly allegedly fortunately unfortunately interestingly historically
        based born named known called located founded established built released published written directed produced created
        released used using made making taking given working having being seen shown set held led played
        new old young big small large great good bad high low long short former late current present recent
        ancient modern early main major minor total different various numerous additional further
        part parts number numbers example examples note notes see see-also references history background overview
        introduction summary conclusion results methods discussion abstract contents appendix chapter section figure table
        page pages volume issue version date time times year years month months week weeks day days hour hours
        way ways work works life death family home house name names group groups team game season series film films
        song songs album band book books novel story stories play character characters show episode music art science
        data information system systems process model models method theory research study studies report reports
        analysis development production government state states country countries city cities town towns village area
        region district world war peace law laws court case cases party president minister king queen prince princess
        king's queen's general army navy air force forces police-officer school schools university college church
        business company market markets money bank banks industry trade oil gas water food health care service services
        thanks please dear hello hi sorry sure okay ok well oh yes thank welcome congratulations
        click open choose select add remove delete create update run use check find get make take go keep put turn start
        stop read write send call ask tell give help try follow enter press return save move copy copy-paste install
        remember consider ensure avoid include provide require allow contact visit learn join share
        half three-quarters dozens hundreds thousands millions roughly approximately nearly about
        am pm left right top bottom north south east west northern southern eastern western central
        nearby together apart alone back away forward ahead far close inside outside
        alternatively basically clearly obviously certainly definitely probably possibly actually really simply
        economic political social military federal national international local public private foreign
        """
    private static let titles = """
        mr mr. mrs mrs. ms ms. miss dr dr. prof prof. sir madam rev rev. fr fr. sen sen. rep rep. gov gov. gen gen. col col.
        lt lt. sgt sgt. capt capt. cmdr cmdr. maj maj. adm adm. pres pres. hon hon. messrs messrs. st.-sgt pvt. cpl. cpl pvt
        president vice-president premier chancellor senator congressman congresswoman representative
        governor mayor secretary minister ambassador judge justice attorney sheriff detective inspector officer
        general colonel major captain lieutenant sergeant commander admiral marshal corporal private professor doctor
        reverend father bishop archbishop cardinal rabbi imam ayatollah sheikh chairman chairwoman chairperson
        chief coach director manager spokesman spokeswoman spokesperson deputy vice prime assistant
        undersecretary commissioner superintendent author actor actress singer writer composer producer mp mps mep meps msp
        actor-director comedian historian economist philosopher mathematician physicist
        """
    private static let calendarWords = """
        monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun mon. tues. wed. thurs. fri. sat. sun.
        january february march april may june july august september october november december jan jan. feb feb. mar mar. apr apr.
        jun jun. jul jul. aug aug. sep sep. sept sept. oct oct. nov nov. dec dec. mondays tuesdays wednesdays thursdays fridays
        saturdays sundays
        """
    private static let organizationNouns = """
        university college school institute institution academy committee commission council congress senate parliament assembly
        ministry department bureau agency administration office authority board court foundation association society union
        federation league club team party corporation company group holdings bank trust fund press times post journal
        tribune herald gazette news magazine records studios studio pictures entertainment productions television radio network
        broadcasting army navy force forces corps police brigade regiment division battalion squadron hospital church
        center centre laboratory laboratories museum library orchestra band choir theatre theater airlines airways railway
        railways motors industries systems technologies technology software services partners capital insurance
        organization organisation service alliance coalition movement front guard house chamber cabinet secretariat tribunal
        inspectorate consortium brothers sons associates communications international subcommittee squad
        chamber exchange consulate embassy conference militia faculty seminary conservatory symphony ballet opera
        endowment initiative publishing publishers books media interactive games labs electronics pharmaceuticals motor steel oil petroleum energy
        """
    private static let legalForms = """
        inc inc. corp corp. co co. ltd ltd. llc l.l.c. plc gmbh ag s.a. sa nv n.v. bv b.v. ab oy as a/s kg se spa s.p.a. srl pty
        llp lp incorporated limited cos. bros. kgaa ev e.v. gbr ohg
        """
    private static let placeNouns = """
        county city river lake island islands mountain mountains mount valley street avenue road boulevard square park bay gulf sea
        ocean strait peninsula desert forest beach canal bridge airport station harbor harbour port district province state
        region territory republic kingdom empire village town township parish borough prefecture canton oblast governorate
        hill hills creek falls springs coast cape point plains plateau canyon ridge pass basin delta lagoon reef fjord glacier
        heights castle palace tower cathedral abbey stadium arena hall plaza highway bank building memorial zone
        base camp fort colony dam volcano gardens cemetery canyon
        """
    private static let placePrefixes = """
        lake mount mt mt. fort ft. san santa santo sao são saint st st. port cape los las new north south east west el la le rio
        upper lower great little puerto costa isle gulf bay point northern southern eastern western central
        """
    private static let eventNouns = """
        war wars battle olympics games cup championship championships tournament festival conference summit treaty revolution
        uprising rebellion massacre siege election elections referendum campaign invasion crisis riots accord accords agreement
        convention congress open prix marathon derby series bowl exhibition expo fair biennale genocide holocaust
        earthquake hurricane tornado eruption plague famine movement crusade crusades offensive operation incident
        scandal affair day week season finals playoffs competition contest ceremony
        """
    private static let demonyms = """
        american british english french german italian spanish portuguese dutch belgian swiss austrian swedish norwegian danish
        finnish icelandic irish scottish welsh polish czech slovak hungarian romanian bulgarian greek turkish russian ukrainian
        belarusian lithuanian latvian estonian serbian croatian bosnian slovenian macedonian albanian montenegrin georgian
        armenian azerbaijani kazakh uzbek israeli palestinian lebanese syrian jordanian iraqi iranian persian saudi kuwaiti
        qatari emirati yemeni egyptian libyan tunisian algerian moroccan sudanese ethiopian eritrean somali kenyan ugandan
        tanzanian rwandan nigerian ghanaian senegalese ivorian cameroonian congolese angolan zambian zimbabwean mozambican
        african namibian indian pakistani bangladeshi nepalese afghan chinese japanese korean taiwanese mongolian vietnamese
        thai cambodian laotian burmese malaysian malay indonesian filipino philippine singaporean australian canadian mexican
        cuban jamaican haitian dominican brazilian argentine argentinian chilean peruvian colombian venezuelan ecuadorian
        bolivian paraguayan uruguayan nicaraguan salvadoran guatemalan honduran panamanian european asian latin arab arabic
        hebrew jewish christian muslim islamic catholic protestant orthodox hindu buddhist soviet yugoslav prussian ottoman
        byzantine roman anglican lutheran methodist baptist presbyterian mormon sikh kurdish tamil bengali punjabi sinhalese
        quebecois catalan basque breton flemish bavarian saxon norman celtic slavic nordic scandinavian balkan baltic
        californian texan hawaiian alaskan jews christians muslims catholics protestants arabs americans germans britons
        russians israelis palestinians europeans africans asians indians iranians iraqis serbs croats kurds turks greeks
        italians poles soviets canadians australians cubans mexicans chechens chechen tatar maori inuit republican democrat
        republicans democrats democratic communist communists conservative nazi nazis marxist maltese cypriot
        frenchman englishman irishman swede dane dutchman scot spaniard pole turk serb croat kurd finn jew
        latino hispanic caribbean mediterranean siberian tibetan uyghur venetian neapolitan sicilian sanskrit anglo-saxon
        anglo-american african-american afro-american austro-hungarian
        """
    private static let knownPlaces = """
        america usa u.s. u.s.a. u.k. uk us england britain scotland wales ireland france germany italy spain portugal netherlands
        holland belgium luxembourg switzerland austria sweden norway denmark finland iceland poland czechoslovakia slovakia
        hungary romania bulgaria greece turkey russia ukraine belarus lithuania latvia estonia serbia croatia bosnia slovenia
        macedonia albania montenegro kosovo yugoslavia georgia armenia azerbaijan kazakhstan uzbekistan israel palestine lebanon
        syria jordan iraq iran persia kuwait qatar yemen oman bahrain egypt libya tunisia algeria morocco sudan ethiopia eritrea
        somalia kenya uganda tanzania rwanda burundi nigeria ghana senegal mali niger chad cameroon congo zaire angola zambia
        zimbabwe mozambique namibia botswana madagascar india pakistan bangladesh nepal afghanistan china japan korea taiwan
        mongolia vietnam thailand cambodia laos burma myanmar malaysia indonesia philippines singapore australia canada mexico
        cuba jamaica haiti brazil argentina chile peru colombia venezuela ecuador bolivia paraguay uruguay nicaragua honduras
        guatemala panama europe asia africa antarctica oceania malta cyprus monaco liechtenstein andorra
        california texas florida ohio illinois pennsylvania michigan virginia massachusetts washington oregon arizona nevada utah
        colorado kansas nebraska oklahoma arkansas missouri iowa minnesota wisconsin indiana kentucky tennessee mississippi
        alabama louisiana maryland delaware connecticut vermont maine alaska hawaii idaho montana wyoming
        ontario quebec alberta manitoba saskatchewan london paris berlin rome madrid lisbon amsterdam brussels vienna zurich
        geneva bern stockholm oslo copenhagen helsinki dublin edinburgh warsaw prague budapest bucharest sofia athens istanbul
        ankara moscow kiev kyiv jerusalem beirut damascus amman baghdad tehran cairo tripoli tunis algiers nairobi lagos
        johannesburg delhi mumbai bombay calcutta karachi islamabad kabul beijing shanghai tokyo osaka seoul taipei hanoi bangkok
        manila jakarta sydney melbourne toronto montreal vancouver ottawa chicago boston houston dallas miami atlanta detroit
        seattle denver philadelphia baltimore cleveland pittsburgh havana buenos caracas bogota santiago lima munich hamburg
        cologne frankfurt milan naples venice florence turin barcelona manchester liverpool birmingham glasgow leeds bristol
        oxford cambridge hollywood manhattan brooklyn queensland tasmania siberia bavaria prussia saxony normandy catalonia
        calif. mass. conn. fla. ill. pa. n.y. n.j. mich. minn. tenn. ariz. colo. wash. ore. okla. ala. la. md. va. ga. tex. wis.
        ind. kan. neb. nev. n.m. n.c. s.c. n.h. vt. mo. d.c. n.d. s.d.
        """
    private static let givenNames = """
        james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald
        steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason jeffrey ryan jacob gary nicholas eric
        jonathan stephen larry justin scott brandon benjamin samuel gregory frank alexander raymond patrick jack dennis jerry
        tyler aaron jose adam nathan henry douglas zachary peter kyle walter ethan jeremy harold keith christian roger noah
        gerald carl terry sean austin arthur lawrence jesse dylan bryan joe jordan billy bruce albert willie gabriel logan alan
        juan wayne roy ralph randy eugene vincent russell elijah louis bobby philip johnny mary patricia jennifer linda elizabeth
        barbara susan jessica sarah karen nancy lisa betty margaret sandra ashley kimberly emily donna michelle dorothy carol
        amanda melissa deborah stephanie rebecca sharon laura cynthia kathleen amy angela shirley anna brenda pamela emma nicole
        helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie olivia joyce
        virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa
        ann sara madison frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle
        beverly isabella theresa diana natalie brittany charlotte marie kayla alexis lori ronnie fred ted bill bob jim tom mike
        steve dave dan ben sam tim ken ron don ed ray tony chris jeff greg matt nick alex max leo oscar hugo felix karl hans
        fritz otto heinrich friedrich wilhelm johann ludwig wolfgang klaus jürgen günter werner dieter helmut franz josef pierre
        jacques françois michel philippe claude andré luc henri louis giovanni giuseppe marco mario luigi antonio carlos luis
        miguel pedro jorge fernando francisco manuel rafael diego pablo ivan boris vladimir mikhail sergei nikolai dmitri igor
        yuri alexei viktor lech vaclav jan piotr andrzej mohammed muhammad ahmed ali hassan hussein omar ibrahim abdul yusuf
        mahmoud khalid moshe yitzhak shimon ariel benjamin david yasser hosni saddam indira rajiv sonia amara jonas lars erik
        sven olaf magnus ingrid astrid freya bjorn per nils anders mats kenji hiroshi takeshi yuki akira wei ming li chen
        margaret ronald winston franklin theodore dwight lyndon abraham ulysses woodrow calvin herbert hillary barack
        """
    private static let speechVerbs = """
        said says told announced argued argues wrote writes stated explained added claimed reported suggested believes believed
        asked replied insisted denied warned noted admitted predicted promised testified urged declared confirmed acknowledged
        """
    private static let verbs = """
        is was are were has had have will would can could may might must does did became becomes became began made took gave got
        went came won lost served worked lived died moved played joined led founded born received studied graduated married
        wants wanted plans planned plays works lives makes uses used offers opened closed built bought sold owns includes
        included remains remained continued published released appeared starred directed developed produced created formed
        """
    private static let ofHeads = """
        university bank house board bureau college court department ministry institute church city council duke earl prince princess
        king queen bishop archbishop battle treaty siege republic kingdom state commonwealth gulf bay cape isle isles lake
        order society association academy museum school faculty center centre library federation union league confederation
        chamber secretary office declaration bill university house city-state knights daughters sons lord lords lady
        strait straits district province county port mount valley tower statue temple cathedral company congress peace edict
        act convention institute party movement army front organization organisation administration committee commission
        people's empire sultanate emirate duchy grand-duchy principality book gospel epistle hall legion art
        peoples ministers states nations directorate directors general
        """
    private static let workNouns = """
        prize award awards medal act bill amendment constitution code theorem equation theory law album song symphony novel
        trophy doctrine plan project program programme bible gospel quran torah protocol pact oscar grammy emmy report
        scholarship fellowship language languages
        """
    private static let roles = """
        actor actress singer songwriter writer author poet novelist playwright journalist composer musician painter artist sculptor
        architect engineer scientist physicist chemist biologist mathematician astronomer philosopher historian economist
        politician lawyer judge diplomat soldier general officer footballer player coach racer swimmer boxer cyclist golfer
        director producer comedian model dancer pianist guitarist drummer rapper businessman businesswoman entrepreneur
        president chairman ceo founder cofounder co-founder leader minister senator mayor governor ambassador spokesman
        spokeswoman secretary professor teacher doctor surgeon nurse priest bishop rabbi monk nun king queen prince emperor
        manager executive editor publisher reporter correspondent analyst consultant researcher developer designer programmer
        """
    private static let abbreviations = """
        mr. mrs. ms. dr. prof. sen. rep. gov. gen. col. lt. sgt. capt. cmdr. maj. adm. pres. hon. rev. fr. st. mt. ft. no. vs. etc.
        inc. corp. co. ltd. cos. bros. jr. sr. jan. feb. mar. apr. jun. jul. aug. sep. sept. oct. nov. dec. e.g. i.e. cf. al. ca.
        fig. vol. pp. ed. eds. approx. dept. est. calif. mass. conn. fla. ill. pa. mich. minn. tenn. ariz. colo. wash. ore. okla.
        ala. md. va. ga. tex. wis. ind. kan. neb. nev. vt. mo. messrs. mon. tues. wed. thurs. fri. sat. pvt. cpl. ave. blvd. rd.
        """
    private static let noNames = """
        tv ceo cfo cto coo vp hr pr it pdf html json xml csv url api faq usb cd dvd ok am pm a.m. p.m. b.c. a.d. bc ad bce ce id
        asap fyi eta tbd tba nb ps gdp vat dna rna hiv aids mph kg km gpa iq ph.d. m.d. b.a. m.a. phd mba lp ep dj mc ufo gmt utc
        est pst cet isbn doi http https www xi god lord internet web mvp rbi era nos no. ii. hon. jpg png gif
        x i a b c d e f g h j k l m n o p q r s t u v w y z
        """
    private static let modifiers = """
        former late northern southern eastern western central north south east west northeast northwest southeast southwest
        new young old senior junior acting deputy assistant upper lower greater
        """
}
