package org.layerwise.data.file;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.LabelUse;
import org.layerwise.data.Labels;
import org.layerwise.data.RowPositions;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.TokenLists;
import org.layerwise.data.TokenRow;
import org.layerwise.data.image.ImageSource;

/** Creates a dataset from the cells that were read. */
record DatasetBuilder(String name, DataSource source, LabelUse use) {

    // of the earlier turns of a first instruction, or of the tools of a conversation
    /** Texts of JSON that hold nothing. */
    private static final Set<String> EMPTY = Set.of("[]", "{}");

    /**
     * Creates the dataset.
     *
     * @throws UserException if a row lacks its text, its tokens or its label
     */
    Dataset of(ColumnRoles roles, RawColumns cells) {
        RowPositions places = cells.places();
        Dataset data = (roles.tokens() ? tokens(roles, cells, places) : texts(roles, cells, places))
                .withPlaces(places)
                .withUsed(roles.used());
        List<ImageSource> images = cells.images();
        return images == null ? data : data.withImages(images);
    }

    private static List<String> names(ColumnRoles roles) {
        return roles.all().stream().map(Column::name).toList();
    }

    private Dataset texts(ColumnRoles roles, RawColumns cells, RowPositions places) {
        List<String> columns = roles.texts();
        List<String> texts;
        List<String> seconds = null;
        switch (roles.form()) {
            case PLAIN -> {
                texts = cells.texts(columns.get(0));
                seconds = columns.size() == 1 ? null : cells.secondTexts(columns.get(1));
            }
            case INSTRUCTION -> {
                texts = cells.required(columns.get(0), "instruction");
                seconds = cells.required(columns.get(1), "output");
                requireEmpty(roles, cells, "its instruction", "which the prompt has no place for; add it to");
            }
            case CHAT -> {
                texts = cells.required(columns.get(0), "messages");
                requireEmpty(
                        roles,
                        cells,
                        "its conversation",
                        "which is not given to the chat template; add it to a turn of");
            }
            case IMAGE_QUESTION -> {
                ImageQuestions questions = ImageQuestions.of(columns, cells);
                texts = questions.texts();
                seconds = questions.answers();
            }
            default -> throw new IllegalStateException("no such form: " + roles.form());
        }
        Dataset data = Dataset.ofTexts(
                        name, source.location(), names(roles), texts, seconds, labels(roles, cells, places))
                .withForm(roles.form());
        return source.preset() == null ? data : numbered(data.withPlaces(places), source.preset());
    }

    /**
     * Refuses rows with text in a column that is not used.
     *
     * @param whole name of the text that such a column is a part of
     * @param way reason and way out, followed by the first column of the text
     */
    private static void requireEmpty(ColumnRoles roles, RawColumns cells, String whole, String way) {
        List<String> used = roles.texts().stream()
                .limit(roles.texts().size() - roles.unused().size())
                .map(Excerpt::text)
                .toList();
        for (String column : roles.unused()) {
            List<@Nullable String> texts = cells.of(column);
            for (int row = 0; row < texts.size(); row++) {
                String text = texts.get(row);
                if (text != null && !RawColumns.blank(text) && !EMPTY.contains(text.strip())) {
                    throw new UserException(
                            "%s has more of %s in column \"%s\", %s \"%s\", or leave it out by --text %s."
                                    .formatted(
                                            cells.places().at(row),
                                            whole,
                                            Excerpt.text(column),
                                            way,
                                            used.get(0),
                                            String.join(",", used)));
                }
            }
        }
    }

    private static Dataset numbered(Dataset data, TaskPreset preset) {
        if (!preset.classes() || !(data.labels() instanceof Labels.Classes classes)) {
            return data;
        }
        if (!classes.names().isEmpty()) {
            return data.withClassNames(preset.classNames());
        }
        for (int row = 0; row < classes.size(); row++) {
            if (classes.of(row) >= preset.classNames().size()) {
                throw new UserException("Label %s in %s is none of the classes of %s (0 to %s)."
                        .formatted(
                                classes.of(row),
                                data.place(row),
                                preset.title(),
                                preset.classNames().size() - 1));
            }
        }
        return data;
    }

    private Labels labels(ColumnRoles roles, RawColumns cells, RowPositions places) {
        return roles.label() == null
                ? new Labels.None()
                : named(
                        roles,
                        new LabelParser(source.location(), roles.label(), places)
                                .parse(cells.of(roles.label()), labelUse()),
                        places);
    }

