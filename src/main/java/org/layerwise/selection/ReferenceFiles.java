package org.layerwise.selection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.analysis.Similarity;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.base.file.AtomicFiles;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;

/** Reads and writes the two text files of the public code of arXiv 2602.05988, compatible in both directions. */
public final class ReferenceFiles {

    private static final Pattern LINE = Pattern.compile("([^|]+)\\|(\\d{1,6}),(\\d{1,6})");

    private ReferenceFiles() {}

    /**
     * Writes the similarity of each layer's input and output: a line {@code {cka}|{i},{i+1}} for layer i, with the
     * value rounded to float32 and formatted as in Python, 0.0 if it is undefined.
     */
    public static void writeSimilarities(Path file, LayerImportance importance) {
        AtomicFiles.writeString(file, similarities(importance));
    }

    /** Returns the text that {@link #writeSimilarities} writes. */
    public static String similarities(LayerImportance importance) {
        StringBuilder lines = new StringBuilder();
        for (int layer = 0; layer < importance.layers(); layer++) {
            float value = (float) importance.similarity(layer).asOptional().orElse(0);
            lines.append(Decimals.shortest(value)).append('|');
            lines.append(layer).append(',').append(layer + 1).append('\n');
        }
        return lines.toString();
    }

    /**
     * Reads the file that {@link #writeSimilarities} writes. A value of exactly 0.0 is read as undefined, because the
     * clamp of the reference code turns an undefined similarity into 0.0.
     *
     * @throws UserException if the file is missing, holds no line, or a line is not {@code {cka}|{i},{i+1}} in layer
     *     order
     */
    public static LayerImportance readSimilarities(Path file) {
        List<String> lines = read(file).lines().toList();
        List<Similarity> similarities = new ArrayList<>();
        for (String line : lines) {
            similarities.add(similarity(file, line, similarities.size()));
        }
        if (similarities.isEmpty()) {
            throw new UserException("%s is empty; a line a layer is expected, like 0.71|0,1.".formatted(file));
        }
        return LayerImportance.ofSimilarities(similarities);
    }

    /** Writes the selected layers as M characters 0 or 1, without an end of line. */
    public static void writeOneHot(Path file, LayerSelection selection) {
        AtomicFiles.writeString(file, selection.oneHot());
    }

    /**
     * Reads the file that {@link #writeOneHot} writes. The layers count as named by hand, because the file contains no
     * reason.
     *
     * @throws UserException if the file is missing, or holds anything but 0 and 1
     */
    public static LayerSelection readOneHot(Path file) {
        String oneHot = read(file).strip();
        if (!oneHot.matches("[01]+")) {
            throw new UserException(
                    "%s is no list of selected layers; one character 0 or 1 a layer is expected, like 001101."
                            .formatted(file));
        }
        List<Integer> layers = IntStream.range(0, oneHot.length())
                .filter(layer -> oneHot.charAt(layer) == '1')
                .boxed()
                .toList();
        return LayerSelection.byHand(layers, oneHot.length());
    }

    private static Similarity similarity(Path file, String line, int layer) {
        Matcher matcher = LINE.matcher(line.strip());
        if (!matcher.matches()
                || Integer.parseInt(matcher.group(2)) != layer
                || Integer.parseInt(matcher.group(3)) != layer + 1) {
            throw new UserException(
                    "Line %s of %s is \"%s\"; a similarity and its layer are expected there, like 0.71|%s,%s."
                            .formatted(layer + 1, file, line, layer, layer + 1));
        }
        try {
            double value = Double.parseDouble(matcher.group(1).strip());
            if (value == 0) {
                return new Similarity.Undefined(
                        "The reference file holds 0.0 for this layer, which stands for an undefined similarity.");
            }
            if (Double.isFinite(value)) {
                return new Similarity.Value(value);
            }
            if (Double.isNaN(value)) {
                return new Similarity.Undefined("The reference file holds no number for this layer.");
            }
        } catch (NumberFormatException e) {
            throw notANumber(file, layer, matcher.group(1));
        }
        throw notANumber(file, layer, matcher.group(1));
    }

    private static UserException notANumber(Path file, int layer, String text) {
        return new UserException("Line %s of %s starts with \"%s\"; a finite number is expected there."
                .formatted(layer + 1, file, text));
    }

    private static String read(Path file) {
        WritablePaths.requireReadableFile(file);
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }
}
