package org.layerwise.data.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FilePattern;
import org.layerwise.data.Excerpt;
import org.layerwise.data.Split;
import org.layerwise.data.TaskPreset;

/**
 * Folder of data files, laid out as GLUE's archives ({@code train.tsv}, {@code dev.tsv}) or as HuggingFace's
 * repositories ({@code train-00000-of-00002.parquet}, also in {@code data/} or in a folder named after the task). If no
 * file is named after a part, all files together are the data. Hidden files, whose names begin with a dot, are no data.
 */
record DataFolder(Path folder, @Nullable TaskPreset preset) {

    private static final List<String> TRAIN = List.of("train", "training");
    private static final List<String> VALIDATION = List.of("validation", "dev", "valid", "val");
    private static final List<String> TEST = List.of("test");

    /**
     * Returns the files of one part, sorted by name.
     *
     * @throws UserException if there are none
     */
    List<Path> files(Split split) throws IOException {
        List<String> words = words(split);
        List<Path> places = new ArrayList<>(List.of(folder, folder.resolve("data")));
        if (preset != null) {
            places.add(folder.resolve(preset == TaskPreset.MNLI_MISMATCHED ? TaskPreset.MNLI.id() : preset.id()));
        }
        for (Path place : places) {
            List<Path> files = dataFiles(place);
            for (String word : words) {
                List<Path> part = ofPart(files, word);
                if (!part.isEmpty()) {
                    return part;
                }
            }
        }
        for (String word : words) {
            List<Path> part = dataFiles(folder.resolve(word));
            if (!part.isEmpty()) {
                return part;
            }
        }
        List<Path> shards = dataFiles(folder);
        if (shards.isEmpty()) {
            throw new UserException("The folder %s has no data files (%s); name a file, or a folder that has some."
                    .formatted(folder, String.join(", ", FileFormat.endings())));
        }
        boolean parts = Stream.of(TRAIN, VALIDATION, TEST).flatMap(List::stream).anyMatch(word -> shards.stream()
                .anyMatch(named(word)));
        if (parts) {
            throw new UserException("The folder %s has no file for the %s part (%s), only %s; name a file."
                    .formatted(
                            folder,
                            split == Split.TRAIN ? "training" : "validation",
                            words.get(0) + ".*",
                            Excerpt.list(shards.stream()
                                    .map(file -> file.getFileName().toString())
                                    .toList())));
        }
        DataShards.requireComplete(shards);
        return shards;
    }

    private List<String> words(Split split) {
        if (split == Split.TRAIN) {
            return TRAIN;
        }
        if (preset == TaskPreset.MNLI || preset == TaskPreset.MNLI_MISMATCHED) {
            String genres = preset == TaskPreset.MNLI ? "_matched" : "_mismatched";
            return List.of("validation" + genres, "dev" + genres);
        }
        return VALIDATION;
    }

    /**
     * Returns the files of a part. If the part has several formats, only the files of the first one in the order of
     * {@link FileFormat}.
     *
     * @throws UserException if one is the packed copy of another, they are not one set of shards, or a shard is missing
     */
    private static List<Path> ofPart(List<Path> files, String word) {
        List<Path> part = files.stream().filter(named(word)).toList();
        Gzip.requireNoCopies(part); // a packed Parquet file beside its unpacked one has no format
        List<Path> ofFormat = part.stream()
                .map(FileFormat::of)
                .sorted()
                .findFirst()
                .map(format -> part.stream()
                        .filter(file -> FileFormat.of(file) == format)
                        .toList())
                .orElse(List.of());
        DataShards.requireOneSet(ofFormat);
        return ofFormat;
    }

    /** Returns a test for a part's word in a file's name, alone or between separators or digits, as in datasets. */
    private static Predicate<Path> named(String word) {
        Pattern pattern = Pattern.compile("(?:.*[-._ 0-9])?" + Pattern.quote(word) + "[-._ 0-9].*");
        return file -> pattern.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT))
                .matches();
    }

    private static List<Path> dataFiles(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(Files::isRegularFile)
                    .filter(FileFormat::isKnown)
                    .filter(file -> !FilePattern.isHidden(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
