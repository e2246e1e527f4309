package org.layerwise.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.json.Json;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.model.input.TokenBatch;
import org.layerwise.testing.Golden;

/** The rows of a fixture as pre-tokenised JSONL, as a user would have them on disk. */
final class TokenRows {

    private TokenRows() {}

    static Path of(String fixture, Path folder) {
        return of(fixture, folder, null);
    }

    /** The same with the same image a row, by its name. */
    static Path of(String fixture, Path folder, @Nullable String image) {
        List<String> lines = new ArrayList<>();
        try (SafetensorsFile golden =
                SafetensorsFile.open(Golden.folder(fixture).resolve("golden.safetensors"))) {
            TokenBatch batch = Golden.batch(golden);
            for (int row = 0; row < batch.size(); row++) {
                int start = row * batch.length();
                long[] ids = Arrays.stream(Arrays.copyOfRange(batch.ids(), start, start + batch.length()))
                        .limit(tokens(batch, start))
                        .toArray();
                ObjectNode line = Json.object();
                line.set("input_ids", Json.tree(ids));
                line.put("labels", row % 2);
                if (image != null) {
                    line.put("picture", image);
                }
                lines.add(Json.line(line));
            }
            return Files.write(folder.resolve(fixture + ".jsonl"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long tokens(TokenBatch batch, int start) {
        return Arrays.stream(batch.mask(), start, start + batch.length()).sum();
    }
}
