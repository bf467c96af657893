"""Text models in the folders that sentence-transformers and Optimum write, with what transformers and PyTorch answer to some texts.

They learn nothing but their vocabularies: weights are random. What is tested is how texts become tokens, and what is made of
the answers.
"""

import io
import json
import os
import shutil
import tempfile
import unicodedata
from collections import Counter
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import onnx
import torch
import transformers
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from torch import nn
from transformers import PreTrainedTokenizerFast, pipeline

from deep import strip
from folder import HERE, IR_VERSION, write_json
from text_samples import PAIRS, SENTENCES, TEXTS

FOLDER = HERE / "texts"
VOCABULARY = 480
WIDTH = 32
MAX_TOKENS = 24
# RoBERTa counts places from the padding on.
ROBERTA_PLACES = MAX_TOKENS + 2
CLASSES = ["joy", "anger", "news"]
ENTITIES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
# Random weights of the usual size would answer all texts nearly the same.
SPREAD = 0.25


def make():
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    write_json(FOLDER / "texts.json", {"texts": TEXTS, "pairs": PAIRS}, indent=None)
    pieces, bytes_, unigrams = word_piece(), byte_pairs(), unigram()

    bert = network("BertModel", pieces, 1)
    embedding("mean-pooling", bert, pieces, "mean", normalise=True, place="onnx/model.onnx")
    embedding("cls-pooling", network("XLMRobertaModel", unigrams, 2), unigrams, "cls")
    embedding("last-pooling", network("RobertaModel", bytes_, 3), bytes_, "lasttoken")
    embedding("without-mask", network("BertModel", pieces, 4), pieces, "mean", inputs=["input_ids"])
    quantised(bert, pieces)

    classes = network("BertForSequenceClassification", pieces, 5, labels=CLASSES)
    classification("classes", classes, pieces, place="onnx/model.onnx")
    several = network("RobertaForSequenceClassification", bytes_, 6, labels=CLASSES, problem="multi_label_classification")
    classification("several-classes", several, bytes_)
    rerank("rerank", network("BertForSequenceClassification", pieces, 7, labels=["LABEL_0"]), pieces)
    for name, kind, tokenizer, seed in (
        ("entities", "BertForTokenClassification", pieces, 8),
        ("entities-bytes", "RobertaForTokenClassification", bytes_, 9),
    ):
        entities(name, network(kind, tokenizer, seed, labels=ENTITIES), tokenizer)


def word_piece():
    """As BERT's uncased tokenizers are."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    words = [word for sentence in SENTENCES
             for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(tokenizer.normalizer.normalize_str(sentence))]
    learned = {piece: at for at, piece in enumerate([*special, *pieces_of(words, VOCABULARY - len(special))])}
    tokenizer.model = models.WordPiece(learned, unk_token="[UNK]")
    tokenizer.add_special_tokens(special)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    return finished(tokenizer, "BertTokenizer", MAX_TOKENS, *special[:4])


def pieces_of(words, most):
    """All characters, then what is frequent. The trainer of the tokenizers chooses others among equals each time."""
    found = Counter()
    for word in words:
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                found[("##" if start > 0 else "") + word[start:end]] += 1
    is_character = {piece: len(piece.removeprefix("##")) == 1 for piece in found}
    return sorted(found, key=lambda piece: (not is_character[piece], -found[piece] * len(piece), piece))[:most]


def byte_pairs():
    """As RoBERTa's."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(SENTENCES, trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=special, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), add_prefix_space=False, trim_offsets=True)
    return finished(tokenizer, "RobertaTokenizer", MAX_TOKENS, "<pad>", "<unk>", "<s>", "</s>")


