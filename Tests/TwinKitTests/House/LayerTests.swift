import Testing

/// The order of the rooms in ARCHITECTURE.md. The compiler keeps it between the leaf targets; within TwinKit this does.
@Suite struct LayerTests {
    @Test func `every file uses only the rooms before its own`() throws {
        let files = try HouseFile.all()
        #expect(files.count > 300, "the sources were not found")
        let breaches = HouseGraph(files).breaches(of: try House())
        #expect(breaches.isEmpty, "\(breaches.joined(separator: "\n"))")
    }

    @Test func `files that need each other are written down with a reason`() throws {
        let house = try House()
        let found = HouseGraph(try HouseFile.all()).circles(of: house)
        for circle in found {
            #expect(
                house.circles.contains { circle.isSubset(of: $0.files) },
                "\(circle.sorted().joined(separator: ", ")) need each other: part them, or say in ARCHITECTURE.md why not")
        }
        for known in house.circles {
            #expect(
                found.contains { $0.isSubset(of: known.files) },
                "\(known.files.sorted().joined(separator: ", ")) no longer need each other: strike them out of ARCHITECTURE.md")
            #expect(!known.reason.isEmpty)
        }
    }

    /// A little house, to see that the test sees.
    private static let house = House(
        document: """
            ## The rooms

            | Room | Holds | Floors, from the ground up |
            |---|---|---|
            | Ground | stones | |
            | Walls | what stands on them | Low, Cellar · High |
            | Workspace | the plan | |
            """)

    private func breaches(_ sources: [(String, String)]) -> [String] {
        HouseGraph(sources.map { HouseFile(path: $0.0, source: $0.1) }).breaches(of: Self.house)
    }

    @Test func `a lower file that names a type of a higher one is found`() {
        let wall = ("Walls/Wall.swift", "package struct Wall { let stone: Stone }")
        #expect(breaches([("Ground/Stone.swift", "struct Stone {}"), wall]).isEmpty)
        for source in [
            "struct Stone { let wall: Wall }", "struct Stone { func f() { if true { _ = [Wall]() } } }",
            "extension Wall { var stone: Stone? { nil } }\nstruct Stone {}", #"struct Stone { let text = "\(Wall.self)" }"#,
            ##"let a = #"\(x)"#; struct Stone { let text = #"\#(Wall.self)"# }"##,
        ] {
            let found = breaches([("Ground/Stone.swift", source), wall])
            #expect(found == ["Ground/Stone.swift names Wall of Walls/Wall.swift, which is above it"], "\(source)")
        }
    }

    @Test func `what only looks like a name of the type is not taken for one`() {
        let wall = ("Walls/Wall.swift", "struct Wall {}\nprivate struct Plaster {}")
        for source in [
            "/// Bears a `Wall`.\nstruct Stone {}", "/* Wall /* nested */ Wall */ struct Stone {}",
            #"struct Stone { let text = "Wall" }"#, "struct Stone { let text = \"\"\"\n    Wall \"Wall\"\n    \"\"\" }",
            "struct Stone { struct Wall {}\n let inner: Wall }", "struct Stone { let other = Kind.Wall }",
            "struct Stone { let plaster: Plaster }",
        ] {
            #expect(breaches([("Ground/Stone.swift", source), wall]).isEmpty, "\(source)")
        }
    }

    @Test func `floors inside a room are kept, and unknown rooms and files in none are found`() {
        let high = ("Walls/High/Tower.swift", "struct Tower {}")
        #expect(
            breaches([("Walls/Low/Wall.swift", "let a: Tower"), high]) == [
                "Walls/Low/Wall.swift names Tower of Walls/High/Tower.swift, which is above it inside Walls"
            ])
        #expect(breaches([("Walls/High/Wall.swift", "let a: Stone"), ("Walls/Low/Stone.swift", "struct Stone {}")]).isEmpty)
        #expect(
            breaches([
                ("Walls/Low/Wall.swift", "struct Wall { let a: Stone }"),
                ("Walls/Cellar/Stone.swift", "struct Stone { let b: Wall }"),
            ])
            .isEmpty)
        #expect(breaches([("Roof/Tile.swift", "struct Tile {}")]) == ["ARCHITECTURE.md does not know the room Roof"])
        #expect(
            breaches([("House.swift", "struct Plan {}"), ("Walls/Wall.swift", "let plan: Plan")]) == [
                "Walls/Wall.swift names Plan of House.swift, which is above it"
            ])
    }

    @Test func `circles are found whole, and each once`() {
        let files = [
            ("Ground/A.swift", "struct A { let b: B }"), ("Ground/B.swift", "struct B { let c: C }"),
            ("Ground/C.swift", "struct C { let a: A; let d: D }"), ("Ground/D.swift", "struct D { let e: E }"),
            ("Ground/E.swift", "struct E { let d: D }"), ("Ground/F.swift", "struct F { let a: A }"),
        ]
        let circles = HouseGraph(files.map { HouseFile(path: $0.0, source: $0.1) }).circles(of: Self.house)
        #expect(
            Set(circles) == [
                ["Ground/A.swift", "Ground/B.swift", "Ground/C.swift"], ["Ground/D.swift", "Ground/E.swift"],
            ])
    }
}