    /** Returns the labels with the names that the file gives their numbers. */
    private static Labels named(ColumnRoles roles, Labels labels, RowPositions places) {
        List<String> names = roles.classNames();
        if (names.isEmpty() || !(labels instanceof Labels.Classes classes)) {
            return labels;
        }
        for (int row = 0; row < classes.size(); row++) {
            if (classes.of(row) >= names.size()) {
                throw new UserException(
                        "Label %s in %s is none of the classes that the file names (0 to %s: %s); correct it or leave the row out."
                                .formatted(classes.of(row), places.of(row), names.size() - 1, Excerpt.list(names)));
            }
        }
        return new Labels.Classes(classes.values(), names, true);
    }

    private LabelUse labelUse() {
        TaskPreset preset = source.preset();
        if (use != LabelUse.AUTO || preset == null) {
            return use;
        }
        return preset.numbers() ? LabelUse.NUMBERS : LabelUse.CLASSES;
    }

    private Dataset tokens(ColumnRoles roles, RawColumns cells, RowPositions places) {
        List<TokenRow> rows = tokenRows(roles, cells, places);
        Labels labels = new Labels.None();
        if (roles.label() != null) {
            LabelParser parser = new LabelParser(source.location(), roles.label(), places);
            List<@Nullable String> found = cells.of(roles.label());
            labels = found.stream().anyMatch(TokenLists::isList)
                    ? parser.parseTokens(found, rows)
                    : named(roles, parser.parse(found, use), places);
        }
        return Dataset.ofTokens(name, source.location(), names(roles), rows, labels);
    }

    private static List<TokenRow> tokenRows(ColumnRoles roles, RawColumns cells, RowPositions places) {
        List<TokenRow> rows = new ArrayList<>(cells.rows());
        for (int row = 0; row < cells.rows(); row++) {
            long[] ids = list(places, cells, ColumnResolver.INPUT_IDS, row);
            if (ids.length == 0) {
                throw new UserException(
                        "%s has no tokens: its %s is empty.".formatted(places.at(row), ColumnResolver.INPUT_IDS));
            }
            requireWhole(places, row, beside(roles, places, cells, ColumnResolver.ATTENTION_MASK, row, ids));
            requireInOrder(places, row, beside(roles, places, cells, ColumnResolver.POSITION_IDS, row, ids));
            rows.add(new TokenRow(ids, beside(roles, places, cells, TokenRow.TYPE_IDS, row, ids)));
        }
        return rows;
    }

    /**
     * Returns the numbers of a further column for the tokens of a row, one per token; null if there is no such column.
     */
    private static long @Nullable [] beside(
            ColumnRoles roles, RowPositions places, RawColumns cells, String column, int row, long[] ids) {
        if (!roles.texts().contains(column)) {
            return null;
        }
        long[] values = list(places, cells, column, row);
        if (values.length != ids.length) {
            throw new UserException("%s has %s %s for %s %s; there must be as many."
                    .formatted(places.at(row), values.length, column, ids.length, ColumnResolver.INPUT_IDS));
        }
        return values;
    }

    /** Refuses rows with padding, and rows of several packed texts, which some programs number in the mask. */
    private static void requireWhole(RowPositions places, int row, long @Nullable [] masks) {
        for (long mask : masks == null ? new long[0] : masks) {
            if (mask == 0) {
                throw new UserException("%s is padded (%s holds 0); write the rows without padding."
                        .formatted(places.at(row), ColumnResolver.ATTENTION_MASK));
            }
            if (mask != 1) {
                throw new UserException(
                        "%s has %s in %s, where only 1 is read; write packed texts as rows of their own."
                                .formatted(places.at(row), mask, ColumnResolver.ATTENTION_MASK));
            }
        }
    }

    /** Refuses positions that are not 0, 1, 2, …, such as those of packed texts, which start again at 0. */
    private static void requireInOrder(RowPositions places, int row, long @Nullable [] positions) {
        for (int i = 0; positions != null && i < positions.length; i++) {
            if (positions[i] != i) {
                throw new UserException(
                        "%s has %s other than 0, 1, 2, …, which are not read; write packed texts as rows of their own, or leave the column out."
                                .formatted(places.at(row), ColumnResolver.POSITION_IDS));
            }
        }
    }

    private static long[] list(RowPositions places, RawColumns cells, String column, int row) {
        return TokenLists.parse(places, column, row, cells.of(column).get(row));
    }
}