def unigram():
    """As XLM-RoBERTa's."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(SENTENCES, trainers.UnigramTrainer(
        vocab_size=VOCABULARY, special_tokens=special, unk_token="<unk>", show_progress=False))
    learned = json.loads(tokenizer.to_str())["model"]["vocab"][len(special):]
    # The trainer's sums differ in their last digits each time.
    rounded = sorted(((piece, round(score, 2)) for piece, score in learned), key=lambda one: (-one[1], one[0]))
    tokenizer.model = models.Unigram([*((name, 0.0) for name in special), *rounded], special.index("<unk>"))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return finished(tokenizer, "XLMRobertaTokenizer", MAX_TOKENS, "<pad>", "<unk>", "<s>", "</s>")


def finished(tokenizer, kind, most, padding, unknown, first, last):
    names = {"pad_token": padding, "unk_token": unknown, "cls_token": first, "sep_token": last}
    inputs = ["input_ids", "attention_mask", *(["token_type_ids"] if kind == "BertTokenizer" else [])]
    made = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=most, model_input_names=inputs, **names)
    made.file = json.loads(tokenizer.to_str())
    made.config = {"tokenizer_class": kind, "model_max_length": most, **names}
    return made


def network(kind, tokenizer, seed, labels=None, problem=None):
    is_roberta = "Roberta" in kind
    config = getattr(transformers, kind).config_class(
        vocab_size=len(tokenizer), hidden_size=WIDTH, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=ROBERTA_PLACES if is_roberta else MAX_TOKENS, type_vocab_size=1 if is_roberta else 2,
        initializer_range=SPREAD, pad_token_id=tokenizer.pad_token_id, attn_implementation="eager",
        architectures=[kind], problem_type=problem)
    if labels is not None:
        config.id2label = dict(enumerate(labels))
        config.label2id = {label: at for at, label in enumerate(labels)}
    torch.manual_seed(seed)
    return getattr(transformers, kind)(config).eval()


def embedding(name, model, tokenizer, pooling, normalise=False, place="model.onnx", inputs=None):
    """A folder of sentence-transformers."""
    keys = ["cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens", "weightedmean_tokens", "lasttoken"]
    folder = save(name, model, tokenizer, place, "last_hidden_state", inputs)
    write_json(folder / "modules.json", modules(normalise), indent=2)
    write_json(folder / "sentence_bert_config.json", {"max_seq_length": MAX_TOKENS, "do_lower_case": False}, indent=2)
    said = {"pooling_mode": "cls"} if pooling == "cls" else {
        f"pooling_mode_{key}": key in (f"{pooling}_tokens", pooling) for key in keys}
    (folder / "1_Pooling").mkdir()
    write_json(folder / "1_Pooling" / "config.json", {"word_embedding_dimension": WIDTH, **said}, indent=2)
    states = [hidden(model, tokenizer, text, inputs) for text in TEXTS]
    keep(folder, [vector(state, pooling, normalise).tolist() for state in states])


def modules(normalise):
    steps = [("", "Transformer"), ("1_Pooling", "Pooling"), *([("2_Normalize", "Normalize")] if normalise else [])]
    return [{"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for at, (path, kind) in enumerate(steps)]


def hidden(model, tokenizer, text, inputs=None):
    encoded = tokenizer(text, truncation=True, return_tensors="pt")
    with torch.no_grad():
        return model(**{key: encoded[key] for key in inputs or arguments(model)}).last_hidden_state[0].numpy()


def vector(state, pooling, normalise):
    """The formulas of sentence-transformers, for one text without padding."""
    pooled = {"mean": state.mean(0), "cls": state[0], "lasttoken": state[-1]}[pooling].astype(np.float64)
    return pooled / max(np.linalg.norm(pooled), 1e-12) if normalise else pooled


def quantised(model, tokenizer):
    """Weights and activations of 8 bits, whose scales depend on all that is in a run."""
    folder = save("dynamic-quantisation", model, tokenizer, "model.onnx", "last_hidden_state")
    write_json(folder / "model.json", {"text": {"pooling": "mean", "normalise": True}}, indent=2)
    path = folder / "model.onnx"
    with tempfile.TemporaryDirectory() as other:
        quantize_dynamic(path, Path(other) / "model.onnx", weight_type=QuantType.QInt8)
        small = onnx.load(Path(other) / "model.onnx")
    strip(small)
    path.write_bytes(small.SerializeToString(deterministic=True))
    session = onnxruntime_session(path)
    keep(folder, [by_runtime(session, tokenizer, text) for text in TEXTS])


def onnxruntime_session(path):
    import onnxruntime

    return onnxruntime.InferenceSession(str(path))


def by_runtime(session, tokenizer, text):
    encoded = tokenizer(text, truncation=True, return_tensors="np")
    feeds = {put.name: encoded[put.name] for put in session.get_inputs()}
    return vector(session.run(["last_hidden_state"], feeds)[0][0], "mean", True).tolist()


def classification(name, model, tokenizer, place="model.onnx"):
    folder = save(name, model, tokenizer, place, "logits")
    judge = pipeline("text-classification", model=model, tokenizer=tokenizer, top_k=None)
    answers = [judge([text], truncation=True)[0] for text in TEXTS]
    keep(folder, [{one["label"]: one["score"] for one in answer} for answer in answers])


def rerank(name, model, tokenizer):
    folder = save(name, model, tokenizer, "onnx/model.onnx", "logits")
    with torch.no_grad():
        # Lists, as CrossEncoder has them: an empty text by itself would be taken for none.
        encoded = [tokenizer([query], [text], truncation=True, return_tensors="pt") for query, text in PAIRS]
        scores = [model(**inputs).logits.sigmoid().item() for inputs in encoded]
    keep(folder, scores)


def entities(name, model, tokenizer):
    folder = save(name, model, tokenizer, "model.onnx", "logits")
    judge = pipeline("token-classification", model=model, tokenizer=tokenizer, aggregation_strategy="simple")
    has_marks = tokenizer.config["tokenizer_class"] == "BertTokenizer"
    found = [[entity(text, one, has_marks) for one in judge(text)] for text in TEXTS]
    # Tokens of nothing but a space are no entity.
    keep(folder, [[one for one in some if one["end"] > one["start"]] for some in found])


def entity(text, found, has_marks):
    """Places in UTF-16 units, as JavaScript counts, without spaces, and with the marks that BERT leaves out."""
    piece = text[found["start"] : found["end"]]
    first = found["end"] - len(piece.lstrip())
    last = first + len(piece.strip())
    while has_marks and last < len(text) and unicodedata.category(text[last]) == "Mn":
        last += 1
    start, end = (len(text[:at].encode("utf-16-le")) // 2 for at in (first, last))
    return {"label": found["entity_group"], "score": float(found["score"]), "start": start, "end": end}


class Exported(nn.Module):
    def __init__(self, model, names, output):
        super().__init__()
        self.model, self.names, self.output = model, names, output

    def forward(self, *values):
        return self.model(**dict(zip(self.names, values)))[self.output]


def arguments(model):
    """What Optimum has an export take."""
    return ["input_ids", "attention_mask", *(["token_type_ids"] if model.config.model_type == "bert" else [])]


def save(name, model, tokenizer, place, output, inputs=None):
    """The files of a model of transformers, without answers."""
    folder = FOLDER / name
    (folder / place).parent.mkdir(parents=True)
    (folder / place).write_bytes(exported(model, inputs or arguments(model), output, len(tokenizer)))
    config = json.loads(model.config.to_json_string(use_diff=True))
    write_json(folder / "config.json", {**config, "architectures": [type(model).__name__]}, indent=2)
    write_json(folder / "tokenizer_config.json", tokenizer.config, indent=2)
    write_json(folder / "tokenizer.json", tokenizer.file, indent=None)
    return folder


def exported(model, names, output, vocabulary):
    tokens = torch.arange(14).reshape(2, 7) % vocabulary + 5
    values = {"input_ids": tokens, "attention_mask": torch.ones_like(tokens), "token_type_ids": torch.zeros_like(tokens)}
    axes = {name: {0: "batch", 1: "tokens"} for name in names}
    file = io.BytesIO()
    torch.onnx.export(
        Exported(model, names, output).eval(), tuple(values[name] for name in names), file, dynamo=False, opset_version=17,
        input_names=names, output_names=[output],
        dynamic_axes={**axes, output: {0: "batch", **({1: "tokens"} if output_has_tokens(model) else {})}})
    made = onnx.load_from_string(file.getvalue())
    made.ir_version = min(made.ir_version, IR_VERSION)
    strip(made)
    return made.SerializeToString(deterministic=True)


def output_has_tokens(model):
    return not type(model).__name__.endswith("ForSequenceClassification")


def keep(folder, answers):
    framework = f"transformers {transformers.__version__}, PyTorch {torch.__version__.split('+')[0]}"
    write_json(folder / "golden.json", {"framework": framework, "answers": answers}, indent=None)


if __name__ == "__main__":
    make()
