package org.layerwise.checkpoint;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.base.CancelledException;
import org.layerwise.base.Progress;

/**
 * Part of an ONNX file with a model's weights: the operators with the names of their inputs and outputs, and the
 * constant tensors. Attributes, inputs, outputs and types of the graph are skipped. Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 *
 * @param nodes the operators, in execution order
 * @param initializers the constant tensors by name, in the file's order
 */
record OnnxGraph(List<Node> nodes, Map<String, Initializer> initializers) {

    /** Element type TensorProto.DataType.FLOAT. */
    static final int FLOAT = 1;

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_OPERATOR = 4;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_FLOATS = 4;
    private static final int TENSOR_LONGS = 7;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;

    /** Operator, such as {@code MatMul}, with the names of its input and output tensors. */
    record Node(String operator, List<String> inputs, List<String> outputs) {}

    /**
     * Constant tensor.
     *
     * @param type TensorProto.DataType
     * @param data its elements, little-endian, row-major
     */
    record Initializer(String name, int type, List<Long> shape, ByteBuffer data) {}

    /**
     * Reads a model.
     *
     * @param length the length of the stream in bytes, for the progress; not positive if unknown
     * @throws IOException if it cannot be read or is not an ONNX model
     * @throws CancelledException if cancelled
     */
    static OnnxGraph read(InputStream stream, long length, Progress progress) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(stream);
        OnnxGraph graph = new OnnxGraph(new ArrayList<>(), new LinkedHashMap<>());
        message(in, field -> {
            if (field == MODEL_GRAPH) {
                nested(in, part -> graph.readPart(in, part, length, progress));
                return true;
            }
            return false;
        });
        if (graph.nodes.isEmpty() || graph.initializers.isEmpty()) {
            throw new IOException("it holds no ONNX graph with weights");
        }
        return graph;
    }

    private boolean readPart(CodedInputStream in, int field, long length, Progress progress) throws IOException {
        switch (field) {
            case GRAPH_NODE -> nodes.add(readNode(in));
            case GRAPH_INITIALIZER -> {
                progress.check();
                Initializer initializer = readInitializer(in);
                initializers.put(initializer.name(), initializer);
                progress.report(
                        length > 0 ? (double) in.getTotalBytesRead() / length : Progress.UNKNOWN,
                        "Reading the sample model");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Node readNode(CodedInputStream in) throws IOException {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        StringBuilder operator = new StringBuilder();
        nested(in, field -> {
            switch (field) {
                case NODE_INPUT -> inputs.add(in.readString());
                case NODE_OUTPUT -> outputs.add(in.readString());
                case NODE_OPERATOR -> operator.append(in.readString());
                default -> {
                    return false;
                }
            }
            return true;
        });
        return new Node(operator.toString(), List.copyOf(inputs), List.copyOf(outputs));
    }

    private static Initializer readInitializer(CodedInputStream in) throws IOException {
        TensorParts parts = new TensorParts();
        nested(in, field -> parts.read(in, field));
        return parts.initializer();
    }

    /** Collects the fields of a TensorProto, which may come in any order. */
    private static final class TensorParts {

        private final List<Long> shape = new ArrayList<>();
        private final ByteArrayOutputStream numbers = new ByteArrayOutputStream();
        private String name = "";
        private int type;
        private byte[] raw = new byte[0];

        boolean read(CodedInputStream in, int field) throws IOException {
            boolean packed = WireFormat.getTagWireType(in.getLastTag()) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            switch (field) {
                case TENSOR_DIMS -> values(in, packed, () -> shape.add(in.readInt64()));
                case TENSOR_TYPE -> type = in.readInt32();
                case TENSOR_FLOATS -> values(in, packed, () -> put(in.readRawLittleEndian32(), Integer.BYTES));
                case TENSOR_LONGS -> values(in, packed, () -> put(in.readInt64(), Long.BYTES));
                case TENSOR_NAME -> name = in.readString();
                case TENSOR_RAW -> raw = in.readByteArray();
                default -> {
                    return false;
                }
            }
            return true;
        }

        Initializer initializer() {
            byte[] data = raw.length > 0 ? raw : numbers.toByteArray();
            return new Initializer(
                    name, type, List.copyOf(shape), ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
        }

        private void put(long value, int bytes) {
            for (int i = 0; i < bytes; i++) {
                numbers.write((int) (value >>> (8 * i)));
            }
        }

        private static void values(CodedInputStream in, boolean packed, Read one) throws IOException {
            if (!packed) {
                one.read();
                return;
            }
            int limit = in.pushLimit(in.readRawVarint32());
            while (!in.isAtEnd()) {
                one.read();
            }
            in.popLimit(limit);
        }
    }

    @FunctionalInterface
    private interface Read {
        void read() throws IOException;
    }

    /**
     * Reader of the fields of a message. Its method reads a field by its number and returns true, or returns false if
     * the field is not needed.
     */
    @FunctionalInterface
    private interface FieldReader {
        boolean read(int field) throws IOException;
    }

    private static void nested(CodedInputStream in, FieldReader fields) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        message(in, fields);
        in.popLimit(limit);
    }

    private static void message(CodedInputStream in, FieldReader fields) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (!fields.read(WireFormat.getTagFieldNumber(tag))) {
                in.skipField(tag);
            }
        }
    }
}
