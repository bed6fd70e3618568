enum BashCompletion { static func script(for root: Command) -> String { "" } }
enum ZshCompletion { static func script(for root: Command) -> String { "" } }
enum FishCompletion { static func script(for root: Command) -> String { "" } }
enum ManualPage { struct P { var fileName: String; var text: String }; static func all(for root: Command) -> [P] { [] } }
