package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.Excerpt;
import org.layerwise.data.LabelUse;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.TextForm;
import org.layerwise.data.TokenRow;

/**
 * Uses of the columns of one file.
 *
 * @param file file as messages name it
 * @param all all columns of the file
 * @param form form of the texts, which decides how a prompt is built
 * @param tokens true if the rows are token ids
 * @param texts the text columns, or the columns of an image question or of token ids, in the order that {@code form}
 *     requires; then those that must be empty
 * @param label label column; null for none
 * @param classNames names that the file gives the numbers of the label column, by number; empty for none
 * @param images image column; null for none
 * @param onlyWithImage true if rows without an image are left out
 * @param onlyWhole true if lines with too few fields are left out
 */
record ColumnRoles(
        Path file,
        List<Column> all,
        TextForm form,
        boolean tokens,
        List<String> texts,
        @Nullable String label,
        List<String> classNames,
        @Nullable ImageColumn images,
        boolean onlyWithImage,
        boolean onlyWhole) {

    static final String IMAGE = "image";
    static final String CHOICES = "choices";
    static final String ANSWER = "answer";
    static final String HINT = "hint";

    /**
     * Finds the roles of the columns of a file.
     *
     * @throws UserException if a column is missing, or contains values that its role does not allow
     */
    static ColumnRoles of(Path file, List<Column> all, DataSource source, LabelUse use) {
        ColumnResolver columns =
                new ColumnResolver(file, all.stream().map(Column::name).toList());
        ColumnMapping mapping = source.columns();
        TaskPreset preset = source.preset();
        boolean tokens = preset == null && columns.pretokenized(mapping);
        String label;
        List<String> texts;
        if (preset == null) {
            label = columns.label(mapping, use).orElse(null);
            texts = tokens ? tokenColumns(columns) : columns.text(mapping).names();
        } else {
            TaskPreset.Layout layout = columns.layout(preset, mapping);
            label = label(file, preset, layout, use, columns);
            texts = new ArrayList<>(List.of(layout.first()));
            Optional.ofNullable(layout.second()).ifPresent(texts::add);
            texts.addAll(columns.unused(preset, mapping));
        }
        boolean question = preset == TaskPreset.SCIENCE_QA;
        if (question) {
            texts.add(columns.require(CHOICES));
            texts.add(columns.require(ANSWER));
            columns.find(HINT).ifPresent(texts::add);
        }
        Optional<String> image = columns.image(mapping);
        if (question && image.isEmpty()) {
            image = Optional.of(columns.require(IMAGE));
        }
        ColumnRoles roles = new ColumnRoles(
                file,
                List.copyOf(all),
                preset == null ? TextForm.PLAIN : preset.form(),
                tokens,
                List.copyOf(texts),
                label,
                List.of(),
                image.map(name -> images(file, column(all, name))).orElse(null),
                question,
                leavesOutBroken(preset, file));
        roles.check();
        return roles;
    }

    /**
     * Returns true if a kind of dataset leaves out some rows of a file, so that the number of rows alone does not
     * identify them.
     */
    static boolean filters(@Nullable TaskPreset preset, Path file) {
        return preset == TaskPreset.SCIENCE_QA || leavesOutBroken(preset, file);
    }

    /** Returns true if broken lines are left out: GLUE's own files have lines with too few fields. */
    static boolean leavesOutBroken(@Nullable TaskPreset preset, Path file) {
        return preset != null && preset.isGlue() && FileFormat.of(file) == FileFormat.TSV;
    }

    private static @Nullable String label(
            Path file, TaskPreset preset, TaskPreset.Layout layout, LabelUse use, ColumnResolver columns) {
        if (use == LabelUse.IGNORE || (use == LabelUse.AUTO && layout.label() == null)) {
            return null;
        }
        boolean needed = use != LabelUse.AUTO;
        if (needed && !preset.isGlue()) {
            throw new UserException("%s is read as %s, which has no labels; name another preset, or none."
                    .formatted(file, preset.title()));
        }
        if (layout.label() == null) {
            throw new UserException("%s has no label column of %s; name it with --label, its columns are %s."
                    .formatted(file, preset.title(), Excerpt.list(columns.columns())));
        }
        return layout.label();
    }

    private static List<String> tokenColumns(ColumnResolver columns) {
        List<String> names = new ArrayList<>(List.of(ColumnResolver.INPUT_IDS));
        for (String optional : List.of(TokenRow.TYPE_IDS, ColumnResolver.ATTENTION_MASK, ColumnResolver.POSITION_IDS)) {
            if (columns.has(optional)) {
                names.add(optional);
            }
        }
        return names;
    }

    private static Column column(List<Column> all, String name) {
        return all.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ImageColumn images(Path file, Column column) {
        return FileFormat.of(file) == FileFormat.PARQUET
                ? ImageColumn.ofType(file, column.name(), column.type())
                : new ImageColumn(file, column.name(), ImageColumn.Kind.TEXT);
    }

    /** Returns the columns that each row's texts, label and image are read from. */
    ColumnMapping used() {
        boolean two = !tokens && texts.size() > 1 && (form == TextForm.PLAIN || form == TextForm.INSTRUCTION);
        return new ColumnMapping(
                texts.get(0), two ? texts.get(1) : null, label, images == null ? null : images.column());
    }

    /** Returns the columns with more of an instruction or a conversation, which must be empty. */
    List<String> unused() {
        int used =
                switch (form) {
                    case INSTRUCTION -> 2;
                    case CHAT -> 1;
                    default -> texts.size();
                };
        return texts.subList(used, texts.size());
    }

    /** Returns the text columns whose cells may be no lists and no objects. */
    List<String> flat() {
        return tokens || form == TextForm.CHAT
                ? List.of()
                : texts.stream()
                        .filter(text -> !(form == TextForm.IMAGE_QUESTION && text.equals(CHOICES)))
                        .filter(text -> !unused().contains(text))
                        .toList();
    }

    /** Returns the label column; null for none. */
    @Nullable
    Column labelColumn() {
        return label == null ? null : column(all, label);
    }

    /** Returns these roles with the names of the classes, by their number. */
    ColumnRoles withClassNames(List<String> names) {
        return new ColumnRoles(file, all, form, tokens, texts, label, names, images, onlyWithImage, onlyWhole);
    }

    /** Returns all columns to read, each once, since the text and the label may be the same column. */
    List<String> names() {
        List<String> names = new ArrayList<>(texts);
        if (label != null && !names.contains(label)) {
            names.add(label);
        }
        if (images != null) {
            names.add(images.column());
        }
        return names.stream().distinct().toList();
    }

    /** Returns SQL expressions, by column, for columns that a plain cast does not convert well to text. */
    Map<String, String> expressions() {
        Map<String, String> expressions = new HashMap<>();
        for (String text : texts) {
            Column column = column(all, text);
            if (!tokens && (column.lists() || column.objects())) {
                expressions.put(text, "CAST(to_json(%s) AS VARCHAR)".formatted(DuckDb.name(text)));
            }
        }
        if (images != null) {
            expressions.put(images.column(), images.expression());
        }
        return expressions;
    }

    /**
     * Makes sure that another file of the same data can be read together with this file.
     *
     * @throws UserException if the other file has other columns, or other names of the classes
     */
    void requireSame(ColumnRoles other) {
        if (!other.names().equals(names())) {
            throw new UserException("%s and %s have different columns (%s; %s); read them one by one."
                    .formatted(file, other.file, listed(all), listed(other.all)));
        }
        requireSameClassNames(other);
        for (String name : names()) {
            Column mine = column(all, name);
            Column its = column(other.all, name);
            if (mine.lists() != its.lists() || mine.objects() != its.objects()) {
                throw new UserException("Column \"%s\" holds %s in %s and %s in %s; read the files one by one."
                        .formatted(
                                Excerpt.text(name),
                                Excerpt.text(mine.type()),
                                file,
                                Excerpt.text(its.type()),
                                other.file));
            }
        }
    }

    private void requireSameClassNames(ColumnRoles other) {
        if (!other.classNames.equals(classNames)) {
            throw new UserException("%s and %s name their classes differently (%s; %s); read them one by one."
                    .formatted(file, other.file, listedNames(classNames), listedNames(other.classNames)));
        }
    }

    private static String listedNames(List<String> names) {
        return names.isEmpty() ? "by number alone" : Excerpt.list(names);
    }

    private static String listed(List<Column> columns) {
        return Excerpt.list(columns.stream().map(Column::name).toList());
    }

    private void check() {
        if (images != null
                && (texts.contains(images.column()) || images.column().equals(label))) {
            throw new UserException(
                    "Column \"%s\" of %s cannot hold the images and something else as well; name another one."
                            .formatted(Excerpt.text(images.column()), file));
        }
        if (label != null) {
            Column column = column(all, label);
            if (column.lists() ? !tokens : column.objects() || column.bytes()) {
                throw new UserException(
                        "Column \"%s\" of %s holds %s and no labels, which are numbers or names; name another column with --label."
                                .formatted(Excerpt.text(label), file, column.kind()));
            }
        }
        for (String text : texts) {
            Column column = column(all, text);
            boolean nested = column.lists() || column.objects();
            if ((nested && flat().contains(text)) || column.bytes()) {
                throw new UserException("Column \"%s\" of %s holds %s and no text; name another column with --text."
                        .formatted(Excerpt.text(text), file, column.kind()));
            }
        }
    }
}
