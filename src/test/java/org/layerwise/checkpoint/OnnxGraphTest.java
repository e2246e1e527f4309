package org.layerwise.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerwise.base.Progress;
import org.layerwise.checkpoint.OnnxGraph.Initializer;
import org.layerwise.checkpoint.OnnxGraph.Node;
import org.layerwise.checkpoint.SafetensorsWriter.Named;

/** Reading small ONNX files written here field by field, and naming their weights. */
class OnnxGraphTest {

    @Test
    void readsNodesAndSkipsWhatItDoesNotNeed() throws IOException {
        byte[] node = message(out -> {
            out.writeString(1, "x");
            out.writeString(1, "w");
            out.writeString(2, "y");
            out.writeString(3, "/dense/MatMul");
            out.writeString(4, "MatMul");
            out.writeByteArray(5, new byte[] {8, 1}); // an attribute
        });
        byte[] graph = message(out -> {
            out.writeByteArray(1, node);
            out.writeString(2, "torch_jit");
            out.writeByteArray(5, floats("w", 1, 2));
        });
        OnnxGraph read = read(message(out -> {
            out.writeInt64(1, 6);
            out.writeString(2, "pytorch");
            out.writeByteArray(7, graph);
            out.writeByteArray(8, new byte[] {16, 11}); // the opset
        }));
        assertThat(read.nodes()).containsExactly(new Node("MatMul", List.of("x", "w"), List.of("y")));
        assertThat(read.initializers()).containsOnlyKeys("w");
    }

    @Test
    void readsNumbersInEveryEncoding() throws IOException {
        byte[] raw = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(1.5f)
                .putFloat(-2)
                .array();
        byte[] rawTensor = message(out -> {
            out.writeByteArray(9, raw);
            out.writeInt64(1, 1);
            out.writeInt64(1, 2);
            out.writeInt32(2, 1);
            out.writeString(8, "raw");
        });
        byte[] packed = message(out -> {
            out.writeByteArray(1, new byte[] {1, 2}); // packed dimensions
            out.writeInt32(2, 1);
            out.writeByteArray(4, raw);
            out.writeString(8, "packed");
        });
        byte[] single = message(out -> {
            out.writeInt64(1, 1);
            out.writeInt64(1, 2);
            out.writeInt32(2, 1);
            out.writeFloat(4, 1.5f);
            out.writeFloat(4, -2);
            out.writeString(8, "single");
        });
        byte[] longs = message(out -> {
            out.writeInt64(1, 2);
            out.writeInt32(2, 7);
            out.writeInt64(7, -3);
            out.writeInt64(7, 1L << 40);
            out.writeString(8, "longs");
        });
        OnnxGraph graph = read(
                model(List.of(node("Identity", "raw", "packed", "out")), List.of(rawTensor, packed, single, longs)));
        for (String name : List.of("raw", "packed", "single")) {
            Initializer tensor = graph.initializers().get(name);
            assertThat(tensor.type()).isEqualTo(OnnxGraph.FLOAT);
            assertThat(tensor.shape()).containsExactly(1L, 2L);
            assertThat(tensor.data().asFloatBuffer()).isEqualTo(FloatBuffer.wrap(new float[] {1.5f, -2}));
        }
        assertThat(graph.initializers().get("longs").data().asLongBuffer().get(0))
                .isEqualTo(-3);
        assertThat(graph.initializers().get("longs").data().asLongBuffer().get(1))
                .isEqualTo(1L << 40);
    }

    @Test
    void refusesTruncatedAndForeignFiles() throws IOException {
        byte[] whole = model(List.of(node("MatMul", "x", "w", "y")), List.of(floats("w", 2, 2)));
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 3))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(new byte[0]))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no ONNX graph");
    }

    @Test
    void namesWeightByTheBiasOnEitherSideAndTransposesIt() throws IOException {
        OnnxGraph graph = read(model(
                List.of(
                        node("MatMul", "x", "onnx::MatMul_1", "a"),
                        node("Add", "first.bias", "a", "b"),
                        node("MatMul", "b", "onnx::MatMul_2", "c"),
                        node("Add", "c", "second.bias", "d")),
                List.of(
                        floats("first.bias", 3),
                        floats("second.bias", 2),
                        floats("onnx::MatMul_1", 2, 3),
                        floats("onnx::MatMul_2", 3, 2))));
        List<Named> tensors = new BertFromOnnx(graph).tensors();
        assertThat(tensors)
                .extracting(Named::name)
                .containsExactly("first.bias", "first.weight", "second.bias", "second.weight");
        assertThat(tensors.get(1).shape()).containsExactly(3, 2);
        FloatBuffer first = tensors.get(1).data().iterator().next().asFloatBuffer();
        assertThat(first).isEqualTo(FloatBuffer.wrap(new float[] {0, 3, 1, 4, 2, 5}));
    }

    @Test
    void refusesGraphsThatLeaveWeightsInDoubt() throws IOException {
        OnnxGraph nameless = read(
                model(List.of(node("MatMul", "x", "onnx::MatMul_1", "a")), List.of(floats("onnx::MatMul_1", 2, 3))));
        assertThatThrownBy(() -> new BertFromOnnx(nameless))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("onnx::MatMul_1");

        OnnxGraph twice = read(model(
                List.of(
                        node("MatMul", "x", "onnx::MatMul_1", "a"),
                        node("Add", "a", "d.bias", "b"),
                        node("MatMul", "x", "onnx::MatMul_2", "c"),
                        node("Add", "c", "d.bias", "e")),
                List.of(floats("d.bias", 2), floats("onnx::MatMul_1", 2, 2), floats("onnx::MatMul_2", 2, 2))));
        assertThatThrownBy(() -> new BertFromOnnx(twice)).hasMessageContaining("two weights of the name d.weight");

        byte[] shortTensor = message(out -> {
            out.writeInt64(1, 5);
            out.writeInt32(2, 1);
            out.writeByteArray(9, new byte[4]);
            out.writeString(8, "short");
        });
        OnnxGraph tooShort = read(model(List.of(node("Add", "x", "short", "y")), List.of(shortTensor)));
        assertThatThrownBy(() -> new BertFromOnnx(tooShort)).hasMessageContaining("short do not fit the shape");
    }

    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.write(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static byte[] node(String operator, String firstInput, String secondInput, String output)
            throws IOException {
        return message(out -> {
            out.writeString(1, firstInput);
            out.writeString(1, secondInput);
            out.writeString(2, output);
            out.writeString(4, operator);
        });
    }

    /** The numbers 0, 1, 2... in a shape. */
    private static byte[] floats(String name, long... shape) throws IOException {
        int elements = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer raw = ByteBuffer.allocate(elements * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements; i++) {
            raw.putFloat(i);
        }
        return message(out -> {
            for (long dimension : shape) {
                out.writeInt64(1, dimension);
            }
            out.writeInt32(2, 1);
            out.writeString(8, name);
            out.writeByteArray(9, raw.array());
        });
    }

    private static byte[] model(List<byte[]> nodes, List<byte[]> initializers) throws IOException {
        byte[] graph = message(out -> {
            for (byte[] node : nodes) {
                out.writeByteArray(1, node);
            }
            for (byte[] initializer : initializers) {
                out.writeByteArray(5, initializer);
            }
        });
        return message(out -> out.writeByteArray(7, graph));
    }

    private static OnnxGraph read(byte[] model) throws IOException {
        return OnnxGraph.read(new ByteArrayInputStream(model), model.length, Progress.none());
    }
}
