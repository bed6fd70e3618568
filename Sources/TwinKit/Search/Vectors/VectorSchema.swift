/// The tables of the vectors.
package enum VectorSchema {
    /// `vector_sets` has a row for each model that a twin's chunks are embedded with: one in normal times, two while a
    /// new model takes over. `vector_blocks` has the vectors, those of some consecutive chunks of one source in a row.
    ///
    /// - `first_chunk`, `count`: the chunks of a block. The blocks of a source cover its chunks from the first on, without a
    ///   gap, so that their counts tell how far it is embedded.
    /// - `data`: `count` scales (32-bit floats, little-endian), then `count` vectors of `dimension` signed bytes each.
    package static let sql = """
        CREATE TABLE vector_sets (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            twin_key INTEGER NOT NULL REFERENCES twins (key) ON DELETE CASCADE,
            model TEXT NOT NULL,
            dimension INTEGER NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (twin_key, model)
        ) STRICT;
        CREATE TABLE vector_blocks (
            key INTEGER PRIMARY KEY,
            set_key INTEGER NOT NULL REFERENCES vector_sets (key) ON DELETE CASCADE,
            source_key INTEGER NOT NULL REFERENCES sources (key) ON DELETE CASCADE,
            first_chunk INTEGER NOT NULL,
            count INTEGER NOT NULL,
            data BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX vector_blocks_by_chunk ON vector_blocks (set_key, first_chunk);
        CREATE INDEX vector_blocks_by_source ON vector_blocks (source_key, set_key);
        """
}
