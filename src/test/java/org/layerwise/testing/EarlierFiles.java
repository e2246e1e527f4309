package org.layerwise.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Files that version 0.1.0 wrote, one of each kind; {@code README.md} beside them lists the commands. */
public final class EarlierFiles {

    private static final Path SOURCE =
            Path.of("src/test/resources/written-by-0.1.0").toAbsolutePath();

    /** Stands in the files for the folder in which they were written. */
    private static final String HERE = "@HERE@";

    private static final List<String> BINARY = List.of(".safetensors");

    /** Models of the files, by the fixtures that hold their weights. */
    private static final Map<String, String> MODELS = Map.of("model", "bert", "decoder", "llama");

    private EarlierFiles() {}

    /**
     * Copies all files with their models into a folder, as if they had been written there.
     *
     * @param folder becomes the folder of the user's settings too: {@code config}, {@code data} and {@code state}
     */
    public static Path copy(Path folder) {
        try (Stream<Path> files = Files.walk(SOURCE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = folder.resolve(SOURCE.relativize(file).toString());
                Files.createDirectories(target.getParent());
                if (isText(file)) {
                    Files.writeString(target, Files.readString(file).replace(HERE, folder.toString()));
                } else {
                    Files.copy(file, target);
                }
            }
            for (Map.Entry<String, String> model : MODELS.entrySet()) {
                Path target = Files.createDirectories(folder.resolve(model.getKey()));
                for (String name : List.of("config.json", "model.safetensors")) {
                    if (!Files.exists(target.resolve(name))) {
                        Files.copy(Golden.folder(model.getValue()).resolve(name), target.resolve(name));
                    }
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the text of a file as it was written. */
    public static String text(String name) {
        try {
            return Files.readString(SOURCE.resolve(name), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isText(Path file) {
        String name = file.getFileName().toString();
        return BINARY.stream().noneMatch(name::endsWith) && !name.startsWith("events.out.tfevents.");
    }
}
