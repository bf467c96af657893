"""Text models in the folders that exporters write, with what transformers, PyTorch and NumPy answer.

They learn nothing: weights are random and large, so that each text has an answer of its own. What is tested is the way from
texts to answers. The vocabularies are words and characters of the sentences below.

    python3 -m venv .venv && .venv/bin/pip install -r requirements-texts.txt && .venv/bin/python texts.py
"""

import json
import os
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig, BertForSequenceClassification, BertForTokenClassification, BertModel, PreTrainedTokenizerFast, RobertaConfig,
    RobertaForTokenClassification, RobertaModel, XLMRobertaConfig, XLMRobertaModel, pipeline)

HERE = Path(__file__).parent / "texts"
MAX_TOKENS = 24
SENTENCES = [
    "Anna Meyer lives in Berlin and works for Acme Corp.", "How do I reset my password?", "I forgot my login details.",
    "Der schnelle braune Fuchs springt über den faulen Hund.", "Größe, Straße und Übermut: fünf Wörter.",
    "Le café est très bon à Paris, n'est-ce pas?", "El niño comió una piña en Málaga.", "Łódź i Kraków są w Polsce.",
    "東京は日本の首都です。", "敏捷的棕色狐狸跳过了懒狗", "Москва — столица России.", "Η Αθήνα είναι πρωτεύουσα.",
    "القاهرة عاصمة مصر", "दिल्ली भारत की राजधानी है", "서울은 한국의 수도이다", "Deep learning is a subset of machine learning.",
    "Cheese is made of milk.", "The parcel arrives on Tuesday at 10:30.", "3.14 is not 22/7; e = mc²", "état-of-the-art naïve façade"]
TEXTS = SENTENCES + [
    "", " ", "a", "ΑΝΘΡΩΠΟΣ", "unknownwordwithoutspaces" * 3, "line one\nline two\ttabbed", "emoji 😀🚀 and ❤️ 👩‍👩‍👧", "MIXED Case TeXt",
    "long " * 60, "e\u0301 is not é", "[SEP] [MASK] <s> </s>", "  spaces   around  ", "«quotes» “and” ‘others’", "x\u200by\u00adz"]
PAIRS = [(SENTENCES[at], SENTENCES[(at * 7 + 3) % len(SENTENCES)]) for at in range(12)] + [
    ("", "a"), ("long " * 40, "short"), ("short", "long " * 40), ("long " * 30, "other " * 50)]
ENTITY_LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def make():
    torch.set_num_threads(1)
    shutil.rmtree(HERE, ignore_errors=True)
    golden = {
        "embedding": embedding("embedding", word_pieces(), bert(BertModel), "mean", normalise=True, seed=1),
        "embedding-cls": embedding("embedding-cls", byte_pairs(), roberta(), "cls", seed=2),
        "embedding-last": embedding("embedding-last", unigrams(), xlm_roberta(), "lasttoken", seed=3),
        "without-mask": embedding("without-mask", word_pieces(), bert(BertModel), "mean", inputs=("input_ids",), seed=4),
        "quantised": quantised(),
        "sentiment": classes("sentiment", ["negative", "neutral", "positive"], seed=5),
        "topics": classes("topics", ["sport", "money", "travel", "food"], many=True, seed=6),
        "reranker": reranker(seed=7),
        "entities": entities("entities", word_pieces(), bert(BertForTokenClassification, **entity_labels()), seed=8),
        "entities-bytes": entities("entities-bytes", byte_pairs(), roberta(RobertaForTokenClassification, **entity_labels()), seed=9),
    }
    text = json.dumps({"texts": TEXTS, "pairs": PAIRS, "models": golden}, ensure_ascii=False)
    (HERE / "golden.json").write_text(text + "\n")


def words_of(pre_tokenizer, normalizer=None):
    """The words of the sentences, each once, in order; every other one is to have a token of its own."""
    spelt = [normalizer.normalize_str(sentence) if normalizer else sentence for sentence in SENTENCES]
    words = [word for sentence in spelt for word, _ in pre_tokenizer.pre_tokenize_str(sentence)]
    return list(dict.fromkeys(words))


