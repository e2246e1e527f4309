package org.layerwise.study;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerwise.tensor.TensorEngine;

/** What a result was computed with, for whoever wants to repeat it. */
final class Versions {

    private Versions() {}

    static Map<String, String> of(TensorEngine engine) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("layerwise", layerwise());
        versions.put("libtorch", engine.version());
        versions.put("java", System.getProperty("java.version"));
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    private static String layerwise() {
        return Optional.ofNullable(Versions.class.getPackage().getImplementationVersion())
                .orElse("from source");
    }
}
