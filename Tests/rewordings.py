#!/usr/bin/env python3
"""How a program recognises verified answers in other words: asks every line of sets/rewordings.jsonl and prints the figures.

    python3 Tests/rewordings.py PATH/TO/twin [--details]

Served: the share of each kind that gets the answer stored for it. Precision: of all answers that were served, the right ones;
of "other" and "elsewhere" none is. Suggested: of frames, typos, dropped words and paraphrases that were not served, those with the
right question among the first three. An environment with TWIN_EMBEDDING_URL and TWIN_EMBEDDING_MODEL is passed on.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

binary = os.path.abspath(sys.argv[1])
details = "--details" in sys.argv
lines = [json.loads(line) for line in (pathlib.Path(__file__).parent / "sets" / "rewordings.jsonl").read_text().splitlines()]
stored = lines[0]["stored"]
asked = lines[1:]

with tempfile.TemporaryDirectory() as folder:
    database = os.path.join(folder, "twin.db")

    def twin(*arguments):
        result = subprocess.run(
            [binary, "--db", database, *arguments], capture_output=True, text=True, cwd=folder)
        if result.returncode not in (0, 3):
            sys.exit(f"twin {arguments}: {result.returncode} {result.stderr}")
        return result.stdout

    twin("twins", "create", "hire")
    entries = os.path.join(folder, "answers.jsonl")
    with open(entries, "w") as file:
        for entry in stored:
            file.write(json.dumps(entry) + "\n")
    twin("qna", "import", entries)

    served, right, suggested, counts = {}, 0, [0, 0], {}
    given = elsewhere = 0
    for line in asked:
        kind = line["kind"]
        counts[kind] = counts.get(kind, 0) + 1
        answer = json.loads(twin("chat", line["asked"], "--json"))
        wanted = stored[line["stored"]] if "stored" in line else None
        questions = [suggestion["question"] for suggestion in answer.get("suggestions") or []]
        state = "-"
        if answer["status"] == "verified":
            given += 1
            is_right = wanted is not None and kind != "other" and answer["answer"] == wanted["answer"]
            right += is_right
            served[kind] = served.get(kind, 0) + is_right
            state = "right" if is_right else "WRONG"
        elif kind in ("frame", "typo", "dropped", "paraphrase"):
            suggested[1] += 1
            suggested[0] += wanted["question"] in questions
            state = "suggested" if wanted["question"] in questions else "missed"
        elif kind == "elsewhere":
            elsewhere += bool(questions)
            state = "offered" if questions else "-"
        elif kind == "other":
            state = "offered" if wanted["question"] in questions else "-"
        if details:
            print(f"{kind}\t{state}\t{line['asked']}\t{wanted['question'] if wanted else ''}\t{answer.get('answer')}\t{questions}")

for kind in ("frame", "typo", "dropped", "paraphrase"):
    print(f"{kind}: served {served.get(kind, 0)} of {counts[kind]} ({served.get(kind, 0) / counts[kind]:.3f})")
print(f"precision: {right} of {given} served ({right / max(given, 1):.3f})")
print(f"right suggestion when not served: {suggested[0]} of {suggested[1]} ({suggested[0] / max(suggested[1], 1):.3f})")
print(f"questions from elsewhere with a suggestion: {elsewhere} of {counts['elsewhere']} ({elsewhere / counts['elsewhere']:.3f})")
