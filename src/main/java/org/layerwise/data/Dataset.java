package org.layerwise.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.image.ImageSource;

/**
 * Rows of text (or of two texts each), or of token ids if the data are pre-tokenised, in file order, with their labels.
 * Immutable; held in memory. New rows are made by {@link #ofTexts} and {@link #ofTokens}.
 *
 * @param name short name: the name of the file without its ending, or of the sample task
 * @param location path of the file as it was given, or the sample task as in {@code sample:definitions}
 * @param columns names of all columns of the source, including those that were not read
 * @param texts the (first) text of each row; empty if the data are pre-tokenised
 * @param secondTexts the second text of each row; null if there is one text per row
 * @param tokenRows the tokens of each row; empty if the data are text
 * @param images the encoded image of each row; null if there are no images
 * @param form form of the texts, which decides how the input of the tokenizer is built
 * @param places positions of the rows in their files
 * @param used columns that the rows were read from; {@link ColumnMapping#DEFAULTS} if they are not from a file
 */
public record Dataset(
        String name,
        String location,
        List<String> columns,
        List<String> texts,
        @Nullable List<String> secondTexts,
        List<TokenRow> tokenRows,
        Labels labels,
        @Nullable List<ImageSource> images,
        TextForm form,
        RowPositions places,
        ColumnMapping used) {

    public Dataset {
        columns = List.copyOf(columns);
        texts = List.copyOf(texts);
        secondTexts = secondTexts == null ? null : List.copyOf(secondTexts);
        tokenRows = List.copyOf(tokenRows);
        images = images == null ? null : List.copyOf(images);
        int size = tokenRows.isEmpty() ? texts.size() : tokenRows.size();
        boolean labelled = !(labels instanceof Labels.None);
        if ((labelled && labels.size() != size) || (secondTexts != null && secondTexts.size() != texts.size())) {
            throw new IllegalArgumentException("texts and labels must have the same number of rows");
        }
        if (images != null && images.size() != size) {
            throw new IllegalArgumentException("texts and images must have the same number of rows");
        }
    }

    /**
     * Creates a dataset of texts.
     *
     * @param name short name of the data, as files and tables show it
     * @param location the file or the sample task, as messages name it
     * @param columns names of all columns of the source
     * @param secondTexts the second text of each row, or null
     */
    public static Dataset ofTexts(
            String name,
            String location,
            List<String> columns,
            List<String> texts,
            @Nullable List<String> secondTexts,
            Labels labels) {
        return new Dataset(
                name,
                location,
                columns,
                texts,
                secondTexts,
                List.of(),
                labels,
                null,
                TextForm.PLAIN,
                RowPositions.counted(location),
                ColumnMapping.DEFAULTS);
    }

    /** Creates a dataset of token ids. */
    public static Dataset ofTokens(
            String name, String location, List<String> columns, List<TokenRow> rows, Labels labels) {
        return new Dataset(
                name,
                location,
                columns,
                List.of(),
                null,
                rows,
                labels,
                null,
                TextForm.PLAIN,
                RowPositions.counted(location),
                ColumnMapping.DEFAULTS);
    }

    /** Row as shown to users: for rows of tokens, {@code text} contains the token ids. */
    public record Row(String text, @Nullable String secondText, String label) {}

    /** Returns the number of rows, at least 1 if a reader created this dataset. */
    public int size() {
        return pretokenized() ? tokenRows.size() : texts.size();
    }

    /** Returns true if the rows are token ids and not text. */
    public boolean pretokenized() {
        return !tokenRows.isEmpty();
    }

    /** Returns true if every row has a second text. */
    public boolean paired() {
        return secondTexts != null;
    }

    /** Returns a row for a preview. */
    public Row row(int index) {
        String text = pretokenized()
                ? LongStream.of(tokenRows.get(index).ids())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(" "))
                : texts.get(index);
        return new Row(text, secondTexts == null ? null : secondTexts.get(index), labels.text(index));
    }

    /**
     * Returns the labels.
     *
     * @throws UserException if there are none
     */
    public Labels requireLabels() {
        if (labels instanceof Labels.None) {
            throw new UserException("%s has no label column; name it with --label, its columns are %s."
                    .formatted(location, Excerpt.list(columns)));
        }
        return labels;
    }

    /**
     * Returns these rows with numbers as labels, for regression: classes that are whole numbers become numbers.
     *
     * @throws UserException if the labels are names, token labels or missing
     */
    public Dataset asNumbers() {
        Labels found = requireLabels();
        if (found instanceof Labels.Numbers) {
            return this;
        }
        if (found instanceof Labels.Classes classes && classes.numbered()) {
            return withLabels(new Labels.Numbers(
                    Arrays.stream(classes.values()).asDoubleStream().toArray()));
        }
        throw new UserException(
                "The labels of %s are no numbers (the first is \"%s\"); regression needs a number a row."
                        .formatted(location, Excerpt.text(found.text(0))));
    }

    /**
     * Returns these rows with the classes numbered as in a given list, such as the {@code id2label} of a checkpoint.
     * Named labels are looked up in the list; whole numbers without names keep their value and get these. The names that
     * a file gives its numbers may differ in case and in the separators of words.
     *
     * @throws UserException if a label is not in the list, or if the labels are not classes
     */
    public Dataset withClassNames(List<String> names) {
        Labels.Classes classes = requireClasses();
        if (classes.names().isEmpty()) {
            requireClassesBelow(names.size());
            return withLabels(new Labels.Classes(classes.values(), names, true));
        }
        ClassIndices indices =
                classes.numbered() ? ClassIndices.ofAnySpelling(names, classes.names()) : ClassIndices.of(names);
        Set<String> once = new HashSet<>();
        Set<String> twice = names.stream().filter(name -> !once.add(name)).collect(Collectors.toSet());
        int[] values = new int[classes.size()];
        for (int row = 0; row < values.length; row++) {
            if (twice.contains(classes.text(row))) {
                throw new UserException(
                        "Label \"%s\" in %s is the name of two of the known classes %s; give each class a name of its own in id2label of config.json, or in labels.json."
                                .formatted(Excerpt.text(classes.text(row)), place(row), Excerpt.list(names)));
            }
            Integer index = indices.get(classes.text(row));
            if (index == null) {
                throw new UserException("Label \"%s\" in %s is not one of the known classes %s%s."
                        .formatted(
                                Excerpt.text(classes.text(row)),
                                place(row),
                                Excerpt.list(names),
                                classes.numbered()
                                        ? "; name its classes like these, or remove the names from the file to keep its numbers"
                                        : ""));
            }
            values[row] = index;
        }
        return withLabels(new Labels.Classes(values, names, classes.numbered()));
    }

    /**
     * Makes sure that no label is the number of one class and the name of another: the classes of a head may be named
     * "1" to "5", or "1.0" to "5.0", and numbered 0 to 4.
     *
     * @param names names of the head's classes
     * @throws UserException if a label means one class by its number and another by its name
     */
    public void requireNoNamesOfOthers(List<String> names) {
        if (!(labels instanceof Labels.Classes classes)) {
            return;
        }
        Map<Double, Integer> indices = numericIndices(names);
        for (int row = 0; row < classes.size(); row++) {
            int named = indices.getOrDefault((double) classes.of(row), classes.of(row));
            if (named != classes.of(row)) {
                throw new UserException(
                        "Label %s in %s is the number of one class and the name of another, class %s (%s); give the classes other names in the model's id2label, such as \"%1$s stars\", and label the rows by them."
                                .formatted(classes.text(row), place(row), named, Excerpt.list(names)));
            }
        }
    }

    /** Returns the indices of the classes whose names are numbers, in any spelling, by number. */
    private static Map<Double, Integer> numericIndices(List<String> names) {
        Map<Double, Integer> indices = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).strip();
            if (Labels.NUMBER.matcher(name).matches()) {
                indices.putIfAbsent(Double.valueOf(name) + 0.0, i); // -0 is 0
            }
        }
        return indices;
    }

    /**
     * Makes sure that a head with {@code outputs} outputs has one for every label.
     *
     * @throws UserException if a label is outside the range of the head, or if the labels are not classes
     */
    public void requireClassesBelow(int outputs) {
        Labels.Classes classes = requireClasses();
        for (int row = 0; row < classes.size(); row++) {
            if (classes.of(row) >= outputs) {
                throw new UserException(
                        "Label %s in %s is outside the range of the model's head, which has %s (0 to %s)."
                                .formatted(
                                        Excerpt.text(classes.text(row)),
                                        place(row),
                                        outputs == 1 ? "1 class" : outputs + " classes",
                                        outputs - 1));
            }
        }
    }

    private Labels.Classes requireClasses() {
        if (requireLabels() instanceof Labels.Classes classes) {
            return classes;
        }
        throw new UserException("The labels of %s are no classes; classification needs a whole number or a name a row."
                .formatted(location));
    }

    /** Returns these rows with other labels. */
    public Dataset withLabels(Labels other) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, other, images, form, places, used);
    }

    /** Returns these rows with an image each. */
    public Dataset withImages(List<ImageSource> ofRows) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, labels, ofRows, form, places, used);
    }

    /** Returns these rows with other texts, one per row, such as the prompts that are built from them. */
    public Dataset withTexts(List<String> others) {
        if (pretokenized()) {
            throw new IllegalArgumentException(location + " holds tokens and no texts");
        }
        return new Dataset(
                name, location, columns, others, null, tokenRows, labels, images, TextForm.PLAIN, places, used);
    }

    /** Returns these rows with another form of their texts. */
    public Dataset withForm(TextForm other) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, labels, images, other, places, used);
    }

    /** Returns these rows with other positions in files. */
    public Dataset withPlaces(RowPositions others) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, labels, images, form, others, used);
    }

    /** Returns these rows with other columns that they were read from. */
    public Dataset withUsed(ColumnMapping others) {
        return new Dataset(
                name, location, columns, texts, secondTexts, tokenRows, labels, images, form, places, others);
    }

    /**
     * Returns some of the rows in the given order; messages still use the row numbers of the file.
     *
     * @param rows indices from 0
     */
    public Dataset select(int[] rows) {
        return new Dataset(
                name,
                location,
                columns,
                pretokenized() ? List.of() : selected(texts, rows),
                secondTexts == null ? null : selected(secondTexts, rows),
                pretokenized() ? selected(tokenRows, rows) : List.of(),
                labels.select(rows),
                images == null ? null : selected(images, rows),
                form,
                places.select(rows),
                used);
    }

    private static <T> List<T> selected(List<T> all, int[] rows) {
        return Arrays.stream(rows).mapToObj(all::get).toList();
    }

    /** Returns the position of a row for messages: {@code row 5 of data.tsv}. */
    public String place(int row) {
        return places.of(row);
    }

    /** Returns the position of a row, as {@link #place} does, for the start of a sentence. */
    public String placeAtStart(int row) {
        return places.at(row);
    }

    /** Returns the number of a row in its file, from 1; differs from the index if rows were drawn. */
    public long number(int row) {
        return places.number(row);
    }
}
