package org.layerwise.gui.model;

import static org.layerwise.gui.common.Messages.text;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.jspecify.annotations.Nullable;
import org.layerwise.gui.common.NumberTexts;
import org.layerwise.gui.session.StudySession;
import org.layerwise.study.model.ModelInspection;
import org.layerwise.study.model.OpenModel;

/** Tensors of the open model, grouped by layer and filtered by a search. */
public final class ArchitectureViewModel {

    private static final int NAMED = 2;

    /**
     * A group of tensors: those of a layer, or those before or after the layers.
     *
     * @param layer layer, 0-based; empty for tensors outside of the layers
     */
    public record Group(String name, OptionalInt layer, List<ModelInspection.Row> rows) {

        public long parameters() {
            return rows.stream().mapToLong(ModelInspection.Row::parameters).sum();
        }

        /** Returns the data types in which the tensors are stored. */
        public String types() {
            return rows.stream()
                    .map(ModelInspection.Row::dtype)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(", "));
        }
    }

    private final StringProperty search = new SimpleStringProperty("");
    private final ReadOnlyObjectWrapper<List<Group>> shown = new ReadOnlyObjectWrapper<>(List.of());
    private @Nullable ModelInspection inspection;

    public ArchitectureViewModel(StudySession session) {
        search.addListener((observable, was, is) -> filter());
        session.modelProperty().subscribe(this::show);
    }

    /** Search text: a part of a name, a shape or a data type; empty for all tensors. */
    public StringProperty searchProperty() {
        return search;
    }

    /**
     * Groups with the tensors that match the search, in the order of the computation. Groups without matches are left
     * out.
     */
    public ReadOnlyObjectProperty<List<Group>> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** Returns true if a search text is set. */
    public boolean searching() {
        return !search.get().isBlank();
    }

    /** Returns one line with the number of tensors and parameters shown. */
    public String total() {
        return text(
                "architecture.total",
                NumberTexts.exact(rows().count()),
                NumberTexts.exact(
                        rows().mapToLong(ModelInspection.Row::parameters).sum()));
    }

    /** Returns the number of parameters shown for each stored data type, one line per type. */
    public String byType() {
        return rows()
                .collect(Collectors.groupingBy(
                        ModelInspection.Row::dtype,
                        TreeMap::new,
                        Collectors.summingLong(ModelInspection.Row::parameters)))
                .entrySet()
                .stream()
                .map(type -> type.getKey() + ": " + text("exact.parameters", NumberTexts.exact(type.getValue())))
                .collect(Collectors.joining("\n"));
    }

    private Stream<ModelInspection.Row> rows() {
        return shown.get().stream().flatMap(group -> group.rows().stream());
    }

    /** Returns one sentence about missing and unused tensors in the files; empty if there are none. */
    public String note() {
        ModelInspection known = inspection;
        if (known == null) {
            return "";
        }
        List<String> notes = new ArrayList<>();
        if (!known.missing().isEmpty()) {
            notes.add(text("architecture.missing", known.missing().size(), few(known.missing())));
        }
        if (!known.unused().isEmpty()) {
            notes.add(text("architecture.unused", known.unused().size(), few(known.unused())));
        }
        return String.join(" ", notes);
    }

    /** Returns all names behind the note, one per line. */
    public String noted() {
        ModelInspection known = inspection;
        if (known == null) {
            return "";
        }
        List<String> names = new ArrayList<>(known.missing());
        names.addAll(known.unused());
        return String.join("\n", names);
    }

    /** Returns the shown tensors as tab-separated values, one line per tensor below a header line. */
    public String tsv() {
        StringBuilder table = new StringBuilder("layer\tmodule\tshape\tdtype\tparameters\n");
        for (Group group : shown.get()) {
            String layer =
                    group.layer().isPresent() ? String.valueOf(group.layer().getAsInt()) : "";
            for (ModelInspection.Row row : group.rows()) {
                table.append(layer).append('\t').append(row.module()).append('\t');
                table.append(row.shapeText()).append('\t').append(row.dtype()).append('\t');
                table.append(row.parameters()).append('\n');
            }
        }
        return table.toString();
    }

    private static String few(List<String> names) {
        String first = NumberTexts.list(names.subList(0, Math.min(NAMED, names.size())));
        return names.size() <= NAMED ? first : text("architecture.more", first, names.size() - NAMED);
    }

    private void show(@Nullable OpenModel model) {
        inspection = model == null ? null : model.inspection();
        search.set("");
        filter();
    }

    private void filter() {
        ModelInspection known = inspection;
        if (known == null) {
            shown.set(List.of());
            return;
        }
        String wanted = search.get().strip().toLowerCase(Locale.ROOT);
        Map<String, List<ModelInspection.Row>> rows = new LinkedHashMap<>();
        Map<String, OptionalInt> layers = new LinkedHashMap<>();
        boolean after = false;
        for (ModelInspection.Row row : known.rows()) {
            after |= row.layer().isPresent();
            String name = row.layer().isPresent()
                    ? text("selection.layer", row.layer().getAsInt())
                    : text(after ? "architecture.after" : "architecture.before");
            if (matches(row, name, wanted)) {
                rows.computeIfAbsent(name, group -> new ArrayList<>()).add(row);
                layers.put(name, row.layer());
            }
        }
        shown.set(rows.entrySet().stream()
                .map(group -> new Group(
                        group.getKey(),
                        layers.getOrDefault(group.getKey(), OptionalInt.empty()),
                        List.copyOf(group.getValue())))
                .toList());
    }

    private static boolean matches(ModelInspection.Row row, String group, String wanted) {
        return wanted.isEmpty()
                || row.module().toLowerCase(Locale.ROOT).contains(wanted)
                || row.shapeText().contains(wanted)
                || row.dtype().toLowerCase(Locale.ROOT).equals(wanted)
                || group.toLowerCase(Locale.ROOT).equals(wanted);
    }
}
