"""Indexes and queries the synthetic corpus with Tantivy (PyPI: tantivy), for comparison."""
import os, shutil, statistics, sys, time
import tantivy

folder, index_folder = sys.argv[1], sys.argv[2]
shutil.rmtree(index_folder, ignore_errors=True)
os.makedirs(index_folder)
builder = tantivy.SchemaBuilder()
builder.add_text_field("body", stored=False, tokenizer_name="en_stem", index_option="freq")
schema = builder.build()
index = tantivy.Index(schema, path=index_folder)
path = folder + "/documents.txt"
size = os.path.getsize(path)
lines = open(path).read().splitlines()
documents = [tantivy.Document(body=line) for line in lines]
del lines
writer = index.writer(heap_size=200_000_000, num_threads=2)
start = time.perf_counter()
for document in documents:
    writer.add_document(document)
writer.commit()
elapsed = time.perf_counter() - start
writer.wait_merging_threads()
print(f"tantivy index: {size / 1e6 / elapsed:.1f} MB/s with 2 threads ({elapsed:.2f} s, documents made beforehand)")
index.reload()
searcher = index.searcher()
print(f"tantivy index: {searcher.num_segments} segments")
bands = {}
for line in open(folder + "/queries.txt"):
    band, query = line.rstrip("\n").split("\t")
    bands.setdefault(band, []).append(query)
for band, queries in bands.items():
    times = []
    for turn in range(6):
        for text in queries:
            start = time.perf_counter()
            query = index.parse_query(text, ["body"])
            parsed = time.perf_counter()
            searcher.search(query, 10, count=False)
            if turn:
                times.append((time.perf_counter() - start, time.perf_counter() - parsed))
    whole = sorted(t[0] for t in times)
    search = sorted(t[1] for t in times)
    print(f"tantivy\t{band}\t{whole[len(whole)//2]*1e3:.3f}\t{whole[len(whole)*95//100]*1e3:.3f}\tsearch alone {search[len(search)//2]*1e3:.3f}")
