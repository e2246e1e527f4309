package org.layerwise.selection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.layerwise.analysis.LayerImportance;
import org.layerwise.base.Decimals;
import org.layerwise.base.UserException;
import org.layerwise.base.file.FileErrors;
import org.layerwise.base.file.WritablePaths;

/**
 * The two text files of the public code of arXiv 2602.05988: the text of the similarities, and a reader of the selected
 * layers.
 */
public final class ReferenceFiles {

    private ReferenceFiles() {}

    /**
     * Returns the file of the similarities of each layer's input and output: a line {@code {cka}|{i},{i+1}} for layer
     * i, with the value rounded to float32 and formatted as in Python, 0.0 if it is undefined.
     */
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
     * Reads the file of the selected layers, M characters 0 or 1 ({@link LayerSelection#oneHot}). The layers count as
     * named by hand, because the file contains no reason.
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

    private static String read(Path file) {
        WritablePaths.requireReadableFile(file);
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UserException("Cannot read %s: %s.".formatted(file, FileErrors.reason(e)), e);
        }
    }
}
