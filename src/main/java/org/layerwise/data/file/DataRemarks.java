package org.layerwise.data.file;

import java.util.List;
import java.util.Optional;
import org.layerwise.data.Excerpt;
import org.layerwise.data.TaskPreset;
import org.layerwise.data.TextForm;

/** Remarks on data that were read, but perhaps not as their author means them. */
final class DataRemarks {

    private DataRemarks() {}

    /**
     * Returns the remarks, one sentence each.
     *
     * @param roles columns of the first file
     */
    static List<String> of(DataSource source, ColumnRoles roles) {
        return unusedColumns(source, roles).stream().toList();
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
}
