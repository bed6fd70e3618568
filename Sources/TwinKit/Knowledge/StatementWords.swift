extension StatementClause {
    /// The words by which statements are known.
    enum Words {
        private static func set(_ text: String) -> Set<UInt64> {
            Set(text.split(whereSeparator: \.isWhitespace).map { WordHash.of(String($0)) })
        }
        private static func phrase(_ text: String) -> [UInt64] {
            text.split(separator: " ").map { WordHash.of(String($0)) }
        }
        private static func phrases(_ text: String) -> [[UInt64]] {
            text.split(separator: ",").map { phrase(String($0)) }
        }

        static let firstPerson = set("i we i'm i'd i've i'll we're we'd we've we'll my our me us")
        static let subjects = set("i we i'm i'd i've i'll we're we'd we've we'll")
        static let possessives = set("my our")
        static let wouldSubjects = set("i'd we'd")
        static let haveSubjects = set("i've we've")
        static let beSubjects = set("i'm we're")
        static let willSubjects = set("i'll we'll")
        static let conjunctions = set("and but so because since though although for while which then")
        static let openers = set(
            "personally honestly generally frankly usually now here today nowadays forward on ourselves myself as general rule principle"
        )
        static let conditions = set("if whether when unless in-case suppose would should")
        static let reporting = set(
            "said says asked asks wonder wondered told tells claims claimed wrote writes according thinks thought whether he she they his her their"
        )
        static let others = set("you your they he she it")
        static let past = phrases(
            "used to,back then,when i was,at the time,as a child,in those days,once upon,years ago,last week,last month,last night,last year"
        )

        static let habits = set(
            "always usually mostly only generally typically normally often almost rarely seldom tend exclusively invariably routinely"
        )
        static let never = set("never")
        static let emphasis = set(
            "really much strongly absolutely definitely truly very deeply particularly especially firmly totally certainly genuinely vastly greatly by far"
        )
        static let adverbs = set(
            "personally also still just simply even both all honestly now actually to kind sort of tend quite rather-than normally currently already therefore thus then"
        )
        static let would = set("would should")
        static let will = set("will shall")
        static let do_ = WordHash.of("do")
        static let not = WordHash.of("not")
        static let no = WordHash.of("no")
        static let zero = WordHash.of("zero")
        static let little = WordHash.of("little")
        static let auxiliaries = set("have has had am are is was were been")
        static let have = set("have has had")
        static let be = set("am are is")
        static let dont = set("don't dont")
        static let wont = set("won't")
        static let wouldnt = set("wouldn't")
        static let cant = set("can't cannot can")
        static let rather = set("rather sooner")
        static let going = WordHash.of("going")
        static let with = WordHash.of("with")
        static let believe = WordHash.of("believe")
        static let care = WordHash.of("care")
        static let want = WordHash.of("want")
        static let need = WordHash.of("need")
        static let refuse = WordHash.of("refuse")
        static let love = WordHash.of("love")
        static let you = WordHash.of("you")
        static let every = WordHash.of("every")
        static let more = WordHash.of("more")
        static let my = WordHash.of("my")
        static let me = WordHash.of("me")
        static let isWord = WordHash.of("is")
        static let articles = set("a an the any")
        static let inFor = set("in for")
        static let ofIn = set("of in")
        static let toMe = set("for to")
        static let best = set("best better well")
        static let works = set("work works suits fits is are")
        static let `is` = set("is are")
        static let important = set("important matters matter priority most")
        static let views = set("view opinion mind book experience eyes")
        static let thing = set("thing")
        static let what = set("what")
        static let valuing = set("value prefer like want love need look hate enjoy appreciate care")
        static let decision = set("decision verdict conclusion")
        static let nothingBeats = phrase("nothing beats")
        static let fromNowOn = phrase("from now on")
        static let goingForward = phrase("going forward")
        static let toSee = phrase("to see")
        static let atLeast = phrase("at least")
        static let softSpot = phrase("soft spot for")

        static let preferring = set("prefer favor favour")
        static let liking = set("like love enjoy adore appreciate value cherish prize treasure welcome")
        static let disliking = set("hate dislike detest loathe despise resent abhor distrust mistrust")
        static let avoiding = set("avoid shun skip oppose reject eschew")
        static let addressed = set("you your that this it how him her them what these those")
        static let politeness = set("think thank say apologise apologize point know ask inform add see hear")
        static let judging = set("think find feel believe reckon consider hold")
        static let evaluative = set(
            "better best worse worst should must overrated underrated important essential crucial superior preferable matters matter strongly never always ought beats needs"
        )
        static let wanted = set("every my our all each no any only more fewer less")
        static let unknowing = set(
            """
            know think remember have understand see mean mind feel get recall hear need believe seem agree suppose expect realise
            realize notice doubt own live belong look care guess wish hope find speak happen exist forget lose get be fall end run
            """)
        static let states = set(
            "be am is are have had has live hope wonder thought knew want need wanted seem it the a an one two three about")
        static let pastVerbs = set(
            """
            got met saw said thought knew went came found heard told made took gave left felt had was were did brought bought kept
            read-past wrote ran sat stood spoke lost won paid sent built began broke chose drew drove fell flew forgot grew held
            rode sang slept taught threw understood wore
            """)
        static let moments = set(
            "here there today tomorrow tonight yet monday tuesday wednesday thursday friday saturday sunday anymore now week weekend"
        )
        static let pastTimes = set("yesterday ago")
        static let uncommitted = set(
            "be make know have see get come arrive say mind worry dare need want think forget go able take bother believe let hesitate expect call it keep miss tell"
        )
        static let standing = set("stand bear abide tolerate stomach")
        static let standingParticles = set("up here there for without by straight still on")
        static let degrees = set(
            "big huge real great strong slight bit total more-so very so not particularly especially massive clear firm general lifelong long"
        )
        static let fans = set("fan believer advocate supporter proponent lover opponent friend admirer devotee champion")
        static let diets = set(
            "vegetarian vegan pescatarian teetotal teetotaller teetotaler coeliac minimalist pacifist vegetarians vegans")
        static let persons = set(
            "person type guy girl drinker eater owl bird purist sceptic skeptic traveller traveler worker reader")
        static let attitudes: [([UInt64], Bool)] =
            phrases(
                """
                fan of,fond of,strict about,careful about,serious about,particular about,interested in,partial to,into,keen on,in favor of,in favour of,a fan of,comfortable with,more comfortable with,\
                happiest,happiest when,drawn to,crazy about,passionate about,enthusiastic about,inclined to,biased toward,biased towards,\
                all for,committed to,sold on,attached to,loyal to,more of a,more of an,big on,a believer in,more productive,better at,happier
                """
            ).map { ($0, false) }
            + phrases(
                """
                against,opposed to,no fan of,no friend of,no great fan of,no big fan of,uninterested in,averse to,allergic to,wary of,sceptical of,skeptical of,tired of,sick of,not into,done with,\
                uncomfortable with,suspicious of,fed up with,bored by,put off by
                """
            ).map { ($0, true) }
        static let verbPhrases: [([UInt64], Bool)] =
            phrases(
                """
                lean towards,lean toward,opt for,go for,go with,believe in,insist on,swear by,stick to,stick with,look for,care about,care more about,\
                care most about,care deeply about,care a lot about,make a point of,try to keep,try to use,aim for,\
                gravitate towards,gravitate toward,default to,reach for,rely on,focus on,vote for,root for,\
                prioritise,prioritize,make sure to,make it a rule to,thrive on,live for
                """
            ).map { ($0, false) }
            + phrases(
                """
                try to avoid,steer clear of,stay away from,keep away from,refrain from,object to,decline to,try not to,stay clear of,\
                do without,have no time for,have no patience for,make a point of avoiding,draw the line at
                """
            ).map { ($0, true) }
        static let deciding = set("decided agreed settled resolved opted concluded committed chosen voted")
        static let decisionParticles = set("to on against that for not upon in")
        static let undecided = set("yet whether between")
        static let selecting = set("choose pick select")
        static let choosing = set("chose picked selected")
        static let adopting = set(
            "use adopt switch migrate standardise standardize drop stop launch ship publish replace discontinue retire stick go support only always not never"
        )
        /// What goes with "go for a": no taste.
        static let outings = set("run walk swim drink ride coffee meal jog hike drive beer")
        static let meetings = set("meet talk speak call wait see discuss postpone disagree differ")
        static let pronouns = set("them him her you it us")
        static let bestDoing = set("work think write learn sleep study concentrate perform read code")
        static let keeping = set("keep avoid stay stop limit protect preserve reduce spend")
        static let limits = set("minimum maximum")
        static let favoriteOf = phrase("of choice")
        static let ifYouAskMe = phrase("if you ask me")
        static let pleaseNever = phrase("please never")
        static let only = set("only exclusively mainly mostly primarily solely")
        static let prepositions = set("after in on at with following over during by for as from since before")
        static let wrong = set("wrong")
        static let backs = set("back")
        static let addressees = set("you your")
        static let up = WordHash.of("up")
        static let liked = set("preferred loved liked hated favored favoured disliked enjoyed avoided valued believed insisted")
        static let hated = set("hated disliked avoided")
        static let perfectHabits = set("always never long")
        static let choice = set("choice option")
        static let given = set("given if")
        static let favorites = set("favorite favourite preferred favored favoured go-to ideal first-choice")
        static let preferenceNouns = set("preference preferences weakness fondness aversion dislike bias")
        static let interest = set("interest desire use time patience appetite love")
        static let ruleNouns = set(
            "rule policy approach style motto principle philosophy priority habit practice stance choice default mantra")
        static let generalAdjectives = set("personal usual general main top first number-one golden basic standard")
        static let wouldBe = set("would remains has")
        static let nounParticles = set("of for when on about to")
    }
}
