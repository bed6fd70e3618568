/// What a persona can be shown doing: fifty scenes of our own, all of them dressed and decent. Nothing is read from anywhere, so that
/// they are the same everywhere.
package struct ContentTemplate: Sendable, Equatable {
    /// What a scene is about; the words are the contract's.
    package enum Category: String, Sendable, CaseIterable {
        case fitness, lifestyle, glamour, artistic, wellness, beach, urban, nature, fashion, intimate
    }

    /// Such as `FIT-001`.
    package let id: String
    package let category: Category
    package let tier: ContentPiece.Tier
    /// The scene, as the end of a sentence about the persona.
    package let scene: String
    package let pose: String
    package let lighting: String
    package let angle: String
    package let tags: [String]

    /// The whole scene in words.
    package var prompt: String { "\(scene), \(pose), \(lighting), \(angle)" }

    /// The template with this id; nil where there is none.
    package static func find(_ id: String) -> ContentTemplate? { all.first { $0.id == id } }

    /// All of them, those of a persona's niche first, as it is called (`Fitness`, `urban fashion`).
    package static func ordered(for niche: String?) -> [ContentTemplate] {
        guard let niche = niche?.lowercased() else { return all }
        let fits = all.filter { niche.contains($0.category.rawValue) }
        return fits + all.filter { !niche.contains($0.category.rawValue) }
    }

    private init(
        _ id: String, _ category: Category, _ tier: ContentPiece.Tier, _ scene: String, _ pose: String, _ lighting: String,
        _ angle: String, _ tags: [String]
    ) {
        self.id = id
        self.category = category
        self.tier = tier
        self.scene = scene
        self.pose = pose
        self.lighting = lighting
        self.angle = angle
        self.tags = tags
    }

    package static let all: [ContentTemplate] = [
        .init(
            "FIT-001", .fitness, .open, "in a bright gym, tying the laces of running shoes", "seated on a bench, leaning forward",
            "soft window light", "eye level", ["gym", "morning"]),
        .init(
            "FIT-002", .fitness, .open, "on a yoga mat in a quiet studio, in leggings and a long T-shirt",
            "cross-legged, hands on the knees", "diffuse daylight", "slightly above", ["yoga", "calm"]),
        .init(
            "FIT-003", .fitness, .open, "jogging along a river in a windbreaker", "mid-stride, looking ahead",
            "early morning sun", "side view", ["running", "outdoors"]),
        .init(
            "FIT-004", .fitness, .members, "resting after a climb in an indoor climbing hall, chalk on the hands",
            "standing, one hand on the wall", "overhead hall light", "from below", ["climbing", "focus"]),
        .init(
            "FIT-005", .fitness, .patrons, "writing a training plan at a kitchen table, water bottle at hand",
            "seated, pen in hand", "warm lamp light", "over the shoulder", ["planning", "routine"]),
        .init(
            "LIF-001", .lifestyle, .open, "in a small cafe with a cup of tea and a book", "seated by the window", "grey daylight",
            "eye level", ["cafe", "books"]),
        .init(
            "LIF-002", .lifestyle, .open, "cooking soup in a tidy kitchen, in an apron", "standing at the stove, stirring",
            "warm ceiling light", "three quarters", ["cooking", "home"]),
        .init(
            "LIF-003", .lifestyle, .open, "carrying flowers home from a market", "walking, smiling to the side",
            "late morning sun", "full figure", ["market", "flowers"]),
        .init(
            "LIF-004", .lifestyle, .members, "sorting records beside an old record player", "kneeling on a carpet",
            "evening lamp light", "slightly above", ["music", "evening"]),
        .init(
            "LIF-005", .lifestyle, .patrons, "packing a suitcase for a journey, a map on the bed", "standing, folding a sweater",
            "soft morning light", "wide", ["travel", "packing"]),
        .init(
            "GLA-001", .glamour, .open, "in a long evening gown on the stairs of an opera house",
            "standing, one hand on the rail", "golden foyer light", "full figure", ["gown", "evening"]),
        .init(
            "GLA-002", .glamour, .open, "portrait with a pearl necklace and a velvet blazer", "seated, chin slightly raised",
            "classic studio light", "eye level", ["studio", "classic"]),
        .init(
            "GLA-003", .glamour, .open, "in a tailored suit in front of a theatre curtain", "arms crossed, relaxed",
            "spot light from the left", "three quarters", ["suit", "theatre"]),
        .init(
            "GLA-004", .glamour, .members, "at a dressing table with a hand mirror, in a silk scarf and a high-necked dress",
            "seated, looking into the mirror", "bulbs around the mirror", "over the shoulder", ["mirror", "backstage"]),
        .init(
            "GLA-005", .glamour, .patrons, "stepping out of a car in a long coat, city lights behind", "one foot on the pavement",
            "street lamps at night", "low", ["coat", "night"]),
        .init(
            "ART-001", .artistic, .open, "painting at an easel in a loft, in a smock with spots of colour",
            "standing, brush raised", "north light", "side view", ["painting", "loft"]),
        .init(
            "ART-002", .artistic, .open, "portrait between large paper lanterns", "facing the camera", "glow of the lanterns",
            "eye level", ["lanterns", "portrait"]),
        .init(
            "ART-003", .artistic, .open, "shaping a bowl on a potter's wheel", "seated, hands on the clay", "dusty daylight",
            "close", ["pottery", "hands"]),
        .init(
            "ART-004", .artistic, .members, "portrait in strong black and white, in a turtleneck", "profile", "hard side light",
            "eye level", ["monochrome", "profile"]),
        .init(
            "ART-005", .artistic, .patrons, "behind a rain-covered window pane, city lights out of focus", "looking out",
            "blue hour", "close", ["rain", "mood"]),
        .init(
            "WEL-001", .wellness, .open, "drinking herbal tea on a balcony, in a knitted cardigan",
            "seated, both hands around the cup", "first morning light", "eye level", ["tea", "morning"]),
        .init(
            "WEL-002", .wellness, .open, "writing into a journal under a blanket", "curled up in an armchair", "lamp light",
            "slightly above", ["journal", "rest"]),
        .init(
            "WEL-003", .wellness, .open, "breathing exercise in a park, in a track suit", "standing, eyes closed",
            "soft overcast light", "three quarters", ["breathing", "park"]),
        .init(
            "WEL-004", .wellness, .members, "preparing a fruit bowl at a wooden counter", "standing, cutting an orange",
            "bright kitchen light", "from above", ["fruit", "kitchen"]),
        .init(
            "WEL-005", .wellness, .patrons, "reading in a wooden sauna's lounge, in a bathrobe over a sweater, with a pot of tea",
            "seated, legs under a blanket", "warm indirect light", "wide", ["lounge", "quiet"]),
        .init(
            "BEA-001", .beach, .open, "walking along a stony beach in a raincoat", "hands in the pockets", "overcast light",
            "full figure", ["rain", "coast"]),
        .init(
            "BEA-002", .beach, .open, "with a sun hat and a linen shirt under a parasol", "seated in a deck chair, reading",
            "bright shade", "three quarters", ["linen", "reading"]),
        .init(
            "BEA-003", .beach, .open, "collecting shells at low tide, trousers rolled up", "bending down", "late afternoon sun",
            "side view", ["shells", "tide"]),
        .init(
            "BEA-004", .beach, .members, "on a pier with a bicycle, in a striped sweater", "leaning on the railing", "sunset",
            "wide", ["pier", "bicycle"]),
        .init(
            "BEA-005", .beach, .patrons, "around a small fire on the beach at dusk, in a wool blanket",
            "seated, looking into the fire", "firelight", "eye level", ["fire", "dusk"]),
        .init(
            "URB-001", .urban, .open, "crossing a street with a coffee to go, in a trench coat", "walking towards the camera",
            "morning street light", "full figure", ["street", "coffee"]),
        .init(
            "URB-002", .urban, .open, "waiting on a tram platform with headphones", "leaning on a pillar", "grey daylight",
            "three quarters", ["tram", "waiting"]),
        .init(
            "URB-003", .urban, .open, "on a rooftop terrace between potted plants", "seated on a crate", "golden hour", "wide",
            ["rooftop", "plants"]),
        .init(
            "URB-004", .urban, .members, "under neon signs in a narrow street, in a leather jacket", "standing, looking up",
            "neon at night", "low", ["neon", "night"]),
        .init(
            "URB-005", .urban, .patrons, "in a late train, forehead near the window", "seated, reflected in the glass",
            "train light", "close", ["train", "late"]),
        .init(
            "NAT-001", .nature, .open, "on a forest path in hiking boots, with a rucksack", "walking, looking back",
            "dappled light", "full figure", ["forest", "hiking"]),
        .init(
            "NAT-002", .nature, .open, "between rows of lavender in a long skirt", "standing, hand on the flowers", "evening sun",
            "wide", ["lavender", "summer"]),
        .init(
            "NAT-003", .nature, .open, "watering tomatoes in a greenhouse", "standing, watering can in hand",
            "diffuse light through glass", "side view", ["greenhouse", "garden"]),
        .init(
            "NAT-004", .nature, .members, "beside a mountain lake in a thick sweater", "seated on a rock", "clear morning light",
            "wide", ["lake", "mountains"]),
        .init(
            "NAT-005", .nature, .patrons, "watching stars from a meadow, wrapped in a blanket", "lying back, pointing at the sky",
            "moonlight", "from the side", ["stars", "night"]),
        .init(
            "FAS-001", .fashion, .open, "in a camel coat and a wool scarf before a brick wall", "standing, collar turned up",
            "soft winter light", "full figure", ["coat", "winter"]),
        .init(
            "FAS-002", .fashion, .open, "in denim and a white shirt in an empty studio", "seated on a stool", "even studio light",
            "eye level", ["denim", "studio"]),
        .init(
            "FAS-003", .fashion, .open, "choosing a hat in a small shop", "standing before a shelf", "shop window light",
            "three quarters", ["hat", "shop"]),
        .init(
            "FAS-004", .fashion, .members, "in a bold patterned kimono jacket over black trousers", "turning, sleeves wide",
            "hard studio light", "full figure", ["pattern", "movement"]),
        .init(
            "FAS-005", .fashion, .patrons, "in a hand-knitted dress among balls of wool", "seated on the floor, knitting",
            "warm daylight", "slightly above", ["knitwear", "craft"]),
        .init(
            "INT-001", .intimate, .open, "reading a letter in a window seat, in a thick cardigan", "seated, knees drawn up",
            "soft window light", "eye level", ["letter", "quiet"]),
        .init(
            "INT-002", .intimate, .open, "close portrait with freckles and a calm look, in a roll-neck sweater",
            "facing the camera", "window light from the left", "close", ["portrait", "calm"]),
        .init(
            "INT-003", .intimate, .open, "humming over the dishes, sleeves rolled up", "standing at the sink",
            "kitchen light in the evening", "side view", ["home", "evening"]),
        .init(
            "INT-004", .intimate, .members, "by candlelight at a set table, as if across from the viewer",
            "seated, chin on the hand", "candlelight", "eye level", ["dinner", "conversation"]),
        .init(
            "INT-005", .intimate, .patrons, "telling a story by the fireplace with a mug of cocoa, in a wool jumper",
            "seated on a rug, gesturing", "firelight", "slightly below", ["fireplace", "story"]),
    ]
}
