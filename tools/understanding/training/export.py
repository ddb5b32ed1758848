"""The trained network as an ONNX file with eight-bit weights, which ONNX Runtime reads on any machine."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.external_data_helper import set_external_data
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

from tools.understanding.training.network import Network, Parameters, by_distance

_OPSET = 20  # the first with Gelu
#: Weights that share a scale. With one scale for a whole column, a few large ones drown the others.
_BLOCK = 128
#: ONNX Runtime's name for sums of eight-bit numbers, blockwise scaled: twice as fast as whole ones, and the
#: chances stay the same to about a hundredth.
_EIGHT_BIT_SUMS = 4


def export(parameters: Parameters, network: Network, file: Path) -> None:
    """Input "pieces" (texts x length, one length: no padding), output "scores" (texts x outputs).

    The word vectors lie beside ``file``: many a place that keeps code takes no file above 100 MB.
    """
    quantizer = MatMulNBitsQuantizer(
        _Graph(network).of(parameters),
        bits=8,
        block_size=_BLOCK,
        is_symmetric=True,
        accuracy_level=_EIGHT_BIT_SUMS,
    )
    quantizer.process()
    model = quantizer.model.model
    words = next(each for each in model.graph.initializer if each.name == "words")
    beside = file.with_name("words.bin")
    beside.unlink(missing_ok=True)
    set_external_data(words, location=beside.name)
    onnx.save(model, file)
    beside.chmod(0o644)


class _Graph:
    def __init__(self, network: Network) -> None:
        self._network = network
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def of(self, parameters: Parameters) -> onnx.ModelProto:
        width, heads = parameters["head.w"].shape[0], self._network.heads
        for name, shape in (("split", [0, 0, heads, width // heads]), ("join", [0, 0, width])):
            self._constant(name, np.array(shape, np.int64))
        self._constant("first", np.array([0], np.int64))
        self._constant("second", np.array([1], np.int64))
        length = self._op("Shape", "pieces", start=1, end=2)
        x = self._norm(self._embedded(parameters, length), "norm", parameters, "norm")
        distances = self._distances(parameters, length)
        for number, layer in enumerate(parameters["layers"]):
            own = f"layer{number}"
            x = self._norm(
                self._op("Add", x, self._attention(x, own, layer, distances)), f"{own}.1", layer, "norm1"
            )
            inner = self._op("Gelu", self._linear(x, f"{own}.up", layer["up.w"], layer["up.b"]))
            outer = self._linear(inner, f"{own}.down", layer["down.w"], layer["down.b"])
            x = self._norm(self._op("Add", x, outer), f"{own}.2", layer, "norm2")
        mean = self._op("ReduceMean", x, "second", keepdims=0)
        # The heads keep whole weights: they are few, and they decide.
        self._linear(mean, "head", parameters["head.w"], parameters["head.b"], op="Gemm", output="scores")
        graph = helper.make_graph(
            self._nodes,
            "reader",
            [helper.make_tensor_value_info("pieces", TensorProto.INT64, ["texts", "length"])],
            [
                helper.make_tensor_value_info(
                    "scores", TensorProto.FLOAT, ["texts", len(parameters["head.b"])]
                )
            ],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=10)
        onnx.checker.check_model(model)
        return model

    def _embedded(self, parameters: Parameters, length: str) -> str:
        """Word vectors lie as whole numbers of a byte with a scale each."""
        words = np.asarray(parameters["words"])
        scales = np.maximum(np.abs(words).max(axis=1, keepdims=True), 1e-9) / 127
        self._constant("words", np.round(words / scales).astype(np.int8))
        self._constant("scales", scales.astype(np.float32))
        self._constant("positions", np.asarray(parameters["positions"]))
        vectors = self._op("Cast", self._op("Gather", "words", "pieces"), to=TensorProto.FLOAT)
        scaled = self._op("Mul", vectors, self._op("Gather", "scales", "pieces"))
        return self._op("Add", scaled, self._op("Slice", "positions", "first", length, "first"))

    def _distances(self, parameters: Parameters, length: str) -> str | None:
        """What attention adds by distance, cut to the length of the texts; None when it adds nothing."""
        if "distances" not in parameters:
            return None
        self._constant("distances", np.asarray(by_distance(parameters["distances"]), np.float32))
        cut = self._op("Concat", length, length, axis=0)
        for name, value in (("corner", [0, 0]), ("sides", [1, 2])):
            self._constant(name, np.array(value, np.int64))
        return self._op("Slice", "distances", "corner", cut, "sides")

    def _attention(self, x: str, own: str, layer: Parameters, distances: str | None) -> str:
        scale = 1 / np.sqrt(layer["q.w"].shape[1] // self._network.heads)
        weights = np.concatenate([layer["q.w"] * scale, layer["k.w"], layer["v.w"]], axis=1)
        offsets = np.concatenate([layer["q.b"] * scale, layer["k.b"], layer["v.b"]])
        all_three = self._linear(x, f"{own}.qkv", weights, offsets)
        parts = [f"{own}.{part}" for part in "qkv"]
        self._nodes.append(helper.make_node("Split", [all_three], parts, axis=2, num_outputs=3))
        orders = ([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3])
        q, k, v = (
            self._op("Transpose", self._op("Reshape", part, "split"), perm=order)
            for part, order in zip(parts, orders, strict=True)
        )
        alike = self._op("MatMul", q, k)
        shares = self._op("Softmax", self._op("Add", alike, distances) if distances else alike, axis=-1)
        seen = self._op("Transpose", self._op("MatMul", shares, v), perm=[0, 2, 1, 3])
        return self._linear(self._op("Reshape", seen, "join"), f"{own}.out", layer["out.w"], layer["out.b"])

    def _norm(self, x: str, own: str, of: Parameters, name: str) -> str:
        self._constant(f"{own}.w", np.asarray(of[f"{name}.w"]))
        self._constant(f"{own}.b", np.asarray(of[f"{name}.b"]))
        return self._op(
            "LayerNormalization", x, f"{own}.w", f"{own}.b", axis=-1, epsilon=self._network.epsilon
        )

    def _linear(  # type: ignore[no-untyped-def]
        self, x: str, own: str, weights, offsets, *, op: str = "MatMul", output: str | None = None
    ) -> str:
        self._constant(f"{own}.w", np.asarray(weights, np.float32))
        self._constant(f"{own}.b", np.asarray(offsets, np.float32))
        if op == "Gemm":
            return self._op("Gemm", x, f"{own}.w", f"{own}.b", output=output)
        return self._op("Add", self._op("MatMul", x, f"{own}.w"), f"{own}.b")

    def _constant(self, name: str, value: np.ndarray) -> None:
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))

    def _op(self, kind: str, *inputs: str, output: str | None = None, **attributes: object) -> str:
        name = output or f"n{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name
