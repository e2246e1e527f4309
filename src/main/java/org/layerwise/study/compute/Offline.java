package org.layerwise.study.compute;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Whether people want the program to stay off the network, by the variables of HuggingFace's tools. */
public final class Offline {

    private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");

    private Offline() {}

    /** Whether one of the variables says so. */
    public static boolean wished(Map<String, String> environment) {
        return Stream.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
                .map(name -> environment.getOrDefault(name, "").toUpperCase(Locale.ROOT))
                .anyMatch(YES::contains);
    }
}
