package org.layerwise.data.file;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.Spelling;
import org.layerwise.base.UserException;
import org.layerwise.data.ColumnMapping;
import org.layerwise.data.Excerpt;
import org.layerwise.data.LabelUse;
import org.layerwise.data.TaskPreset;

/**
 * Columns of one file by their role. Names are matched exactly first, then without regard to upper and lower case.
 *
 * @param file file as messages name it
 * @param columns all columns of the file
 */
record ColumnResolver(Path file, List<String> columns) {

    static final String INPUT_IDS = "input_ids";
    static final String ATTENTION_MASK = "attention_mask";
    static final String POSITION_IDS = "position_ids";

    private static final List<String> TEXTS = List.of(
            "text",
            "sentence",
            "sentence1",
            "content",
            "question",
            "premise",
            "review",
            "document",
            "prompt",
            "instruction",
            "query");

    // names of GLUE and SuperGLUE, and of the pairs that sentence encoders are trained on
    private static final List<List<String>> PAIRS = List.of(
            List.of("sentence1", "sentence2"),
            List.of("question1", "question2"),
            List.of("premise", "hypothesis"),
            List.of("question", "sentence"),
            List.of("question", "passage"),
            List.of("question", "answer"),
            List.of("query", "passage"),
            List.of("text1", "text2"),
            List.of("text", "text_pair"),
            List.of("text", "text2"));

    private static final List<String> LABELS = List.of("label", "labels", "class", "target", "score");

    // columns of Alpaca, Dolly and LLaMA-Factory, and of data with questions about a text or with choices, which the
    // prompt of instructions does not use
    private static final List<String> MORE_OF_INSTRUCTIONS = List.of(
            "input",
            "context",
            "system",
            "history",
            "passage",
            "choices",
            "options",
            "article",
            "document",
            "hint",
            "evidence");

    // columns of LLaMA-Factory and TRL, which chat templates are not given
    private static final List<String> MORE_OF_CHATS = List.of("system", "tools");

    /** Text columns, one or two. */
    record Text(String first, @Nullable String second) {
        List<String> names() {
            return second == null ? List.of(first) : List.of(first, second);
        }
    }

    /**
     * Returns true if token ids are read. A text column that is requested by name is read as text, even if the file has
     * token ids.
     */
    boolean pretokenized(ColumnMapping mapping) {
        return columns.contains(INPUT_IDS) && mapping.text() == null;
    }

    boolean has(String column) {
        return columns.contains(column);
    }

    /**
     * Returns the requested text columns, or those with default names.
     *
     * @throws UserException if they are missing
     */
    Text text(ColumnMapping mapping) {
        if (mapping.text() != null) {
            return new Text(
                    require(mapping.text()), mapping.secondText() == null ? null : require(mapping.secondText()));
        }
        for (List<String> pair : PAIRS) {
            Optional<String> first = find(pair.get(0));
            Optional<String> second = find(pair.get(1));
            if (first.isPresent() && second.isPresent()) {
                return new Text(first.get(), second.get());
            }
        }
        String usual = first(TEXTS)
                .orElseThrow(() -> new UserException(
                        "%s has no column named like a text (%s); name it with --text, its columns are %s."
                                .formatted(file, String.join(", ", TEXTS), listed())));
        return new Text(usual, null);
    }

    /**
     * Returns the requested label column, or one with a default name; empty if labels are not needed or missing. A
     * requested column must exist even if labels are not needed, so that a wrong name is reported early.
     *
     * @throws UserException if a requested or needed column is missing
     */
    Optional<String> label(ColumnMapping mapping, LabelUse use) {
        Optional<String> asked = Optional.ofNullable(mapping.label()).map(this::require);
        if (use == LabelUse.IGNORE) {
            return Optional.empty();
        }
        if (asked.isPresent()) {
            return asked;
        }
        Optional<String> usual = first(LABELS);
        if (usual.isEmpty() && use != LabelUse.AUTO) {
            throw new UserException(
                    "%s has no column named like a label (%s); name it with --label, its columns are %s."
                            .formatted(file, String.join(", ", LABELS), listed()));
        }
        return usual;
    }

    /**
     * Returns the requested image column; empty if none is requested, since image columns are never guessed.
     *
     * @throws UserException if it is missing
     */
    Optional<String> image(ColumnMapping mapping) {
        return Optional.ofNullable(mapping.image()).map(this::require);
    }

