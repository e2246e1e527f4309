package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.data.Dataset;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.RowPositions;

/**
 * Kind of the labels of all rows, so that chunks of the rows agree: names of classes, or numbers.
 *
 * @param names names of the classes, ascending; empty if labels are not names
 * @param numbers true if all labels are numbers
 */
record ClassNumbers(List<String> names, boolean numbers) {

    /** Reads the labels of all rows; null if there are none, or if the preset numbers the classes itself. */
    static @Nullable ClassNumbers of(DataFiles files, DataSource source, LabelUse use, DataFileOpener shards) {
        if (use == LabelUse.IGNORE || source.preset() != null) {
            return null;
        }
        Set<String> labels = new TreeSet<>();
        for (Path file : files.files()) {
            try (DataFile shard = shards.open(file, use, false)) {
                if (shard.roles().label() == null || shard.roles().tokens()) {
                    return null;
                }
                labels.addAll(shard.labelCounts().keySet());
            }
        }
        labels.remove(""); // the chunk with a row that has no label names the row
        List<@Nullable String> cells = new ArrayList<>(labels);
        Labels all =
                new LabelParser(source.location(), "label", RowPositions.counted(source.location())).parse(cells, use);
        return new ClassNumbers(
                all instanceof Labels.Classes classes ? classes.names() : List.of(), all instanceof Labels.Numbers);
    }

    /** Returns a chunk's rows with labels of the kind that the labels of all rows have. */
    Dataset number(Dataset chunk) {
        if (numbers) {
            return chunk.asNumbers();
        }
        if (names.isEmpty() || !(chunk.labels() instanceof Labels.Classes classes)) {
            return chunk;
        }
        if (!classes.names().isEmpty()) {
            return chunk.withClassNames(names);
        }
        // all labels of this chunk are digits, but other chunks have labels that are not: then digits are names, too
        int[] values = IntStream.range(0, classes.size())
                .map(row -> names.indexOf(classes.text(row)))
                .toArray();
        return chunk.withLabels(new Labels.Classes(values, names));
    }
}
