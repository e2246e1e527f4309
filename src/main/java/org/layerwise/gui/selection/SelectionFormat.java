package org.layerwise.gui.selection;

import static org.layerwise.gui.common.Messages.text;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.layerwise.selection.export.ExportFormat;

/**
 * A format of an exported selection: one of Layerwise, or one that another tool reads.
 *
 * @param title name for users
 * @param purpose one sentence on what the file is for
 * @param fileName default file name; empty if the name depends on model and task
 * @param tool format of another tool; null for one of Layerwise
 * @param needsAnalysis true if the export needs an analysis
 */
public record SelectionFormat(
        String title, String purpose, String fileName, @Nullable ExportFormat tool, boolean needsAnalysis) {

    public static final SelectionFormat SELECTION = own("selection", "selection.json", false);

    /** File of similarities of the reference code, named after model and task. */
    public static final SelectionFormat SIMILARITIES = own("similarities", "", true);

    public static final SelectionFormat COMMAND = own("command", "select.sh", true);

    /** All formats, in the order in which users see them. */
    public static final List<SelectionFormat> ALL = Stream.of(
                    Stream.of(SELECTION),
                    Arrays.stream(ExportFormat.values()).map(SelectionFormat::of),
                    Stream.of(SIMILARITIES, COMMAND))
            .flatMap(formats -> formats)
            .toList();

    /** Returns the format of another tool. */
    public static SelectionFormat of(ExportFormat tool) {
        return new SelectionFormat(tool.title(), tool.purpose(), tool.fileName(), tool, false);
    }

    private static SelectionFormat own(String key, String fileName, boolean needsAnalysis) {
        return new SelectionFormat(
                text("selection.format." + key),
                text("selection.format." + key + ".purpose"),
                fileName,
                null,
                needsAnalysis);
    }
}
