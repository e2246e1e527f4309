package org.layerwise.install.torch;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Setting that forbids the use of the network, by the environment variables of HuggingFace's tools. */
public final class Offline {

    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

    private Offline() {}

    /** Returns true if one of the variables forbids the use of the network. */
    public static boolean isRequested(Map<String, String> environment) {
        return Stream.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
                .map(name -> environment.getOrDefault(name, "").toUpperCase(Locale.ROOT))
                .anyMatch(YES::contains);
    }
}
