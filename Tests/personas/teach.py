"""A trainer for Cog's server that teaches nothing: it opens the archive, counts its steps and writes weights of one tensor."""

import io
import json
import os
import struct
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path as File

from cog import BaseModel, Input, Path
from PIL import Image


class Output(BaseModel):
    weights: Path


def train(
    input_images: str = Input(description="Address of a ZIP archive with pictures and what they show"),
    steps: int = Input(default=500, description="How many"),
    learning_rate: float = Input(default=0.0001, description="How fast"),
    lora_rank: int = Input(default=128, description="How fine"),
    autocaption: bool = Input(default=True, description="Whether pictures without words get some"),
) -> Output:
    archive = zipfile.ZipFile(io.BytesIO(urllib.request.urlopen(input_images).read()))
    assert archive.testzip() is None
    names = archive.namelist()
    pictures = [name for name in names if name.endswith(".png")]
    for name in pictures:
        Image.open(io.BytesIO(archive.read(name))).verify()
        assert archive.read(name.replace(".png", ".txt")).decode()
    print(f"{len(pictures)} pictures", flush=True)
    for step in range(0, steps + 1, max(1, steps // 20)):
        print(f"step {step}/{steps} loss={1 / (step + 1):.4f}", flush=True)
        time.sleep(0.2)
        # As draw.py does.
        while step > steps // 2 and File(os.environ["PERSONAS_HOLD"]).exists():
            time.sleep(0.05)
    header = json.dumps({"face": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    path = File(tempfile.mkdtemp()) / "face.safetensors"
    path.write_bytes(struct.pack("<Q", len(header)) + header + struct.pack("<2f", learning_rate, lora_rank))
    return Output(weights=Path(path))
