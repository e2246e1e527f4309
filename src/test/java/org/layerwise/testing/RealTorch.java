package org.layerwise.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A torch 2.7.1 with CUDA for tests that need one, named by {@code -Dlayerwise.torch} or {@code LAYERWISE_TORCH}. */
public final class RealTorch {

    private RealTorch() {}

    /** The folder; empty if none is named or it is not there. */
    public static Optional<Path> folder() {
        String property = System.getProperty("layerwise.torch", "");
        String named = property.isBlank() ? System.getenv().getOrDefault("LAYERWISE_TORCH", "") : property;
        return named.isBlank() ? Optional.empty() : Optional.of(Path.of(named)).filter(Files::isDirectory);
    }
}
