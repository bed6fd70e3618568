import TwinSearch
import TwinSupport

/// Words that people ask with and the words that documents write instead: `quit` and `leave`, `max` and `maximum`. Everyday
/// English only, so that none of them is of one subject; a word counts less than the one that was asked.
struct RelatedWords: Sendable {
    private let related: [TermIdentity: [TermIdentity]]

    init(analyzer: Analyzer, forms: IrregularForms) {
        var related: [TermIdentity: [TermIdentity]] = [:]
        if analyzer.language == .english {
            for group in Self.groups.split(separator: ",") {
                let words = group.split(whereSeparator: \.isWhitespace).map {
                    word in
                    String(word).withView { forms.canonical(TermIdentity(analyzer.term(of: String(word))), of: $0) }
                }
                for word in words {
                    for other in words where other != word && related[word]?.contains(other) != true {
                        related[word, default: []].append(other)
                    }
                }
            }
        }
        self.related = related
    }

    /// The terms that stand for `term`, which is a canonical form.
    subscript(_ term: TermIdentity) -> [TermIdentity] { related[term] ?? [] }

    private static let groups = """
        max maximum most limit, min minimum least, biggest largest highest maximum, smallest lowest minimum, big large,
        buy purchase order, cost price fee charge, cheap inexpensive affordable, pay payment, pay salary wage, wage salary earnings,
        start begin launch founded, founded established created formed launched, begin commence, end finish stop terminate, stop cancel quit,
        quit leave resign depart separate, fire dismiss terminate, hire recruit employ, job position role, boss manager supervisor,
        coworker colleague teammate, employee staff worker, kid child, baby birth newborn, parent parental, doctor physician medical,
        sick ill illness, holiday vacation leave, trip travel journey, car vehicle, plane flight, hotel lodging, house home,
        fix repair solve, broken damaged defective, throw discard, remove delete uninstall erase, add insert include, change modify edit
        update, get obtain receive acquire, get request, give provide grant, send submit, hand submit, ask request, tell inform notify,
        report notify, show display print, see view display, look search find, use utilize, make create build, build compile,
        keep retain store, save store keep, hold contain include, consist include contain, version release edition, let allow permit, allowed permitted, can able, need require must, want wish,
        must required, forbidden prohibited disallowed, banned prohibited, help assist support, try attempt, join enroll, enroll register
        participate, sign signature signed, sign register, fill complete, check verify, check examine inspect, choose select pick,
        fast quick rapid, fast speed performance, slow slower, slow performance, quick soon, often frequently, turn switch, off disable,
        on enable, turn enable disable, kind type category, way method manner, rule policy, rule requirement regulation, law legal,
        error mistake failure, crash failure, problem issue, bug defect error, lost stolen missing, steal stolen theft,
        phone telephone mobile, mail email, website site page, photo picture image, picture image, app application, app program software,
        computer laptop machine, folder directory, file document, letter character, letter note,
        meaning definition, mean means, difference differ distinguish different, versus compare comparison, vs compare comparison,
        example instance, reason why, purpose reason, goal objective aim, boss lead head, head director lead chief, chief lead,
        company organization firm, firm business company, shop store, customer client, money funds cash, money pay, refund reimbursement
        reimburse, refund return, return back, back return undo, undo revert reverse, expire expiration lapse, due deadline,
        deadline date due, until by before, length long duration, size large length, length size, amount number quantity,
        heavy weigh weight, tall height high, wide width, deep depth, hot temperature, warm temperature, cold temperature, expensive
        cost price, bring take carry, part portion piece, half semi, whole entire complete, all every, several multiple many, many multiple
        several, same identical share, together jointly, own belong, owner own, share shared, wrote author written, author written,
        write author, made created, invent created, die death, birth born, old age, age years, live reside, address location, where
        location, place location, city town, country nation, war conflict, fight battle, win victory won, won victory, lose defeat,
        left remaining, leftover remaining, rest remaining, over exceed above, under below less, near close, far distance,
        hurt injury injured, danger risk hazard, safe secure, secret confidential, hidden secret, password passcode,
        log sign login, login log, lib library, libs libraries, repo repository, config
        configuration, spec specification, info information, docs documentation, admin administrator, dept department, exam test,
        pic picture, approx approximately, temp temperature temporary, fridge refrigerator, bike bicycle, tv television, flat apartment,
        movie film, soccer football, petrol gasoline gas, trash waste garbage rubbish, rubbish waste, toilet restroom bathroom, lift elevator,
        guarantee warranty, warranty guarantee, instruction manual guide, manual guide handbook, meeting appointment, meet meeting,
        training course class, class course, learn study, teach instruct train, school education, rich wealthy, poor poverty
        """
}
