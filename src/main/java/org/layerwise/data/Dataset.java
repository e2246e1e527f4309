package org.layerwise.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.image.ImageSource;

/**
 * Rows of text (or of two texts each), or of token ids where the data were tokenised before, in file order, with their
 * labels. Immutable; held in memory.
 */
public final class Dataset {

    private final String name;
    private final String location;
    private final List<String> columns;
    private final List<String> texts;
    private final @Nullable List<String> secondTexts;
    private final List<TokenRow> tokenRows;
    private final Labels labels;
    private final @Nullable List<ImageSource> images;
    private final TextForm form;
    private final RowPlaces places;

    private Dataset(
            String name,
            String location,
            List<String> columns,
            List<String> texts,
            @Nullable List<String> secondTexts,
            List<TokenRow> tokenRows,
            Labels labels,
            @Nullable List<ImageSource> images,
            TextForm form,
            RowPlaces places) {
        this.name = name;
        this.location = location;
        this.columns = List.copyOf(columns);
        this.texts = List.copyOf(texts);
        this.secondTexts = secondTexts == null ? null : List.copyOf(secondTexts);
        this.tokenRows = List.copyOf(tokenRows);
        this.labels = labels;
        this.images = images == null ? null : List.copyOf(images);
        this.form = form;
        this.places = places;
        boolean labelled = !(labels instanceof Labels.None);
        if ((labelled && labels.size() != size()) || (secondTexts != null && secondTexts.size() != texts.size())) {
            throw new IllegalArgumentException("texts and labels must have the same number of rows");
        }
        if (images != null && images.size() != size()) {
            throw new IllegalArgumentException("texts and images must have the same number of rows");
        }
    }

