package org.layerwise.study;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerwise.tensor.TensorEngine;

/** What a result was computed with, for whoever wants to repeat it. */
public final class Versions {

    /** Name of the number of threads of one operation on the processor; sums are cut by it, and rounded otherwise. */
    public static final String THREADS = "threads";

    /** Name of the processor's instruction set that libtorch uses, on which rounding depends as well. */
    public static final String INSTRUCTION_SET = "instruction-set";

    private Versions() {}

    static Map<String, String> of(TensorEngine engine) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("layerwise", layerwise());
        versions.put("libtorch", engine.version());
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        versions.put(THREADS, String.valueOf(engine.threads()));
        engine.instructionSet().ifPresent(name -> versions.put(INSTRUCTION_SET, name));
        return versions;
    }

    /** The same with what the model was computed on. */
    static Map<String, String> of(TensorEngine engine, OpenModel model) {
        Map<String, String> versions = of(engine);
        versions.put("device", model.card().device());
        versions.put("dtype", model.card().dtype());
        versions.put("loaded", loaded(model.card().memory()));
        return versions;
    }

    private static String loaded(MemoryNeed memory) {
        return memory.byLayers() ? "layer by layer" : memory.nothing() ? "not here" : "whole";
    }

    /** Of this program. */
    public static String layerwise() {
        return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                .orElse("from source");
    }
}
