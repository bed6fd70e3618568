"""A predictor for Cog's server that draws: stripes in colours that the prompt and the seed decide. It fails where it is told to."""

import hashlib
import os
import tempfile
import time
from pathlib import Path as File

from cog import BasePredictor, Input, Path
from PIL import Image, ImageDraw


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What the picture shows"),
        negative_prompt: str = Input(default="", description="What is not"),
        seed: int = Input(default=0, description="The same seed draws the same picture"),
        width: int = Input(default=64, description="In pixels"),
        height: int = Input(default=64, description="In pixels"),
        lora_weights: str = Input(default="", description="Where the weights are"),
    ) -> Path:
        # Places in a batch that a test wants to fail: seeds are 42 and the place.
        if seed in (45, 59, 80):
            raise RuntimeError("this one is told to fail")
        # While a test holds a batch back, it does not come to its end, however long the test takes to look.
        while seed > 60 and File(os.environ["PERSONAS_HOLD"]).exists():
            time.sleep(0.05)
        time.sleep(0.1)
        picture = Image.new("RGB", (64, 64), "white")
        canvas = ImageDraw.Draw(picture)
        digest = hashlib.sha256(f"{prompt} {seed}".encode()).digest()
        for index in range(8):
            canvas.rectangle((index * 8, 0, index * 8 + 7, 63), fill=tuple(digest[index * 3 : index * 3 + 3]))
        path = File(tempfile.mkdtemp()) / "picture.png"
        picture.save(path)
        return Path(path)
