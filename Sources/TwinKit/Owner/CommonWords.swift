/// Common words that are no slip of the pen though a slip makes them of others: "hire" is not "fire" misspelt, and "contract" not
/// "contact". What is missing here is still known where the twin's texts have it.
enum CommonWords {
    static let all: Set<String> = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))

    private static let text = """
        able about above accept acid acre act actor adapt add adopt adult advice advise affect after age agent ago aid aim air
        alarm album alive alone along altar alter angel angle angry ankle apple apply april area arm army art ask assure
        assured aunt australia austria baby back bad bag bake baking ball band bank banking bar barber bare barn barter base
        bat bath bay beach beam bean bear beard bearing beat bed bee beef beer begin bell belt bend bending bent best bet
        better bid big bike bill bin bind bird bite bitter black blade blame blank blast bleed bless blind block blood blow
        blue board boarder boarding boat body boil bold bolt bomb bond bone book booking boot border bore born boss both
        bother bottle bottom bow bowl box boy brain brake branch brand brass brave bread break breath brick bride bridge brief
        bright bring broad broader broke brother brown brush buck build built bulb bulk bull burn bus bush busy but butter buy
        buyer cab cable cage cake calf call calling calm camp can canal cancel candle candy cap car card care cargo carrier
        carry cart case cash cast cat catch cave cell cent center chain chair chalk change charge charm chart chase cheap
        cheat check cheek cheer cheese chef chest chew chief child chile chill chin china chip choice choose church city civil
        claim class clay clean cleaning clear clearing clerk click cliff climb clock close closer closing cloth clothing cloud
        clover club clue cluster coach coal coarse coast coat code coffee coin cold collar color colour comb come comer
        compare compete complement complete compliment confirm conform conserve consumer contact content contest context
        contract converse convert convict cook cooking cool cope copper copy cord core corn corner cost costume cotton couch
        could council counsel count counter country county couple courier course court cousin cover cow crack craft crash
        crate crazy cream create credit creek crew crime crop cross crowd crown cry cup cure curl curve custom customer cut
        cute cycle dad daily dairy dam damp dance dare dark dart data date dawn day dead deaf deal dear death debt deck deep
        deer delete den dense dent deport desert desk dessert device devise diary die diet dig dim dime dine diner dining
        dinner dip dirt dish dive diver diving dock doctor dog doll dome donor door dose dot double doubt down
        download draft drag drain draw dream dress drew drift drill drink drive driver driving drop drove drug drum dry duck
        due dull dump dusk dust duty dye each ear earn earring earth ease east easy eat edge effect egg eight eligible else
        email emigrant employee employer empty end enemy enjoy ensure enter equal error even evening event ever exam except
        exclude exit expand expend expert export extend extent external eye face fact fade fail failing faint fair faith fake
        fall falling false fame fan far fare farm fast fat fate father fault fear feast feat february fed fee feed feel feet
        fell felt fence few field fifth fight file fill filling film fin final find fine finger finishing fire firm first fish
        fishing fist fit five fix flag flame flash flat flaw flea flee fleet flesh flew flight flip float flock flood floor
        flour flow flower flu fly foam fog fold folder folk fond font food fool foot force fork form formal formally former
        formerly fort forth forty foul found four fox frame free freeze fresh friday friend from front frost fruit fuel full
        fun fund fur gain gale game gang gap garage garden gas gate gave gear gem get ghost gift girl give glad glass globe
        glove glow glue goal goat god gold golf gone good grab grace grade grain grand grant grape graph grass grave gray
        great green greet grew grey grid grill grip ground group grow guard guess guest guide guilt guinea gulf gum gun guy
        guyana habit hair half hall halt ham hand hang hanger hard hare harm hat hate have hawk hay head header heal health
        heap hear hearer hearing heart heat heater heating heavy heel height held hell helmet help hen herd here hero hid hide
        hiding high hike hill hint hip hire hit hold holder hole holy home honey hood hook hop hope horn horse hose host hot
        hotel hour house how hug huge hull human hung hunger hunt hurry hurt hut ice idea ill illegible immigrant import inch
        include india indiana ink inn input inside install insure insured intend intent inter internal internet intra
        intranet iran iraq iron island item jacket jail jam january jar jaw jet job join joint joke joy judge juice july jump
        june junk jury just keen keep kept key kick kid kill kin kind king kiss kit kite knee knew knife knit knock knot know
        korea lab lace lack ladder lady lake lamb lamp land landing lane lap large last late later latter law lawn lay lazy
        lead leader leading leaf leak lean leap learn lease least leather leave leaving led left leg legal lend lender lending
        length lens lent less lessee lesson lessor let letter level lid lie life lift lifting light lighting lightning like
        limb lime limit line link lion lip list listen listing litre litter live liver living load loading loaf loan lock
        locking log login logoff logon logout lone long look looking loop loose lord lose loss lost lot loud love low luck
        lump lunch lung mad made mail main make making male mall man manager manger manner manor map march mark market marry
        marsh mask mass mast mat match mate math may meal mean meat medal media meet meeting melt melting member men mend
        mending mentee mentor menu mess met metal meter mice middle might mild mile milk mill mind mine minor mint minuet
        minute miss mist mister mix mode model modem modern moist mold mom monday money monk month mood moon moor moral more
        morning most motel moth mother motion motor mould mount mourning mouse mouth move mud mug murder muscle museum music
        must nail name nap narrow nation near neat neck need nest net never new news next nice niece niger nigeria night nine
        noise none noon north nose note noun novel now nurse nut oak oar oat odd off offer office often oil old once one onion
        open oral orange orbit order other ought our out outer output outside oven over owe own owner pace pack packing pad
        page paid pain paint painting pair pale palm pan panel panic pants paper park parking parsing part party pass passing
        past paste pasting pat patch path patient pause pausing pay payee payer peace peach peak pear pearl peel peer pen
        penny people pepper permit person personal personnel pest pet phase phone photo piano pick picture pie piece pier pig
        pile pill pilot pin pine pink pint pipe piper pit pitch place plain plan plane planet planning plant planting plate
        play please plot plug plum plus poem poet point pointing poison pole police policy polish polite pond pool poor pop
        pope porch pork port pose post posting pot pound pour power praise pray precede prepare press preview price pride
        prime prince principal principle print printing prior prison prize probe proceed proof proper proud prove public pull
        pulp pump pure purse push put quality quantity quarter queen quick quiet quit quite race racing rack radio rag rail
        rain raise raising ran range ranger rank rapid rare rat rate raw ray reach read reader reading ready real rear recent
        record red reed reel refer relate relay reload remote remove renew rent rental renter repair repay reply report rescue
        resort rest resting restore result return review reward rice rich rid ride rider riding ring rip ripe rise rising risk
        rival river road roast rob robe rock rod role roll roof room root rope rose rot rough round route row royal rub rubber
        rude rug ruin rule ruler run rush rust sack sad safe safety said sail sailing sailor salad salary sale salt same sand
        sang sat saturday sauce save saving saw say scale scan scar scare scene scent school score scout screen screw sea seal
        search season seat second secret section see seed seek seem seen sell seller selling send sender sending sense sent
        series serve service set setting seven sew shade shake shall shame shape shaping share sharing shark sharp shave
        shaving she shed sheep sheer sheet shelf shell shift shine ship shipping shirt shock shoe shoot shop shopping shore
        short shot should shout show shower shut shy sick side sight sign signal silent silk silly silver sin sing singer
        single sink sip sir sister sit site sitting six size skill skin skip skirt sky slave sleep slept slice slide slim slip
        slope slot slovakia slovenia slow small smart smell smile smoke smooth snack snake snap snow soap social sock soda
        sofa soft soil sold sole solid some son song soon sore sort sorting soul sound soup sour south space spade spare spark
        speak speech speed spell spend spending spent spice spider spill spin spoil spoke spoon sport spot spray spread spring
        square stable staff stage stain stair stake stale stall stamp stand star stare staring start starting state station
        stationary stationery stay steak steal steam steel steep steer stem step stepping stick stiff still stir stock stole
        stone stood stool stop stopping store storing storm story stove strap straw stream street stress strict strike string
        strip stripe stroke strong stuck study stuff style suck sue suffer sugar suit sum sun sunday super sure surf swam swan
        swap swear sweat sweden sweep sweet swell swept swift swim swing sword table tail tailor take taking tale talk talking
        tall tame tank tap tape target task taste tasting tax taxi tea teach teacher team tear tell ten tend tent term test
        testing text than thank that thaw their theme then there these they thick thief thin thing think third thirst this
        thorn thorough those though thought thread threat three threw throat throne through throw thumb thursday tick ticket
        tide tidy tie tight tile till timber time tin tiny tip tire tired title toad toast today toe ton tone tongue tool
        tooth top tore torn toss total touch tough tour toward towel tower town toy trace track tracker tractor trade trader
        trail trailer train trainee trainer tram trap trash travel tray tread treat tree trend trial tribe trick trip trouble
        truck true trunk trust truth try tub tube tuesday tune turkey turn twice twin type tyre uncle under uninstall unit
        unite unload until upload upper urge use used usual vain valley value van vary vast vendor verb very vest view vine
        visa visit voice vote wage wagon waist wait waiting wake walk walker walking wall want war ward warm warn wash waste
        watch water wave wax way weak wealth wear weather weave web wedding weed week weep weigh weight well went west wet
        whale wheat wheel when where whether which while whip white who whole whom whose wide widow width wife wild will win
        wind window wine wing winner winter wipe wire wise wish witch with woke wolf woman women won wood wool word wording
        wore work worker working world worm worry worse worst worth would wound wrap wrist write writing wrong wrote yacht
        yard year yellow yes yet yield young youth zero zone
        """
}
