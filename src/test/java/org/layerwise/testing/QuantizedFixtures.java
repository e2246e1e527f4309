package org.layerwise.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Golden checkpoints with quantised weights. */
public final class QuantizedFixtures {

    private static final String PARENT = "quantised";

    private QuantizedFixtures() {}

    /** Returns the names of their folders. */
    public static Stream<String> names() throws IOException {
        try (Stream<Path> children = Files.list(Golden.folder(PARENT))) {
            List<String> names = children.filter(child -> Files.exists(child.resolve("config.json")))
                    .map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
            return names.stream();
        }
    }

    /** Returns their folders for {@link Golden#folder}. */
    public static Stream<String> folders() throws IOException {
        return names().map(name -> PARENT + "/" + name);
    }
}
