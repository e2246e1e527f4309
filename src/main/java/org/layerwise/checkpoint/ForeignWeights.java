package org.layerwise.checkpoint;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Files of weights that Layerwise does not read, told by their names. */
public enum ForeignWeights {
    /** What {@code torch.save} writes. */
    PICKLE("a pickle can run any code when it is loaded", ".bin", ".pt", ".pth", ".ckpt", ".pkl"),
    /** Of llama.cpp. */
    GGUF("GGUF is the quantised format of llama.cpp, for running models only", ".gguf", ".ggml"),
    /** Of TensorFlow and Keras. */
    HDF5("HDF5 is TensorFlow's format", ".h5"),
    /** Of Flax. */
    MSGPACK("MessagePack is Flax's format", ".msgpack"),
    /** Of ONNX. */
    ONNX("ONNX is a format for running models only", ".onnx");

    private final String reason;
    private final String[] endings;

    ForeignWeights(String reason, String... endings) {
        this.reason = reason;
        this.endings = endings;
    }

    /** Why it is not read, as a clause. */
    public String reason() {
        return reason;
    }

    /** The kind of a file; empty if its name is not that of weights, as {@code training_args.bin} is not. */
    public static Optional<ForeignWeights> of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.matches("(training_args|optimizer|scheduler|rng_state.*)\\.\\w+")) {
            return Optional.empty();
        }
        return Stream.of(values())
                .filter(kind -> Stream.of(kind.endings).anyMatch(lower::endsWith))
                .findFirst();
    }
}
