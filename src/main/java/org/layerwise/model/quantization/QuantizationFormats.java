package org.layerwise.model.quantization;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.Checkpoint;

/** Formats of quantised weights by the {@code quant_method} of a {@code config.json}. */
public final class QuantizationFormats {

    private static final Map<String, Function<QuantizationConfig, QuantizationFormat>> BY_METHOD = new TreeMap<>(Map.of(
            "awq", AwqFormat::of,
            "bitsandbytes", BitsAndBytesFormat::of,
            "compressed-tensors", CompressedTensorsFormat::of,
            "fbgemm_fp8", Float8Format::byRow,
            "fp8", Float8Format::of,
            "gptq", GptqFormat::of,
            "mxfp4", Mxfp4Format::of,
            "mxfp8", Float8Format::mx));

    private QuantizationFormats() {}

    /** Returns true if the configuration of a checkpoint says that weights are quantised. */
    public static boolean isQuantized(Checkpoint checkpoint) {
        return QuantizationConfig.of(checkpoint.configFile(), checkpoint.config())
                .isPresent();
    }

    /** Returns the {@code quant_method} of a checkpoint in lower case; empty if its weights are not quantised. */
    public static Optional<String> method(Checkpoint checkpoint) {
        return QuantizationConfig.of(checkpoint.configFile(), checkpoint.config())
                .map(QuantizationConfig::method);
    }

    /**
     * Returns the quantised tensors of a checkpoint by the names that they have in a checkpoint which is not quantised.
     *
     * @throws UserException if the format is not supported, or a part of a tensor is missing or wrong
     */
    public static Map<String, QuantizedTensor> find(Checkpoint checkpoint) {
        Map<String, QuantizedTensor> tensors = new LinkedHashMap<>();
        format(checkpoint.configFile(), checkpoint.config())
                .ifPresent(format -> format.find(checkpoint).forEach(tensor -> tensors.put(tensor.name(), tensor)));
        return tensors;
    }

    /**
     * Refuses a configuration whose format of quantised weights is not supported.
     *
     * @param file path of the {@code config.json}, for messages
     * @throws UserException if it is not supported; the message names it
     */
    public static void requireSupported(Path file, JsonNode config) {
        format(file, config);
    }

    /** Removes the format of quantised weights from a configuration. */
    public static void remove(ObjectNode config) {
        config.remove(QuantizationConfig.KEY);
        if (config.get(QuantizationConfig.TEXT) instanceof ObjectNode text) {
            text.remove(QuantizationConfig.KEY);
        }
    }

    private static Optional<QuantizationFormat> format(Path file, JsonNode config) {
        return QuantizationConfig.of(file, config).map(quantization -> {
            String method = quantization.method();
            Function<QuantizationConfig, QuantizationFormat> format = BY_METHOD.get(method);
            if (format == null) {
                throw quantization.refused(method);
            }
            return format.apply(quantization);
        });
    }
}
