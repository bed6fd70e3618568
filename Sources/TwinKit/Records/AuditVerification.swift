import TwinDatabase
import TwinSupport

/// Looking whether the log is as it was written.
extension AuditLog {
    /// The end of a tenant's chain: kept elsewhere, it shows later whether the log still has it.
    package struct Head: Sendable, Equatable {
        package var tenantID: String
        /// Rows of the tenant.
        package var sequence: Int64
        /// SHA-256 in hexadecimal.
        package var hash: String

        package init(tenantID: String, sequence: Int64, hash: String) {
            self.tenantID = tenantID
            self.sequence = sequence
            self.hash = hash
        }
    }

    /// What is wrong with the log.
    package struct Fault: Sendable, Equatable {
        /// The kinds of damage.
        package enum Kind: String, Sendable, CaseIterable {
            /// The row is not what was written, and no erasure says so.
            case changed
            /// One row or more are not there any more.
            case missing
            /// The row does not stand behind the one that it was written behind.
            case misplaced
            /// The log does not have what an anchored head names.
            case unanchored
        }
        package var kind: Kind
        package var tenantID: String
        /// Where: the sequence in the tenant.
        package var sequence: Int64
        package var id: String?
    }

    /// What looking through the log has found. Valid means that no fault was found, not that nothing was ever cut off the end:
    /// that shows only against an anchored `Head`.
    package struct Verification: Sendable {
        /// Rows looked at, erased ones included.
        package var rows = 0
        /// Rows that differ from what was written because of an erasure that the log itself tells of.
        package var erased = 0
        /// The first `maximumFaults` of them, in the order of the file.
        package var faults: [Fault] = []
        /// All faults, also those past `maximumFaults`.
        package var faultCount = 0
        /// By tenant.
        package var heads: [Head] = []

        package static let maximumFaults = 100
        package var isValid: Bool { faultCount == 0 }

        fileprivate mutating func add(_ kind: Fault.Kind, _ tenant: String, _ sequence: Int64, _ id: String? = nil) {
            faultCount += 1
            if faults.count < Self.maximumFaults {
                faults.append(Fault(kind: kind, tenantID: tenant, sequence: sequence, id: id))
            }
        }
    }

    /// The end of each tenant's chain.
    package func heads() throws -> [Head] {
        try database.read { connection in
            try connection.rows(
                """
                SELECT tenant_id, seq, lower(hex(hash)) FROM audit_log a
                WHERE seq = (SELECT max(seq) FROM audit_log b WHERE b.tenant_id = a.tenant_id) ORDER BY tenant_id
                """
            ) { Head(tenantID: $0.text(0), sequence: $0.int64(1), hash: $0.text(2)) }
        }
    }

    /// Reads the whole log and checks every byte of it: each row against its hash and the row before, and that none is missing.
    /// That rows at the very end were taken away with care shows only against a head that was kept elsewhere, in `anchors`.
    ///
    /// One read transaction, with no more memory than the erased rows and the tenants take.
    package func verify(anchors: [Head] = [], progress: (Int) throws -> Void = { _ in }) throws -> Verification {
        try database.read { try Self.verify(anchors: anchors, progress: progress, on: $0) }
    }

    static func verify(
        anchors: [Head] = [], progress: (Int) throws -> Void = { _ in }, on connection: Connection
    ) throws -> Verification {
        var pass = try Pass(anchors: anchors)
        let statement = try connection.statement("SELECT \(AuditChain.storedColumns) FROM audit_log ORDER BY key")
        defer { statement.reset() }
        try statement.bind([])
        while try statement.step() {
            try pass.check(statement.row)
            if pass.result.rows & 0xFFFF == 0 { try progress(pass.result.rows) }
        }
        let last = try connection.first("SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'") { $0.int64(0) } ?? 0
        return pass.finish(lastKey: last)
    }

    private struct Pass: ~Copyable {
        /// How far a tenant's chain has been followed.
        private struct Chain {
            let tenantID: String
            var sequence: Int64 = 0
            var hash = AuditChain.start
            /// Parts that are not what was written, with what they hash to now.
            var differing: [Part: (hash: [UInt8], id: String)] = [:]
            /// What erasures say that parts hash to.
            var erased: [Part: [UInt8]] = [:]
        }

        private struct Part: Hashable {
            enum Kind { case people, details }
            let kind: Kind
            let sequence: Int64
        }

        var result = Verification()
        private var hasher: AuditChain.Seal.Hasher
        private var seal = AuditChain.Seal()
        /// What the row says of itself.
        private var stored = AuditChain.Seal()
        private var chains: [Chain] = []
        private var places: [String: Int] = [:]
        /// The chain of the row before: most rows have the same.
        private var current = 0
        private var currentTenant: [UInt8] = []
        private var lastKey: Int64 = 0
        private var anchors: [String: [Int64: String]] = [:]
        /// Keys that no row has, and how many of them tenants took along that have gone to another file.
        private var absentKeys: Int64 = 0
        private var takenKeys: Int64 = 0
        /// Rows behind absent keys that nothing else is wrong with.
        private var gaps: [(tenant: String, sequence: Int64, id: String?)] = []

