package org.layerwise.checkpoint;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Formats of weight files that Layerwise does not read, recognised by the names of the files. */
public enum ForeignWeights {
    /** Format of {@code torch.save}. */
    PICKLE("a pickle can run any code when it is loaded", ".bin", ".pt", ".pth", ".ckpt", ".pkl"),
    /** Format of llama.cpp. */
    GGUF("GGUF is the quantised format of llama.cpp, for running models only", ".gguf", ".ggml"),
    /** Format of TensorFlow and Keras. */
    HDF5("HDF5 is TensorFlow's format", ".h5"),
    /** Format of Flax. */
    MSGPACK("MessagePack is Flax's format", ".msgpack"),
    /** Format of ONNX. */
    ONNX("ONNX is a format for running models only", ".onnx");

    private final String reason;
    private final String[] endings;

    ForeignWeights(String reason, String... endings) {
        this.reason = reason;
        this.endings = endings;
    }

    /** Returns the reason why the format is not read, as a clause. */
    public String reason() {
        return reason;
    }

    /** Returns the format of a file; empty if its name is not that of weights, such as {@code training_args.bin}. */
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
