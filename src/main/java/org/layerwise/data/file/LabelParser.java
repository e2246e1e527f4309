package org.layerwise.data.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.data.Excerpt;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.RowPositions;
import org.layerwise.data.TokenLists;
import org.layerwise.data.TokenRow;

/**
 * Parses labels from the text of a column.
 *
 * @param location name of the data in messages
 */
record LabelParser(String location, String column, RowPositions places) {

    private static final Pattern WHOLE = Pattern.compile("[+-]?\\d+");

    // a head with more outputs would take much memory: so many different labels are numbers, or names of rows
    static final int MOST_CLASSES = 10_000;

    /**
     * Parses one label per row.
     *
     * @throws UserException if a label is missing or not of the requested kind
     */
    Labels parse(List<@Nullable String> cells, LabelUse use) {
        List<String> labels = present(cells);
        requireFlat(labels);
        boolean whole = labels.stream().allMatch(label -> WHOLE.matcher(label).matches());
        requireOneKind(labels, use);
        boolean numbers = whole
                || labels.stream()
                        .allMatch(label -> Labels.NUMBER.matcher(label).matches());
        return switch (use) {
            case IGNORE -> new Labels.None();
            case NUMBERS -> numbers(labels);
            case CLASSES -> numbers ? classes(labels) : names(labels);
            case AUTO -> whole ? classes(labels) : numbers ? numbers(labels) : names(labels);
        };
    }

    /** Refuses names mixed with numbers, which are mostly a mistake and would create an unwanted class. */
    private void requireOneKind(List<String> labels, LabelUse use) {
        if (use == LabelUse.IGNORE || use == LabelUse.NUMBERS) {
            return;
        }
        Optional<String> number = labels.stream()
                .filter(label -> Labels.NUMBER.matcher(label).matches())
                .findFirst();
        Optional<String> name = labels.stream()
                .filter(label -> !Labels.NUMBER.matcher(label).matches())
                .findFirst();
        if (number.isPresent() && name.isPresent()) {
            throw new UserException(
                    "Column \"%s\" of %s mixes numbers (\"%s\") and names (\"%s\"); make all its labels the one or the other."
                            .formatted(
                                    Excerpt.text(column),
                                    location,
                                    Excerpt.text(number.get()),
                                    Excerpt.text(name.get())));
        }
    }

    /**
     * Parses one label per token.
     *
     * @throws UserException if a row has no list of whole numbers, or a list of another length than its tokens
     */
    Labels parseTokens(List<@Nullable String> cells, List<TokenRow> rows) {
        List<String> labels = present(cells);
        long[][] values = new long[labels.size()][];
        for (int row = 0; row < values.length; row++) {
            values[row] = TokenLists.parse(places, column, row, labels.get(row));
            if (values[row].length != rows.get(row).length()) {
                throw new UserException("%s has %s %s for %s %s; there must be as many."
                        .formatted(
                                places.at(row),
                                values[row].length,
                                column,
                                rows.get(row).length(),
                                ColumnResolver.INPUT_IDS));
            }
        }
        return new Labels.TokenLabels(values);
    }

    private List<String> present(List<@Nullable String> cells) {
        List<String> labels = new ArrayList<>(cells.size());
        for (int row = 0; row < cells.size(); row++) {
            String cell = cells.get(row);
            if (cell == null || cell.isBlank()) {
                throw new UserException("%s has no label in column \"%s\"; fill it in or leave the row out."
                        .formatted(places.at(row), Excerpt.text(column)));
            }
            String label = cell.strip();
            if (label.equalsIgnoreCase("nan")) {
                throw new UserException(
                        "%s in %s is no label; fill in another or leave the row out.".formatted(label, places.of(row)));
            }
            labels.add(label);
        }
        return labels;
    }

    /** Refuses JSON's objects and lists, which are read as text and would otherwise count as names. */
    private void requireFlat(List<String> labels) {
        for (int row = 0; row < labels.size(); row++) {
            String label = labels.get(row);
            boolean object = label.startsWith("{");
            if ((object || label.startsWith("[")) && isJson(label)) {
                throw new UserException(
                        "Label %s in %s is %s, and not a number or a name; name another column with --label."
                                .formatted(Excerpt.text(label), places.of(row), object ? "an object" : "a list"));
            }
        }
    }

    private static boolean isJson(String text) {
        try {
            Json.parseStrict(text);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Labels names(List<String> labels) {
        List<String> names = List.copyOf(new TreeSet<>(labels));
        if (names.size() > MOST_CLASSES) {
            throw new UserException(
                    "Column \"%s\" of %s holds %s different names, and at most %s classes are possible; name another column with --label."
                            .formatted(Excerpt.text(column), location, names.size(), MOST_CLASSES));
        }
        int[] values = labels.stream().mapToInt(label -> indexOf(names, label)).toArray();
        return new Labels.Classes(values, names);
    }

    private static int indexOf(List<String> sorted, String name) {
        return Collections.binarySearch(sorted, name);
    }

    private Labels classes(List<String> labels) {
        int[] values = new int[labels.size()];
        for (int row = 0; row < values.length; row++) {
            double value = Double.parseDouble(labels.get(row));
            if (value != Math.rint(value) || value < 0) {
                throw new UserException(
                        "Label %s in %s is no class; classes are names or whole numbers from 0 (numbers are for --task regression)."
                                .formatted(Excerpt.text(labels.get(row)), places.of(row)));
            }
            if (value >= MOST_CLASSES) {
                throw new UserException(
                        "Label %s in %s is too large for a class, of which at most %s are possible; use --task regression for numbers, or number the classes from 0."
                                .formatted(Excerpt.text(labels.get(row)), places.of(row), MOST_CLASSES));
            }
            values[row] = (int) value;
        }
        requireOneSpelling(labels, values);
        return new Labels.Classes(values, List.of());
    }

    /** Refuses whole numbers such as 01 and 1, which other programs keep apart as names. */
    private void requireOneSpelling(List<String> labels, int[] values) {
        Map<Integer, Integer> first = new HashMap<>();
        for (int row = 0; row < values.length; row++) {
            if (!WHOLE.matcher(labels.get(row)).matches()) {
                continue;
            }
            int earlier = Objects.requireNonNullElse(first.putIfAbsent(values[row], row), row);
            if (!labels.get(earlier).equals(labels.get(row))) {
                throw new UserException(
                        "Label %s in %s and %s in %s are the same class; write each class in one way, or name it in letters."
                                .formatted(labels.get(earlier), places.of(earlier), labels.get(row), places.of(row)));
            }
        }
    }

    private Labels numbers(List<String> labels) {
        double[] values = new double[labels.size()];
        for (int row = 0; row < values.length; row++) {
            String label = labels.get(row);
            values[row] = Labels.NUMBER.matcher(label).matches() ? Double.parseDouble(label) : Double.NaN;
            if (!Double.isFinite(values[row])) {
                throw new UserException("Label \"%s\" in %s is not a number; regression needs a number a row."
                        .formatted(Excerpt.text(label), places.of(row)));
            }
        }
        return new Labels.Numbers(values);
    }
}
