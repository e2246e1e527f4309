package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Progress;
import org.layerwise.base.UserException;
import org.layerwise.data.LabelUse;
import org.layerwise.data.SampleChoice;

/** Chooses the rows of a source by counts and labels alone; texts and images are read only for the chosen rows. */
record RowPlan(DataFiles files, DataSource source, LabelUse use, DataFileOpener shards, Progress progress) {

    /**
     * Returns the rows of each file, in the order of the files. If the rows of a file are not listed, it is read from
     * its first row until there are enough rows.
     *
     * @throws UserException if a file is broken, or classes are needed and missing
     */
    List<RowSelection> takes() {
        Integer limit = source.limit();
        if (limit == null) {
            return first(null);
        }
        return switch (source.sampling()) {
            case FIRST -> first(limit);
            case RANDOM -> random(limit);
            case STRATIFIED -> stratified(limit);
        };
    }

    private List<RowSelection> first(@Nullable Integer limit) {
        List<RowSelection> takes = new ArrayList<>();
        long left = limit == null ? Long.MAX_VALUE : limit;
        for (Path file : files.files()) {
            progress.check();
            if (left <= 0) {
                break;
            }
            if (!ColumnRoles.filters(source.preset(), file)) {
                takes.add(new RowSelection(file, null, null));
                continue;
            }
            try (DataFile shard = shards.open(file, use, false)) {
                long[] rows = shard.candidates(limit == null ? null : left);
                takes.add(new RowSelection(file, null, rows));
                left -= rows.length;
            }
        }
        return takes;
    }

    private List<RowSelection> random(int limit) {
        List<long @Nullable []> candidates = new ArrayList<>();
        long[] sizes = new long[files.files().size()];
        for (Path file : files.files()) {
            progress.check();
            try (DataFile shard = shards.open(file, use, false)) {
                long[] rows = ColumnRoles.filters(source.preset(), file) ? shard.candidates(null) : null;
                sizes[candidates.size()] = rows == null ? shard.size() : rows.length;
                candidates.add(rows);
            }
        }
        long[] chosen = SampleChoice.random(Arrays.stream(sizes).sum(), limit, source.seed());
        List<RowSelection> takes = new ArrayList<>();
        long before = 0;
        int next = 0; // the chosen rows ascend
        for (int i = 0; i < sizes.length; i++) {
            long start = before;
            long end = before + sizes[i];
            long[] rows = candidates.get(i);
            int from = next;
            while (next < chosen.length && chosen[next] < end) {
                next++;
            }
            takes.add(new RowSelection(
                    files.files().get(i),
                    null,
                    Arrays.stream(chosen, from, next)
                            .map(row -> rows == null ? row - start : rows[(int) (row - start)])
                            .toArray()));
            before = end;
        }
        return takes;
    }

    private List<RowSelection> stratified(int limit) {
        if (source.preset() != null && source.preset().numbers()) {
            throw new UserException(
                    "The labels of %s are numbers, and only classes can be sampled in their shares; use --sampling random."
                            .formatted(source.location()));
        }
        Map<String, Long> counts = new TreeMap<>();
        for (Path file : files.files()) {
            progress.check();
            try (DataFile shard = shards.open(file, LabelUse.CLASSES, false)) {
                shard.labelCounts().forEach((label, count) -> counts.merge(label, count, Long::sum));
            }
        }
        if (counts.size() > LabelParser.MOST_CLASSES) {
            throw new UserException(
                    "%s has %s different labels, too many to sample each in its share; use --sampling random."
                            .formatted(source.location(), counts.size()));
        }
        long[][] places = SampleChoice.stratified(
                counts.values().stream().mapToLong(Long::longValue).toArray(), limit, source.seed());
        Map<String, ClassPlaces> byLabel = new TreeMap<>();
        for (String label : counts.keySet()) {
            byLabel.put(label, new ClassPlaces(places[byLabel.size()]));
        }
        List<RowSelection> takes = new ArrayList<>();
        for (Path file : files.files()) {
            takes.add(new RowSelection(file, null, chosen(file, byLabel)));
        }
        if (byLabel.values().stream().anyMatch(ClassPlaces::left)) {
            throw new UserException("%s changed while it was read, or is damaged; copy or download it again."
                    .formatted(source.location()));
        }
        return takes;
    }

    private long[] chosen(Path file, Map<String, ClassPlaces> byLabel) {
        List<Long> rows = new ArrayList<>();
        try (DataFile shard = shards.open(file, LabelUse.CLASSES, true);
                RowCursor cursor = shard.labels()) {
            long seen = 0;
            for (@Nullable String[] cells = cursor.next(); cells != null; cells = cursor.next()) {
                if (++seen % 10_000 == 0) {
                    progress.check();
                }
                ClassPlaces places = byLabel.get(DataFile.label(cells[1]));
                if (places != null && places.take()) {
                    rows.add(Long.parseLong(String.valueOf(cells[0])));
                }
            }
        }
        return rows.stream().mapToLong(Long::longValue).toArray();
    }

    /** Iterator over the rows of one class that decides for each row if it is chosen. */
    private static final class ClassPlaces {

        private final long[] chosen;
        private long row;
        private int next;

        ClassPlaces(long[] chosen) {
            this.chosen = chosen;
        }

        boolean take() {
            boolean taken = next < chosen.length && chosen[next] == row;
            row++;
            next += taken ? 1 : 0;
            return taken;
        }

        boolean left() {
            return next < chosen.length;
        }
    }
}