        init(anchors: [Head]) throws {
            hasher = try AuditChain.Seal.Hasher()
            for anchor in anchors { self.anchors[anchor.tenantID, default: [:]][anchor.sequence] = anchor.hash.lowercased() }
        }

        mutating func check(_ row: Row) throws {
            result.rows += 1
            selectChain(row)
            let tenant = chains[current].tenantID
            let (sequence, key) = (row.int64(1), row.int64(17))
            if sequence > chains[current].sequence + 1 {
                result.add(.missing, tenant, sequence, row.text(2))
            } else if sequence <= chains[current].sequence {
                result.add(.misplaced, tenant, sequence, row.text(2))
            } else if !equals(row, 15, chains[current].hash) {
                result.add(.changed, tenant, sequence, row.text(2))
            } else if key != lastKey + 1, gaps.count < Verification.maximumFaults {
                gaps.append((tenant, sequence, row.text(2)))
            }
            absentKeys += key - lastKey - 1
            lastKey = key

            try hasher.people(row, into: &seal.people)
            try hasher.details(row, into: &seal.details)
            if !equals(row, 13, seal.people) {
                chains[current].differing[Part(kind: .people, sequence: sequence)] = (seal.people, row.text(2))
                row.withBytes(13) { stored.people.replaceSubrange(0..., with: $0) }
            } else {
                stored.people = seal.people
            }
            let hasDetails = equals(row, 14, seal.details)
            if !hasDetails {
                chains[current].differing[Part(kind: .details, sequence: sequence)] = (seal.details, row.text(2))
                row.withBytes(14) { stored.details.replaceSubrange(0..., with: $0) }
            } else {
                stored.details = seal.details
            }
            row.withBytes(15) { stored.hash.replaceSubrange(0..., with: $0) }
            try hasher.whole(
                row, people: stored.people, details: stored.details, after: stored.hash, into: &seal.hash)
            if !equals(row, 16, seal.hash) { result.add(.changed, tenant, sequence, row.text(2)) }
            if hasDetails, isErasure(row) { noteErasure(try row.json(11)) }
            if hasDetails, tenant == AuditLog.fileChain, row.text(6) == Action.tenantMoved.rawValue {
                takenKeys += Int64(try row.json(11)["rows"]?.intValue ?? 0)
            }
            chains[current].sequence = sequence
            row.withBytes(16) { chains[current].hash.replaceSubrange(0..., with: $0) }
            if !anchors.isEmpty, let anchor = anchors[tenant]?[sequence] {
                if anchor != Hex.encode(chains[current].hash) { result.add(.unanchored, tenant, sequence, row.text(2)) }
                anchors[tenant]?[sequence] = nil
            }
        }

        private func isErasure(_ row: Row) -> Bool {
            row.withBytes(6, text: true) { $0.elementsEqual(Action.detailsErased.rawValue.utf8) }
                && row.withBytes(5, text: true) { $0.elementsEqual(Event.accountAction.rawValue.utf8) }
        }

        private mutating func noteErasure(_ metadata: JSON) {
            for (kind, name) in [(Part.Kind.people, "people"), (.details, "details")] {
                for (sequence, hash) in metadata[name]?.objectValue?.members ?? [] {
                    guard let sequence = Int64(sequence), let hash = hash.stringValue.flatMap({ Hex.decode($0) }) else {
                        continue
                    }
                    chains[current].erased[Part(kind: kind, sequence: sequence)] = hash
                }
            }
        }

        consuming func finish(lastKey expected: Int64) -> Verification {
            let end = chains.indices.contains(current) ? chains[current].tenantID : ""
            absentKeys += expected - lastKey
            if absentKeys != takenKeys {
                for gap in gaps { result.add(.missing, gap.tenant, gap.sequence, gap.id) }
                if expected != lastKey || result.faultCount == 0 { result.add(.missing, end, expected) }
            }
            for chain in chains {
                var erased: Set<Int64> = []
                for (part, found) in chain.differing.sorted(by: { $0.key.sequence < $1.key.sequence }) {
                    if chain.erased[part] == found.hash {
                        erased.insert(part.sequence)
                    } else {
                        result.add(.changed, chain.tenantID, part.sequence, found.id)
                    }
                }
                result.erased += erased.count
                result.heads.append(Head(tenantID: chain.tenantID, sequence: chain.sequence, hash: Hex.encode(chain.hash)))
            }
            for (tenant, left) in anchors.sorted(by: { $0.key < $1.key }) {
                for sequence in left.keys.sorted() { result.add(.unanchored, tenant, sequence) }
            }
            result.heads.sort { $0.tenantID < $1.tenantID }
            return result
        }

        private mutating func selectChain(_ row: Row) {
            let isSame = row.withBytes(3, text: true) { bytes in
                !chains.isEmpty && bytes.elementsEqual(currentTenant)
            }
            if isSame { return }
            let tenant = row.text(3)
            currentTenant = Array(tenant.utf8)
            if let place = places[tenant] {
                current = place
            } else {
                current = chains.count
                places[tenant] = current
                chains.append(Chain(tenantID: tenant))
            }
        }

        private func equals(_ row: Row, _ column: Int32, _ bytes: [UInt8]) -> Bool {
            row.withBytes(column) { $0.elementsEqual(bytes) }
        }
    }
}