def word_pieces():
    """Characters, characters within words, and words. (The package's own training is not the same each time.)"""
    normalizer, pre_tokenizer = normalizers.BertNormalizer(lowercase=True), pre_tokenizers.BertPreTokenizer()
    words = words_of(pre_tokenizer, normalizer)
    characters = sorted(set("".join(words)))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *("##" + one for one in characters), *words[::2]]
    vocabulary = {piece: at for at, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizer
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return wrapped(tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]", mask_token="[MASK]")


def byte_pairs():
    """Bytes, and words that are put together from the left."""
    pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    words = words_of(pre_tokenizer)[::2]
    merges = list(dict.fromkeys((word[:at], word[at]) for word in words for at in range(1, len(word))))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *sorted(pre_tokenizers.ByteLevel.alphabet()), *(a + b for a, b in merges)]
    vocabulary = {piece: at for at, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return wrapped(tokenizer, unk_token="<unk>", pad_token="<pad>", cls_token="<s>", sep_token="</s>", mask_token="<mask>")


def unigrams():
    """Characters, and words, which are likelier."""
    normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
    pre_tokenizer = pre_tokenizers.Metaspace()
    words = words_of(pre_tokenizer, normalizer)
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    scored = {**{one: 0.0 for one in special}, **{one: -9.0 - at / 100 for at, one in enumerate(sorted(set("".join(words))))}}
    scored.update({word: -5.0 - at / 100 for at, word in enumerate(words[::2])})
    tokenizer = Tokenizer(models.Unigram(list(scored.items()), special.index("<unk>"), False))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, pre_tokenizer
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return wrapped(tokenizer, unk_token="<unk>", pad_token="<pad>", cls_token="<s>", sep_token="</s>", mask_token="<mask>")


def wrapped(tokenizer, **tokens):
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=MAX_TOKENS, **tokens)


SMALL = {
    "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 48, "initializer_range": 0.3,
    "attn_implementation": "eager"}


def bert(kind, **options):
    return lambda size: kind(BertConfig(vocab_size=size, max_position_embeddings=MAX_TOKENS + 8, **SMALL, **options))


def roberta(kind=RobertaModel, **options):
    places = {"max_position_embeddings": MAX_TOKENS + 2, "type_vocab_size": 1, "pad_token_id": 1}
    return lambda size: kind(RobertaConfig(vocab_size=size, **places, **SMALL, **options))


def xlm_roberta():
    return lambda size: XLMRobertaModel(
        XLMRobertaConfig(vocab_size=size, max_position_embeddings=MAX_TOKENS + 2, type_vocab_size=1, pad_token_id=1, **SMALL))


class Head(torch.nn.Module):
    """The one output of a model, by position: what the exporter takes."""

    def __init__(self, model, names):
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *tensors):
        said = self.model(**dict(zip(self.names, tensors)))
        return said.logits if hasattr(said, "logits") else said.last_hidden_state


def built(make_model, tokenizer, seed):
    torch.manual_seed(seed)
    return make_model(len(tokenizer)).eval()


def write(name, model, tokenizer, output, inputs=None, within="."):
    """The folder, as exporters write it."""
    folder = HERE / name
    (folder / within).mkdir(parents=True)
    tokenizer.save_pretrained(folder)
    config = {**model.config.to_dict(), "architectures": [type(model).__name__]}
    kept = ("architectures", "model_type", "id2label", "max_position_embeddings", "problem_type", "pad_token_id")
    (folder / "config.json").write_text(json.dumps({key: config[key] for key in kept if config.get(key) is not None}, indent=1) + "\n")
    names = inputs or inputs_of(model)
    ids = torch.ones(2, 7, dtype=torch.long)
    given = tuple(torch.zeros_like(ids) if name == "token_type_ids" else ids for name in names)
    axes = {name: {0: "batch", 1: "sequence"} for name in names}
    torch.onnx.export(
        Head(model, names).eval(), given, folder / within / "model.onnx", input_names=list(names), output_names=[output],
        dynamic_axes={**axes, output: {0: "batch", **({1: "sequence"} if output == "last_hidden_state" else {})}},
        dynamo=False, opset_version=17)
    for leftover in ("special_tokens_map.json", "chat_template.jinja"):
        (folder / leftover).unlink(missing_ok=True)
    return folder


def inputs_of(model):
    return ("input_ids", "attention_mask", *(["token_type_ids"] if model.config.model_type == "bert" else []))


def embedding(name, tokenizer, make_model, mode, normalise=False, inputs=None, seed=0):
    model = built(make_model, tokenizer, seed)
    folder = write(name, model, tokenizer, "last_hidden_state", inputs, "onnx" if normalise else ".")
    sentence_transformers(folder, mode, normalise)
    return {"embeddings": [vector_of(model, tokenizer, text, mode, normalise) for text in TEXTS]}


