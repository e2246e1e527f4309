package org.layerwise.data.file;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.layerwise.data.Dataset;
import org.layerwise.data.Excerpt;
import org.layerwise.data.Labels;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.TextForm;

/** Remarks on data that were read, but perhaps not as their author means them. */
final class DataRemarks {

    // what pandas, and so HuggingFace's datasets, read as missing in separated values
    private static final Set<String> MISSING =
            Set.of("NA", "N/A", "n/a", "<NA>", "#N/A", "#N/A N/A", "#NA", "NULL", "null", "None");

    private DataRemarks() {}

    /**
     * Returns the remarks, one sentence each.
     *
     * @param roles columns of the first file
     */
    static List<String> of(DataSource source, ColumnRoles roles, Dataset data) {
        return Stream.of(unusedColumns(source, roles), missingLabels(roles, data))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns a remark on texts that a preset of many datasets does not use, unless the user named the columns. */
    private static Optional<String> unusedColumns(DataSource source, ColumnRoles roles) {
        TaskPreset preset = source.preset();
        boolean general = roles.form() == TextForm.INSTRUCTION || roles.form() == TextForm.CHAT;
        if (preset == null || !general || source.columns().text() != null) {
            return Optional.empty();
        }
        List<String> unused = roles.all().stream()
                .filter(Column::texts)
                .map(Column::name)
                .filter(name -> !roles.names().contains(name))
                .toList();
        return unused.isEmpty()
                ? Optional.empty()
                : Optional.of("Columns of %s that the preset %s does not use: %s."
                        .formatted(roles.file(), preset.id(), Excerpt.list(unused)));
    }

    private static Optional<String> missingLabels(ColumnRoles roles, Dataset data) {
        FileFormat format = FileFormat.of(roles.file());
        if ((format != FileFormat.CSV && format != FileFormat.TSV)
                || roles.label() == null
                || !(data.labels() instanceof Labels.Classes classes)) {
            return Optional.empty();
        }
        String found = classes.counts().entrySet().stream()
                .filter(each -> MISSING.contains(each.getKey()))
                .map(each -> "\"%s\" in %s".formatted(each.getKey(), Excerpt.count(each.getValue(), "row")))
                .collect(Collectors.joining(", "));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                "Column \"%s\" of %s names classes that other programs read as a missing label (%s); leave these rows out if they have no label."
                        .formatted(Excerpt.text(roles.label()), data.location(), found));
    }
}
