package org.layerwise.study.model;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerwise.model.quantization.WeightQuantization;
import org.layerwise.run.Run;
import org.layerwise.settings.ModelSettings;
import org.layerwise.tensor.TensorEngine;

/** Software and hardware of a computation, so that its result can be reproduced. */
public final class Versions {

    /**
     * Key of the number of threads per operation on the CPU. Sums are split by this number, so rounding depends on it.
     */
    public static final String THREADS = "threads";

    /** Key of the processor's instruction set that libtorch uses. Rounding depends on it. */
    public static final String INSTRUCTION_SET = "instruction-set";

    /** Key of the data type of the computation. */
    public static final String DTYPE = Run.DTYPE;

    /** Key of the formats in which the checkpoint stores quantised weights; missing if there are none, or linear maps were packed. */
    public static final String STORED = "stored";

    /** Key of the form into which linear maps were packed when the model was opened; missing if they were not. */
    private static final String QUANTIZATION = ModelSettings.QUANTIZE.name();

    private Versions() {}

    public static Map<String, String> of(TensorEngine engine) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("layerwise", layerwise());
        versions.put("libtorch", engine.version());
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put(THREADS, String.valueOf(engine.threads()));
        engine.instructionSet().ifPresent(name -> versions.put(INSTRUCTION_SET, name));
        return versions;
    }

    /** Returns the versions together with device, data type and loading of the model. */
    public static Map<String, String> of(TensorEngine engine, OpenModel model) {
        Map<String, String> versions = of(engine);
        versions.put("device", model.card().device());
        versions.put(DTYPE, model.card().dtype());
        versions.put("loaded", loaded(model.card().memory()));
        if (model.settings().quantization() != WeightQuantization.NONE) {
            versions.put(QUANTIZATION, model.settings().quantization().id());
        } else {
            model.inspection()
                    .quantized()
                    .ifPresent(weights -> versions.put(STORED, String.join(" and ", weights.formats())));
        }
        return versions;
    }

    /** Returns the form into which linear maps were packed when the model was opened. */
    public static WeightQuantization quantization(Map<String, String> versions) {
        String id = versions.getOrDefault(QUANTIZATION, "");
        return Arrays.stream(WeightQuantization.values())
                .filter(quantization -> quantization.id().equals(id))
                .findFirst()
                .orElse(WeightQuantization.NONE);
    }

    private static String loaded(MemoryNeed memory) {
        return memory.byLayers() ? "layer by layer" : memory.nothing() ? "not here" : "whole";
    }

    /** Returns the version of Layerwise; {@code from source} if it was not built as a release. */
    public static String layerwise() {
        return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                .orElse("from source");
    }
}