def sentence_transformers(folder, mode, normalise):
    prefix = "sentence_transformers.models."
    modules = ["Transformer", "Pooling", *(["Normalize"] if normalise else [])]
    paths = ["", "1_Pooling", "2_Normalize"]
    listed = [{"idx": at, "name": str(at), "path": paths[at], "type": prefix + kind} for at, kind in enumerate(modules)]
    (folder / "modules.json").write_text(json.dumps(listed, indent=1) + "\n")
    (folder / "1_Pooling").mkdir()
    keys = {"mean": "pooling_mode_mean_tokens", "cls": "pooling_mode_cls_token", "lasttoken": "pooling_mode_lasttoken"}
    pooling = {"word_embedding_dimension": 32, **{key: one == mode for one, key in keys.items()}}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(pooling, indent=1) + "\n")
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": MAX_TOKENS, "do_lower_case": False}) + "\n")


def tokens_of(tokenizer, model, *texts):
    types = "token_type_ids" in inputs_of(model)
    tokens = tokenizer(*texts, truncation=True, max_length=MAX_TOKENS, return_tensors="pt", return_token_type_ids=types)
    return {name: tokens[name] for name in inputs_of(model) if name in tokens}


def vector_of(model, tokenizer, text, mode, normalise):
    with torch.no_grad():
        rows = model(**tokens_of(tokenizer, model, text)).last_hidden_state[0].numpy().astype(np.float64)
    vector = {"mean": rows.mean(axis=0), "cls": rows[0], "lasttoken": rows[-1]}[mode]
    return digits(vector / max(np.linalg.norm(vector), 1e-12) if normalise else vector)


def quantised():
    """The first model with weights of 8 bits and scales that are worked out in each run, which mixes its texts."""
    folder = shutil.copytree(HERE / "embedding", HERE / "quantised")
    quantize_dynamic(HERE / "embedding/onnx/model.onnx", folder / "onnx/model.onnx", weight_type=QuantType.QUInt8)
    return {}


def classes(name, labels, many=False, seed=0):
    kind = {"problem_type": "multi_label_classification"} if many else {}
    tokenizer = word_pieces()
    by_id = dict(enumerate(labels))
    ids = {label: at for at, label in by_id.items()}
    model = built(bert(BertForSequenceClassification, id2label=by_id, label2id=ids, **kind), tokenizer, seed)
    write(name, model, tokenizer, "logits")
    ask = pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None, truncation=True, max_length=MAX_TOKENS)
    answers = ask(TEXTS)
    return {"probabilities": [{one["label"]: float(f"{one['score']:.8g}") for one in answer} for answer in answers]}


def reranker(seed):
    tokenizer = word_pieces()
    model = built(bert(BertForSequenceClassification, num_labels=1), tokenizer, seed)
    write("reranker", model, tokenizer, "logits")
    with torch.no_grad():
        logits = [model(**tokens_of(tokenizer, model, *pair)).logits[0, 0].item() for pair in PAIRS]
    return {"logits": digits(np.array(logits)), "scores": digits(1 / (1 + np.exp(-np.array(logits))))}


def entity_labels():
    by_id = dict(enumerate(ENTITY_LABELS))
    return {"id2label": by_id, "label2id": {label: at for at, label in by_id.items()}}


def entities(name, tokenizer, make_model, seed):
    model = built(make_model, tokenizer, seed)
    folder = write(name, model, tokenizer, "logits")
    rewrite_axes(folder)
    ask = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="simple")
    short = [text for text in TEXTS if len(tokenizer(text)["input_ids"]) <= MAX_TOKENS and text.strip() != ""]
    found = [[entity(one) for one in ask(text)] for text in short]
    return {"texts": short, "entities": found}


def rewrite_axes(folder):
    """The logits of tokens have a dimension for these, which the exporter was not told."""
    import onnx

    path = folder / "model.onnx"
    model = onnx.load(path)
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_param = "sequence"
    onnx.save(model, path)


def entity(said):
    return {"label": said["entity_group"], "score": float(f"{said['score']:.8g}"), "start": said["start"], "end": said["end"]}


def digits(values):
    return [float(f"{value:.8g}") for value in values]


if __name__ == "__main__":
    make()
