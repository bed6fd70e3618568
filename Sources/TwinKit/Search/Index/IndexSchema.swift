/// The tables of the search index.
package enum IndexSchema {
    /// `index_segments` has a row for each segment of a twin; `index_pages` has the segments' contents in rows that fill
    /// a page of the database each, under the key that `SegmentStore.pageKey` makes of segment, stream and page number.
    ///
    /// - `token`: a random number, so that readers can keep what they read of a segment although SQLite may give the key
    ///   of a rolled-back segment to another.
    /// - `first_chunk`: the lowest chunk key, which orders a twin's segments; their key ranges do not overlap.
    /// - `live_documents`, `live_length`: documents that are not deleted, and the sum of their lengths in words.
    /// - `deleted`: the deleted documents as runs; `revision`: another random number, new with each change of them.
    package static let sql = """
        CREATE TABLE index_segments (
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            twin_key INTEGER NOT NULL,
            token INTEGER NOT NULL,
            first_chunk INTEGER NOT NULL,
            documents INTEGER NOT NULL,
            live_documents INTEGER NOT NULL,
            live_length INTEGER NOT NULL,
            revision INTEGER NOT NULL DEFAULT 0,
            deleted BLOB NOT NULL DEFAULT x'',
            header BLOB NOT NULL
        ) STRICT;
        CREATE INDEX index_segments_by_twin ON index_segments (twin_key, first_chunk);
        CREATE TABLE index_pages (
            key INTEGER PRIMARY KEY,
            data BLOB NOT NULL
        ) STRICT;
        CREATE TRIGGER index_segments_delete AFTER DELETE ON index_segments BEGIN
            DELETE FROM index_pages WHERE key >= OLD.key << 32 AND key < (OLD.key + 1) << 32;
        END;
        """

    /// Twins are not the index's, so no foreign key leads to them.
    package static let deletedTwins = """
        CREATE TRIGGER twins_delete_index AFTER DELETE ON twins BEGIN
            DELETE FROM index_segments WHERE twin_key = OLD.key;
        END;
        """
}