    /**
     * Rows of text.
     *
     * @param name short name of the data, as files and tables show it
     * @param location the file or the sample task, as messages name it
     * @param columns names of all columns that are there
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
                RowPlaces.counted(location));
    }

    /** Rows of token ids. */
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
                RowPlaces.counted(location));
    }

    /**
     * One row as people see it: for rows of tokens, {@code text} is the token ids. The image is its file's name or its size;
     * null where there are no images.
     */
    public record Row(String text, @Nullable String secondText, String label, @Nullable String image) {

        /** Without an image. */
        public Row(String text, @Nullable String secondText, String label) {
            this(text, secondText, label, null);
        }
    }

    /** Short name: the file's without its ending, or the sample task's. */
    public String name() {
        return name;
    }

    /** The file's path as it was given, or the sample task as in {@code sample:definitions}. */
    public String location() {
        return location;
    }

    /** The names of all columns of the source, also of those that were not read. */
    public List<String> columns() {
        return columns;
    }

    /** Number of rows, at least 1 where a reader made this. */
    public int size() {
        return pretokenized() ? tokenRows.size() : texts.size();
    }

    /** Whether the rows are token ids and no text. */
    public boolean pretokenized() {
        return !tokenRows.isEmpty();
    }

    /** Whether every row has a second text. */
    public boolean paired() {
        return secondTexts != null;
    }

    /** The (first) text of each row; empty where the data are pre-tokenised. */
    public List<String> texts() {
        return texts;
    }

    /** The second text of each row, or null where there is one text a row. */
    public @Nullable List<String> secondTexts() {
        return secondTexts;
    }

    /** The tokens of each row; empty where the data are text. */
    public List<TokenRow> tokenRows() {
        return tokenRows;
    }

    /** The image of each row, encoded, or null where there are none. */
    public @Nullable List<ImageSource> images() {
        return images;
    }

    public Labels labels() {
        return labels;
    }

    /** A row for a preview. */
    public Row row(int index) {
        String text = pretokenized()
                ? LongStream.of(tokenRows.get(index).ids())
                        .mapToObj(Long::toString)
                        .collect(Collectors.joining(" "))
                : texts.get(index);
        return new Row(
                text,
                secondTexts == null ? null : secondTexts.get(index),
                labels.text(index),
                images == null ? null : images.get(index).text());
    }

    /**
     * The labels, which must be there.
     *
     * @throws UserException if there are none
     */
    public Labels requireLabels() {
        if (labels instanceof Labels.None) {
            throw new UserException("%s has no label column; name it with --label, its columns are %s."
                    .formatted(location, Shown.list(columns)));
        }
        return labels;
    }

    /**
     * The same rows with numbers for labels, as regression needs them: classes that are whole numbers become these.
     *
     * @throws UserException if the labels are names, token labels or missing
     */
    public Dataset asNumbers() {
        Labels found = requireLabels();
        if (found instanceof Labels.Numbers) {
            return this;
        }
        if (found instanceof Labels.Classes classes && classes.names().isEmpty()) {
            return withLabels(new Labels.Numbers(
                    Arrays.stream(classes.values()).asDoubleStream().toArray()));
        }
        throw new UserException(
                "The labels of %s are no numbers (the first is \"%s\"); regression needs a number a row."
                        .formatted(location, Shown.text(found.text(0))));
    }

    /**
     * The same rows with the classes numbered as in a given list, such as a checkpoint's {@code id2label}. Named labels are
     * looked up in it; whole numbers keep their value and get the names.
     *
     * @throws UserException if a label is not in the list, or if the labels are no classes
     */
    public Dataset withClassNames(List<String> names) {
        Labels.Classes classes = requireClasses();
        if (classes.names().isEmpty()) {
            requireClassesBelow(names.size());
            return withLabels(new Labels.Classes(classes.values(), names));
        }
        Map<String, Integer> indices = indices(names);
        int[] values = new int[classes.size()];
        for (int row = 0; row < values.length; row++) {
            Integer index = indices.get(classes.text(row));
            if (index == null) {
                throw new UserException("Label \"%s\" in %s is not one of the known classes %s."
                        .formatted(Shown.text(classes.text(row)), place(row), Shown.list(names)));
            }
            values[row] = index;
        }
        return withLabels(new Labels.Classes(values, names));
    }

    /**
     * Makes sure that no class is numbered as another one is named: a head's classes may be called "1" to "5", and are 0 to 4.
     *
     * @param names of the head's classes
     * @throws UserException if a label means one class by its number and another by its name
     */
    public void requireNoNamesOfOthers(List<String> names) {
        if (!(labels instanceof Labels.Classes classes)) {
            return;
        }
        Map<String, Integer> indices = indices(names);
        for (int row = 0; row < classes.size(); row++) {
            int named = indices.getOrDefault(classes.text(row), classes.of(row));
            if (named != classes.of(row)) {
                throw new UserException(
                        "Label %s in %s is the number of one class and the name of another, class %s (%s); give the classes other names in the model's id2label, such as \"%1$s stars\", and label the rows by them."
                                .formatted(classes.text(row), place(row), named, Shown.list(names)));
            }
        }
    }

    /**
     * Makes sure that a head with so many outputs has one for every label.
     *
     * @throws UserException if a label is outside its range, or if the labels are no classes
     */
    public void requireClassesBelow(int outputs) {
        Labels.Classes classes = requireClasses();
        for (int row = 0; row < classes.size(); row++) {
            if (classes.of(row) >= outputs) {
                throw new UserException(
                        "Label %s in %s is outside the range of the model's head, which has %s (0 to %s)."
                                .formatted(
                                        Shown.text(classes.text(row)),
                                        place(row),
                                        outputs == 1 ? "1 class" : outputs + " classes",
                                        outputs - 1));
            }
        }
    }

    private static Map<String, Integer> indices(List<String> names) {
        Map<String, Integer> indices = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            indices.putIfAbsent(names.get(i), i);
        }
        return indices;
    }

    private Labels.Classes requireClasses() {
        if (requireLabels() instanceof Labels.Classes classes) {
            return classes;
        }
        throw new UserException("The labels of %s are no classes; classification needs a whole number or a name a row."
                .formatted(location));
    }

    /** The same rows with other labels. */
    Dataset withLabels(Labels other) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, other, images, form, places);
    }

    /** The same rows with an image each. */
    public Dataset withImages(List<ImageSource> ofRows) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, labels, ofRows, form, places);
    }

    /** The same rows with other texts, one a row, such as the prompts that are made of them. */
    public Dataset withTexts(List<String> others) {
        if (pretokenized()) {
            throw new IllegalArgumentException(location + " holds tokens and no texts");
        }
        return new Dataset(name, location, columns, others, null, tokenRows, labels, images, TextForm.PLAIN, places);
    }

    /** The same rows, whose texts are of another form. */
    Dataset withForm(TextForm other) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, labels, images, other, places);
    }

    /** The same rows, which stand elsewhere. */
    Dataset withPlaces(RowPlaces others) {
        return new Dataset(name, location, columns, texts, secondTexts, tokenRows, labels, images, form, others);
    }

    /**
     * Some of the rows, in the order that is given; messages go on calling them by their numbers in the file.
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
                places.select(rows));
    }

    private static <T> List<T> selected(List<T> all, int[] rows) {
        return Arrays.stream(rows).mapToObj(all::get).toList();
    }

    RowPlaces places() {
        return places;
    }

    /** Where a row stands, for messages: {@code row 5 of data.tsv}. */
    public String place(int row) {
        return places.of(row);
    }

    /** The same where a sentence starts. */
    public String placeAtStart(int row) {
        return places.at(row);
    }

    /** The number of a row in its file, from 1; not its index where rows were drawn. */
    public long number(int row) {
        return places.number(row);
    }

    /** How the texts become what a tokenizer gets. */
    public TextForm form() {
        return form;
    }
}