    /**
     * Returns the columns of a kind of dataset; text columns and a label that are requested by name take precedence.
     *
     * @throws UserException if the file has none of its layouts
     */
    TaskPreset.Layout layout(TaskPreset preset, ColumnMapping mapping) {
        String label = mapping.label() == null ? null : require(mapping.label());
        if (mapping.text() != null) {
            String second = mapping.secondText() == null ? null : require(mapping.secondText());
            boolean pairs = preset.layouts().get(0).second() != null;
            if (pairs != (second != null)) {
                throw new UserException("%s has %s, but --text names %s; name %s or leave --text out."
                        .formatted(
                                preset.title(),
                                pairs ? "two texts a row" : "one text a row",
                                second == null ? "one column" : "two columns",
                                pairs ? "two" : "one"));
            }
            return new TaskPreset.Layout(require(mapping.text()), second, label != null ? label : usualLabel(preset));
        }
        for (TaskPreset.Layout layout : preset.layouts()) {
            Optional<String> first = find(layout.first());
            Optional<String> second = Optional.ofNullable(layout.second()).flatMap(this::find);
            Optional<String> own = Optional.ofNullable(layout.label()).flatMap(this::find);
            if (first.isPresent()
                    && second.isPresent() == (layout.second() != null)
                    && (own.isPresent() || layout.label() == null || label != null)) {
                return new TaskPreset.Layout(
                        first.get(), second.orElse(null), label != null ? label : own.orElse(null));
            }
        }
        return withoutLabel(preset, label)
                .orElseThrow(() -> new UserException("%s has not the columns of %s (%s); its columns are %s%s."
                        .formatted(file, preset.title(), layouts(preset), listed(), nearest(preset))));
    }

    /**
     * Returns the columns with more of an instruction or a conversation, which must be empty; none if text columns are
     * requested by name.
     */
    List<String> unused(TaskPreset preset, ColumnMapping mapping) {
        List<String> more =
                switch (preset.form()) {
                    case INSTRUCTION -> MORE_OF_INSTRUCTIONS;
                    case CHAT -> MORE_OF_CHATS;
                    default -> List.of();
                };
        return mapping.text() != null
                ? List.of()
                : more.stream().map(this::find).flatMap(Optional::stream).toList();
    }

    /**
     * Returns the columns of a layout without its label: test files of GLUE have no labels, and an analysis needs none.
     */
    private Optional<TaskPreset.Layout> withoutLabel(TaskPreset preset, @Nullable String label) {
        return preset.layouts().stream()
                .filter(layout -> find(layout.first()).isPresent()
                        && (layout.second() == null || find(layout.second()).isPresent()))
                .findFirst()
                .map(layout -> new TaskPreset.Layout(
                        require(layout.first()), layout.second() == null ? null : require(layout.second()), label));
    }

    private @Nullable String usualLabel(TaskPreset preset) {
        return preset.layouts().stream()
                .map(TaskPreset.Layout::label)
                .flatMap(Stream::ofNullable)
                .map(this::find)
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(null);
    }

    private static String layouts(TaskPreset preset) {
        return preset.layouts().stream()
                .map(layout -> Stream.of(layout.first(), layout.second(), layout.label())
                        .flatMap(Stream::ofNullable)
                        .collect(Collectors.joining(", ")))
                .collect(Collectors.joining("; or "));
    }

    private String nearest(TaskPreset preset) {
        return preset.layouts().stream()
                .flatMap(layout -> Stream.of(layout.first(), layout.second(), layout.label()))
                .flatMap(Stream::ofNullable)
                .filter(name -> find(name).isEmpty())
                .flatMap(name -> Spelling.nearest(name, columns).stream())
                .findFirst()
                .map(", of which \"%s\" comes nearest"::formatted)
                .orElse("");
    }

    /**
     * Returns a column that must exist.
     *
     * @throws UserException if it does not exist, with the nearest existing name
     */
    String require(String column) {
        return find(column)
                .orElseThrow(() -> new UserException("%s has no column \"%s\"%s; its columns are %s."
                        .formatted(
                                file,
                                column,
                                Spelling.nearest(column, columns)
                                        .map(" (the nearest one is \"%s\")"::formatted)
                                        .orElse(""),
                                listed())));
    }

    private Optional<String> first(List<String> names) {
        return names.stream().map(this::find).flatMap(Optional::stream).findFirst();
    }

    /**
     * Returns the column with a name; empty if there is none.
     *
     * @throws UserException if none has exactly this name, and several have it in upper and lower case
     */
    Optional<String> find(String name) {
        if (columns.contains(name)) {
            return Optional.of(name);
        }
        List<String> alike =
                columns.stream().filter(column -> column.equalsIgnoreCase(name)).toList();
        if (alike.size() > 1) {
            throw Header.alike(file, alike);
        }
        return alike.stream().findFirst();
    }

    private String listed() {
        return Excerpt.list(columns);
    }
}
